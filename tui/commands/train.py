"""`nn-tui train`: train without a screen."""

import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ...presets.catalogue import folder_of
from ..text.numbers import count, percent, plain
from ..text.safe import safe
from .option_types import AT_LEAST_0, TARGET
from .overrides import overriding, preset_with

if TYPE_CHECKING:
    from ...core.training.events import Failed, Finished
    from ...core.training.experiment import Experiment
    from .progress import Progress

FAILED = 3
"""Exit status where training could not go on."""


@click.command()
@click.argument("target", type=TARGET)
@click.option("--steps", type=AT_LEAST_0, help="Stop after so many updates.")
@click.option("--epochs", type=AT_LEAST_0, help="Stop after so many epochs.")
@click.option("--trace", is_flag=True, help="Write every step, the one to stop at included, as a line of JSON.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
@overriding
def train(target: str, steps: int | None, epochs: int | None, trace: bool, as_json: bool, **changes: Any) -> int:
    """Train TARGET without a screen.

    TARGET is a preset's name, a TOML file, or a shape such as 4-8-3 with --data.

    Training stops where --steps or --epochs say, and without them where the preset does.
    Exit status 3 says that it could not go on, because a number was no longer finite.
    """
    if trace and as_json:
        raise click.UsageError("--trace, --json: expected one of them, got both")
    from ...core.training.stop import NEVER, Stop
    from ...presets.build import build
    from .progress import Progress

    experiment = build(preset_with(target, **changes), folder_of(target))
    stop = experiment.stop if steps is None and epochs is None else Stop(steps=steps, epochs=epochs)
    if stop == NEVER:
        raise click.UsageError("--steps, --epochs: expected one of them, as the preset does not say where to stop")
    began = perf_counter()
    with Progress(stop, sys.stderr) as progress:
        end = _train(experiment, progress, trace)
    result = _result(experiment, end, perf_counter() - began)
    if as_json:
        click.echo(msgspec.json.encode(result))
    elif not trace:
        click.echo(_sentence(result))
    return _status(end)


def _train(experiment: "Experiment", progress: "Progress", trace: bool) -> "Finished | Failed":
    from ...core.training.events import BackwardPass, Failed, Finished
    from ..text.trace import trace as trace_of

    for event in experiment.trainer.events(experiment.start, progress.stop):
        match event:
            case BackwardPass():
                progress.show(event.state)
                if trace:
                    click.echo(msgspec.json.encode(trace_of(event)))
            case Finished() | Failed():
                return event
    raise AssertionError("a training ends with Finished or Failed")


def _result(experiment: "Experiment", end: "Finished | Failed", seconds: float) -> dict[str, Any]:
    from ...core.training.events import Finished

    trainer = experiment.trainer
    state = end.backward.state if isinstance(end, Finished) else end.state
    train = trainer.evaluate(state, trainer.train)
    test = trainer.evaluate(state, trainer.test) if trainer.test else None
    return {
        "step": state.step,
        "epoch": state.epoch,
        "loss": train.loss,
        "test_loss": test.loss if test else None,
        "accuracy": (test or train).accuracy,
        "seconds": seconds,
        "steps_per_second": state.step / seconds,
    }


def _sentence(result: dict[str, Any]) -> str:
    parts = [f"step {count(result['step'])}", f"epoch {count(result['epoch'])}", f"loss {plain(result['loss'])}"]
    if result["test_loss"] is not None:
        parts.append(f"test loss {plain(result['test_loss'])}")
    if result["accuracy"] is not None:
        parts.append(f"accuracy {percent(result['accuracy'])}")
    return "  ".join([*parts, f"{result['seconds']:.2f} s", f"{count(result['steps_per_second'])} updates/s"])


def _status(end: "Finished | Failed") -> int:
    from ...core.training.events import Failed

    if isinstance(end, Failed):
        click.echo(f"nn-tui: {safe(end.reason)}", err=True)
        return FAILED
    return 0
