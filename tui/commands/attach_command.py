"""`nn-tui attach`: the dashboard of a training that runs in another process."""

from typing import TYPE_CHECKING

import click

from ..config import configured
from ..text.safe import safe
from .step_command import is_terminal

if TYPE_CHECKING:
    from ...presets.live.live_training import LiveTraining
    from ...presets.live.living import Living


@click.command("attach")
@click.argument("training", metavar="[PID | PATH]", required=False)
@click.option("--list", "lists", is_flag=True, help="List your trainings, the newest first.")
@click.option(
    "--json", "as_json", is_flag=True, help="Write the losses of the steps as lines of JSON instead of opening it."
)
def attach_command(training: str | None, lists: bool, as_json: bool) -> int:
    """Debug a PyTorch training that is running.

    PID is the number of its process, PATH the path of its socket. Without either, your only training opens, or your
    trainings are listed. If you leave the dashboard, the training continues.
    """
    from ...presets.live.living import check_process, living, path_of
    from ...presets.live.meeting import greet
    from ...presets.live.wire import WireError, dashboard_end

    try:
        found = [] if training else living()
        if lists or len(found) > 1:
            return _list(found or living())
        if not training and not found:
            raise click.UsageError(
                "no training to attach to: start one with nn-tui run train.py, or call nn_tui.watch in your script"
            )
        if training:
            check_process(training)
        connection, hello = greet(path_of(training) if training else found[0].path)
    except WireError as error:
        raise click.UsageError(str(error)) from None
    from ...presets.live.live_training import LiveTraining

    live = LiveTraining(lambda: dashboard_end(connection), hello.script, hello)
    if as_json or not is_terminal():
        from .live_output import write_steps

        write_steps(live, as_json=as_json)
        return 0
    return show_live_training(live)[0]


def _list(found: "list[Living]") -> int:
    for each in found:
        hello = each.hello
        ranks = f", rank {hello.rank} of {hello.ranks}" if hello.ranks > 1 else ""
        click.echo(safe(f"{hello.pid}  {hello.script}{ranks}  {each.path}"))
    click.echo("nn-tui attach PID opens one of them." if found else "no training is watched now")
    return 0


def show_live_training(live: "LiveTraining") -> tuple[int, bool]:
    """Show a training on the screen; the exit status, and whether Ctrl+C has ended it."""
    from ..app import NNApp
    from ..terminal.signals import run_app

    app = NNApp(live.name, config=configured({}).config, live=live)
    run_app(app)
    live.close()
    return app.return_code or 0, app.was_interrupted
