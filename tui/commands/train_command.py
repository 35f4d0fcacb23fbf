"""`nn-tui train`: train without a screen."""

import sys
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ..config import configured
from ..text.numbers import count, percent, plain, short
from ..text.safe import safe
from .option_types import AT_LEAST_0, FILE_NAME, TARGET
from .output import say_data
from .overrides import overriding
from .target import training_of

if TYPE_CHECKING:
    from ...core.steps.events import Failed, Finished
    from ...core.steps.stop import Stop
    from ...core.timeline.timeline import Timeline
    from ...core.training.trainer import Trainer
    from ...presets.opened import Opened
    from .train_output import Progress, SessionRecorder

FAILED = 3
"""Exit status if training failed."""
MOST_ERRORS = 4
"""Outputs whose errors are in the sentence at the end."""
LINES_AT_ONCE = 64
"""Lines of a trace that are written together."""


@click.command("train")
@click.argument("target", type=TARGET, required=False)
@click.option("--steps", type=AT_LEAST_0, help="Stop after this many updates, counted from the start of the training.")
@click.option("--epochs", type=AT_LEAST_0, help="Stop after this many epochs.")
@click.option("--save", type=FILE_NAME, help="Save the session in this file, even if interrupted.")
@click.option("--resume", type=FILE_NAME, metavar="FILE", help="Resume the session in this file, instead of TARGET.")
@click.option("--trace", is_flag=True, help="Write every step as a line of JSON, the last step included.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON: train_loss, test_loss and more.")
@overriding
def train_command(
    target: str | None,
    steps: int | None,
    epochs: int | None,
    save: str | None,
    resume: str | None,
    trace: bool,
    as_json: bool,
    **changes: Any,
) -> int:
    """Train TARGET without a screen.

    TARGET is a preset's name, a TOML file, a session file, a shared line or, with --data, a shape such as 4-8-3. A
    session resumes at its saved step; --learning-rate, --optimizer, --loss, --activation and --batch-size change it
    from there on.

    Training stops after --steps or --epochs, or earlier with --patience; by default at the preset's stop.
    The exit status is 3 if training failed because a number was no longer finite.
    """
    if trace and as_json:
        raise click.UsageError("--trace, --json: expected one of them, got both")
    from ...core.steps.stop import NEVER, Stop, Watched
    from ...presets.atomic_write import file_at
    from ..terminal.signals import exits_on_signals
    from .train_output import Progress, SessionRecorder

    opened = _opened(target, resume, changes, save is not None)
    stop = opened.experiment.stop
    if steps is not None or epochs is not None:
        is_asked = changes["patience"] is not None  # --steps and --epochs override the stop of the preset
        watched, patience = (stop.watched, stop.patience) if is_asked else (Watched.NOTHING, None)
        stop = Stop(steps=steps, epochs=epochs, patience=patience, watched=watched)
    if stop == NEVER:
        raise click.UsageError("--steps, --epochs: expected one of them, as nothing else says when training ends")
    began, first = perf_counter(), opened.timeline.position.step
    with Progress(stop, sys.stderr) as progress, ExitStack() as stack:
        keeping = None
        if save is not None:
            signals = stack.enter_context(exits_on_signals())
            keeping = stack.enter_context(SessionRecorder(opened, file_at(save), signals))
        end = _train(opened.timeline, progress, trace, keeping)
    result = _result(opened.timeline.trainer, end, first, perf_counter() - began)
    if as_json:
        click.echo(msgspec.json.encode(result))
    elif not trace:
        click.echo(_sentence(result))
    _say_why_early(stop, end)
    _say_dead_layers(opened.timeline.trainer, end)
    return _status(end)


def _opened(target: str | None, resume: str | None, changes: dict[str, Any], is_kept: bool) -> "Opened":
    """A training at its start, or at the newest step of a session's branch.

    A saved training contains the examples of its file. Options change a session from its saved step on.
    """
    if resume is not None:
        from ...presets.reopened import opened

        if target is not None or any(value is not None for name, value in changes.items() if name != "data"):
            raise click.UsageError("--resume: expected neither TARGET nor options that change a preset with it")
        config, data = configured({}).config, changes["data"]
        found = opened(resume, config.budget, config.examples_budget, data and Path(data))
    elif target is not None:
        found = training_of(target, changes, is_whole=is_kept)
        say_data(found.experiment.trainer.train)
    else:
        raise click.UsageError("Missing argument 'TARGET': expected it, or --resume FILE")
    found.timeline.go_to(found.timeline.branch.newest)
    return found


