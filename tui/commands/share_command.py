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
@click.option("--short", is_flag=True, help="Name the preset, which comes with nn-tui, instead of writing all of it.")
@OUTPUT
@overriding
def share_command(target: str, step: int | None, short: bool, output: Path | None, **changes: Any) -> int:
    """Write one step of TARGET as a line of text to share.

    nn-tui open shows the same numbers from that line on another computer. The line contains the preset and all its
    examples, and names no file. With --short it has less than a hundred characters, and opens where nn-tui has the same
    preset.
    """
    from ...core.timeline.dump import dump
    from ...presets.opened import NOWHERE
    from ...presets.sessions.share_link import check_begins_anew, share_link, short_share_link

    opened = training_of(target, changes, step, is_whole=True)
    _, backward, _ = at_step(opened, step, "shared")
    saved = dump(opened.timeline)
    check_begins_anew(saved, opened.preset.name)
    write = short_share_link if short else share_link
    line = write(opened.preset, NOWHERE, saved.changes, backward.state.step, saved.arithmetic)
    write_text(line, output)
    return 0
