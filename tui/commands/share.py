"""`nn-tui share`: a step as a line of text."""

from pathlib import Path
from typing import Any

import click

from ...presets.catalogue import folder_of
from .output import OUTPUT, write_text
from .overrides import overriding, preset_with
from .step_option import STEP, at_step


@click.command()
@click.argument("target")
@STEP
@OUTPUT
@overriding
def share(target: str, step: int, output: Path | None, **changes: Any) -> int:
    """Write a step of TARGET as a line of text that nn-tui open shows the same numbers of, anywhere.

    The preset is in it with all its examples; it names no file.
    """
    from ...presets.examples import complete
    from ...presets.sessions.shared import line_of

    folder = folder_of(target)
    preset = complete(preset_with(target, **changes), folder)
    at_step(preset, folder, step, "shared")
    write_text(line_of(preset, folder, (), step), output)
    return 0