def _train(
    timeline: "Timeline", progress: "Progress", trace: bool, keeping: "SessionRecorder | None"
) -> "Finished | Failed":
    from ...core.steps.events import BackwardPass, Failed, Finished
    from ...core.training.in_bursts import state_before_end
    from ...presets.export.as_json import traces_in_lines

    trainer, state = timeline.trainer, timeline.state()
    if keeping and not trace:
        state = keeping.state_before_end(progress.stop, progress.show)
    elif not trace:
        state = state_before_end(trainer, state, progress.stop, progress.show)
    untraced: list[BackwardPass] = []
    try:
        for event in trainer.events(state, progress.stop):
            if keeping:
                keeping.note(event)
            match event:
                case BackwardPass():
                    progress.show(event.state)
                    if trace:
                        untraced.append(event)
                        if len(untraced) == LINES_AT_ONCE:
                            click.echo(traces_in_lines(untraced))
                            untraced.clear()
                case Finished() | Failed():
                    return event
    finally:
        if untraced:
            click.echo(traces_in_lines(untraced))
    raise AssertionError("a training ends with Finished or Failed")


def _say_why_early(stop: "Stop", end: "Finished | Failed") -> None:
    """Name the best epoch, if training stopped because of patience."""
    from ...core.steps.events import Finished

    if isinstance(end, Finished) and (reason := stop.reason(end.backward)).startswith("patience"):
        click.echo(f"nn-tui: stopped by {reason}", err=True)


def _say_dead_layers(trainer: "Trainer", end: "Finished | Failed") -> None:
    """Name the relu layers that are dead for every example."""
    from ...core.steps.events import Finished
    from ...core.training.dead_units import dead_layers, dead_units, dead_units_text

    state = end.backward.state if isinstance(end, Finished) else end.state
    dead = dead_units(trainer.network, trainer.forward_on(state, trainer.train.X, trainer.train.y))
    if layers := dead_layers(trainer.network, dead):
        named = dead_units_text(trainer.network, {n: dead[n] for n in layers})
        click.echo(f"nn-tui: dead: {named}: z is 0 or less for every example, so no gradient passes back", err=True)


def _result(trainer: "Trainer", end: "Finished | Failed", first: int, seconds: float) -> dict[str, Any]:
    from ...core.steps.events import Finished
    from ...presets.prediction import root_mean_squares
    from ..text.picture.confusion import confusion_data

    state = end.backward.state if isinstance(end, Finished) else end.state
    train = trainer.evaluate(state, trainer.train)
    test = trainer.evaluate(state, trainer.test) if trainer.test else None
    return {
        "step": state.step,
        "epoch": state.epoch,
        "train_loss": train.loss,
        "train_accuracy": train.accuracy,
        "test_loss": test.loss if test else None,
        "test_accuracy": test.accuracy if test else None,
        "train_rmse": root_mean_squares(trainer, state, trainer.train),
        "test_rmse": root_mean_squares(trainer, state, trainer.test),
        "seconds": seconds,
        "steps_per_second": (state.step - first) / seconds if state.step > first else None,
        **{f"{name}_confusion": each for name, each in confusion_data(trainer, state).items()},
        "engine": trainer.engine.name,
        "engine_reason": trainer.engine.reason,
        "arithmetic": trainer.arithmetic.name,
    }


def _sentence(result: dict[str, Any]) -> str:
    parts = [f"step {count(result['step'])}", f"epoch {count(result['epoch'])}"]
    for name, word in (("train", "train"), ("test", "held-out")):
        loss, accuracy = result[f"{name}_loss"], result[f"{name}_accuracy"]
        parts += [f"{word} loss {plain(loss)}"] if loss is not None else []
        parts += [f"{word} accuracy {percent(accuracy)}"] if accuracy is not None else []
        if errors := result[f"{name}_rmse"]:
            shown = [short(float(f"{each:.4g}")) for each in errors[:MOST_ERRORS]]
            parts.append(f"{word} RMSE {' '.join(shown)}")
    pace = result["steps_per_second"]
    speed = [f"{count(pace)} updates/s"] if pace is not None else []
    return "  ".join([*parts, f"{result['seconds']:.2f} s", *speed])


def _status(end: "Finished | Failed") -> int:
    from ...core.steps.events import Failed

    if isinstance(end, Failed):
        click.echo(f"nn-tui: {safe(end.reason)}", err=True)
        return FAILED
    return 0
