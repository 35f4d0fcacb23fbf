"""`nn-tui open`: resume a saved training."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..config import configured
from ..text.safe import safe
from .against import AGAINST, at
from .dashboard_command import show, show_beside
from .option_types import FILE_NAME, TARGET
from .target import STEP, training_of

if TYPE_CHECKING:
    from ...presets.opened import Opened


@click.command("open")
@click.argument("source", type=TARGET, metavar="[TARGET]", required=False)
@click.option("--list", "lists", is_flag=True, help="List the sessions saved automatically, newest first.")
@click.option("--data", type=FILE_NAME, help="The data file that a session names, if it has been moved.")
@AGAINST
@STEP
@click.option("--trace", is_flag=True, help="Write the current step as a line of JSON instead of opening it.")
def open_command(
    source: str | None, lists: bool, data: str | None, against: Path | None, step: int | None, trace: bool
) -> int:
    """Open TARGET; without TARGET, resume the last session.

    TARGET is, for example, a session file or a line from nn-tui share.
    """
    if lists:
        return _list()
    from ...presets.sessions.autosave import newest_autosave

    config = configured({}).config
    target = str(newest_autosave()) if source is None else source
    if trace and against is not None:
        raise click.UsageError("--trace, --against: expected one of them, got both; nn-tui verify writes what it finds")
    changes = {"data": data} if data else {}
    if trace:
        return _write(at(training_of(target, changes, config=config), step))
    is_plain = against is None and step is None
    return show(target, {}, changes) if is_plain else show_beside(target, {}, changes, against, step)


def _list() -> int:
    from ...presets.sessions.autosave import autosaves
    from ..dialogs.picker_items import session_item, whole

    for entry in map(whole, map(session_item, autosaves())):
        click.echo(safe(entry.fault or f"{entry.session}: {entry.target}, {entry.place}"))
    return 0


def _write(opened: "Opened") -> int:
    from ...presets.export.as_json import traces_in_lines

    trainer, state = opened.timeline.trainer, opened.timeline.state()
    click.echo(traces_in_lines([trainer.backward(trainer.forward(state))]))
    return 0
