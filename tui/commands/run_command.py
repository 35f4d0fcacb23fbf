"""`nn-tui run`: a PyTorch script in a process of its own, and its training in the dashboard."""

import signal
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, TextIO

import click

from ..text.safe import safe
from .attach_command import show_live_training
from .step_command import is_terminal

if TYPE_CHECKING:
    from ...presets.live.channel import Channel
    from ...presets.live.script_process import ScriptProcess

RUNNER = ("-m", "nn_tui.presets.pytorch.script_runner")
"""The module that runs a script so that a dashboard can attach to its training."""
PATIENCE = 600.0
"""Most seconds before a script starts to train."""
EVERY = 0.05
SHOWN = 40
"""How many of the last lines of output are written again if the script fails."""
INTERRUPTED = 130


@click.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option(
    "--python",
    metavar="PROGRAM",
    help="The Python that runs the script; by default that of the active virtual environment.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Run without a screen, and write the losses of the steps as lines of JSON."
)
@click.argument("script", type=click.Path(exists=True, dir_okay=False))
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def run_command(python: str | None, as_json: bool, script: str, args: tuple[str, ...]) -> int:
    """Run a PyTorch SCRIPT and debug its training.

    The dashboard opens paused at the first step. ARGS are the arguments of the script, which needs no change. q leaves
    the dashboard, and the script continues in this terminal; Ctrl+C ends both. The exit status is the script's.
    """
    from ...presets.live.live_training import LiveTraining
    from ...presets.live.script_process import ScriptProcess, interpreter

    try:
        process = ScriptProcess([python or interpreter(), *RUNNER, script, *args], {})
    except OSError as error:
        raise click.UsageError(f"{python or interpreter()}: {error.strerror or error}") from None
    live = LiveTraining(lambda: _meet(process), Path(script).name, prints_here=True)
    if as_json or not is_terminal():
        from .live_output import write_steps

        process.follow(lambda *lines: click.echo("\n".join(lines), err=as_json), lambda _: None)
        try:
            write_steps(live, as_json=as_json)
        except click.UsageError as error:
            click.echo(f"nn-tui: {error.message}", err=True)
        except (KeyboardInterrupt, BrokenPipeError):
            process.end()
            raise
        return _finish(process, sys.stderr if as_json else sys.stdout)
    process.follow(live.print, lambda status: live.print(f"{live.name} ended with exit status {status}"))
    fault, was_interrupted = show_live_training(live)
    process.wait(EVERY)
    if was_interrupted and process.status is None:
        process.end()
        return INTERRUPTED
    if process.status:
        click.echo("\n".join(map(safe, live.lines[-SHOWN:])), err=True)
    if process.status is None:
        click.echo(f"nn-tui: {script} continues; nn-tui attach {process.pid} opens it again, Ctrl+C ends it", err=True)
    return fault or _finish(process, sys.stdout)


def _meet(process: "ScriptProcess") -> "Channel | None":
    """A connection to the script as soon as it can be attached to; None if it ends before that."""
    from ...presets.live.living import path_of
    from ...presets.live.meeting import connect
    from ...presets.live.wire import WireError, dashboard_end

    path, end = path_of(str(process.pid)), monotonic() + PATIENCE
    while process.status is None and monotonic() < end:
        try:
            return dashboard_end(connect(path))
        except WireError:
            sleep(EVERY)
    return None


def _finish(process: "ScriptProcess", into: TextIO) -> int:
    """Write the script's output until it ends, and return its exit status."""
    signal.signal(signal.SIGINT, lambda *_: process.interrupt())

    def write(data: bytes) -> None:
        try:
            into.buffer.write(data)
            into.buffer.flush()
        except BrokenPipeError:
            process.end()
            raise

    return process.pass_on(write)
