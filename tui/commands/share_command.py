"""`nn-tui share`: a step as a line of text."""

from pathlib import Path
from typing import Any

import click

from .option_types import TARGET
from .output import OUTPUT, write_text
from .overrides import overriding
from .target import STEP, at_step, training_of


@click.command("share")
@click.argument("target", type=TARGET)
@STEP
@OUTPUT
@overriding
def share_command(target: str, step: int | None, output: Path | None, **changes: Any) -> int:
    """Write one step of TARGET as a line of text to share.

    nn-tui open shows the same numbers from that line on another computer. The line contains the preset and all its
    examples, and names no file.
    """
    from ...core.debugger.dump import dump
    from ...presets.sessions.opened import NOWHERE
    from ...presets.sessions.share_link import share_link

    opened = training_of(target, changes, step, is_whole=True)
    _, backward, _ = at_step(opened, step, "shared")
    saved = dump(opened.timeline)
    line = share_link(opened.preset, NOWHERE, saved.changes, backward.state.step, saved.arithmetic)
    write_text(line, output)
    return 0
