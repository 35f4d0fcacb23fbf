"""`nn-tui export`: a step, or the way to it, for other programs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...presets.catalogue import folder_of
from .data_line import say_data
from .option_types import TARGET
from .output import OUTPUT, write_data
from .overrides import overriding, preset_with
from .step_option import FARTHEST, run_to

if TYPE_CHECKING:
    from ...presets.sessions.opened import Opened

TEXTS = ("csv", "json", "toml")
BINARIES = ("npz", "safetensors")
TABLES = ("csv", "json")


@click.command()
@click.argument("target", type=TARGET, metavar="TARGET|FILE")
@click.option(
    "--step", type=click.IntRange(0, FARTHEST), help="After so many updates; else 0, or where a session was left."
)
@click.option("--history", is_flag=True, help="Every step up to that one, a row each, as csv or json.")
@click.option("--format", "form", type=click.Choice([*TEXTS, *BINARIES]), required=True)
@OUTPUT
@overriding
def export(target: str, step: int | None, history: bool, form: str, output: Path | None, **changes: Any) -> int:
    """Write a step of TARGET, or of a session file or shared line, for other programs.

    csv and json are every number of the step, as train --trace has them. toml is the preset with the weights of the
    step, which opens again to the same numbers; the optimizer's memory is no part of it. npz and safetensors are the
    weights, under the names that PyTorch's Sequential(Linear, activation, Linear, …) gives them.

    With --history they are the batch_loss and batch_accuracy of each step up to it, test_loss and test_accuracy where
    an epoch ends, and of each layer the length of its gradient and of its change beside its weights.
    """
    if output is None and form in BINARIES and sys.stdout.isatty():
        raise click.UsageError(f"--output: expected a file, as {form} is nothing to read on a terminal")
    if history and form not in TABLES:
        raise click.UsageError(f"--history: expected --format csv or json with it, got {form}")
    opened = _opened(target, changes)
    data = _history(opened, form, step) if history else _step(opened, form, step)
    write_data(data, output)
    return 0


def _opened(target: str, changes: dict[str, Any]) -> "Opened":
    """The training that was kept, or the one that a preset begins."""
    from ...core.running.timeline import Timeline
    from ...presets.build import build
    from ...presets.examples import complete
    from ...presets.sessions.opened import Opened, opened
    from ...presets.sessions.session import is_session
    from ...presets.sessions.shared import is_shared

    if is_shared(target) or is_session(Path(target)):
        if any(value is not None for value in changes.values()):
            raise click.UsageError("TARGET: expected no options that change a preset with a session")
        return opened(target)
    folder = folder_of(target)
    preset = complete(preset_with(target, **changes), folder)
    experiment = build(preset, folder)
    say_data(experiment.trainer.train)
    return Opened(preset=preset, experiment=experiment, timeline=Timeline(experiment))


def _step(opened: "Opened", form: str, step: int | None) -> bytes:
    from ...presets.sessions.opened import NOWHERE
    from ..exports import step_file

    timeline = opened.timeline
    if step is None:
        trainer, state = timeline.trainer, timeline.state()
        step = state.step
    else:
        segment = timeline.branch.segments[timeline.branch.segment_at(step)]
        trainer, state = segment.trainer, segment.keyframes.nearest(step) or segment.start
    backward, _ = run_to(trainer, state, step, "exported")
    return step_file(form, opened.preset, NOWHERE, trainer, backward)


def _history(opened: "Opened", form: str, step: int | None) -> bytes:
    from ..exports import history_file
    from .history import history

    segments, place = opened.timeline.branch.segments, opened.timeline.place
    last = place.step if step is None else step
    number = place.segment if step is None else opened.timeline.branch.segment_at(last)
    return history_file(form, history(segments[: number + 1], last))
