"""`nn-tui open`: a training where it was left."""

from typing import TYPE_CHECKING

import click

from ..config import configured
from ..text.safe import safe
from .dashboard_command import show
from .option_types import TARGET
from .target import training_of

if TYPE_CHECKING:
    from ...presets.sessions.opened import Opened


@click.command("open")
@click.argument("source", type=TARGET, metavar="[TARGET]", required=False)
@click.option("--list", "lists", is_flag=True, help="Tell which sessions the last runs have kept, the newest first.")
@click.option("--trace", is_flag=True, help="Write the step where it opens as a line of JSON, without a screen.")
def open_command(source: str | None, lists: bool, trace: bool) -> int:
    """Open TARGET, as a session file or the line that nn-tui share wrote; without one, the last session."""
    if lists:
        return _list()
    from ...presets.sessions.autosave import newest_autosave

    config = configured({}).config
    target = source or str(newest_autosave())
    return _write(training_of(target, {}, budget=config.budget)) if trace else show(target, {}, {})


def _list() -> int:
    from ...presets.sessions.autosave import autosaves
    from ..dialogs.picker_items import entry_of

    for entry in map(entry_of, autosaves()):
        click.echo(safe(entry.fault or f"{entry.session}: {entry.target}, {entry.place}"))
    return 0


def _write(opened: "Opened") -> int:
    from ...presets.export.as_json import trace_line

    trainer, state = opened.timeline.trainer, opened.timeline.state()
    click.echo(trace_line(trainer.backward(trainer.forward(state))))
    return 0
