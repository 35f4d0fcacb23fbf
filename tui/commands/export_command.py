"""`nn-tui export`: a step, or the way to it, for other programs."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .option_types import TARGET, OneOf
from .output import OUTPUT, say_data, write_data
from .overrides import overriding
from .target import STEP, at_step, training_of

if TYPE_CHECKING:
    from ...presets.sessions.opened import Opened

TEXTS = ("csv", "json", "toml")
BINARIES = ("npz", "safetensors")
TABLES = ("csv", "json")


@click.command("export")
@click.argument("target", type=TARGET, metavar="TARGET|FILE")
@STEP
@click.option("--history", is_flag=True, help="Every step up to that one, a row each, as csv or json.")
@click.option("--format", "form", type=OneOf([*TEXTS, *BINARIES]), required=True)
@OUTPUT
@overriding
def export_command(target: str, step: int | None, history: bool, form: str, output: Path | None, **changes: Any) -> int:
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
    opened = training_of(target, changes, step, is_whole=True)
    data = _history(opened, form, step) if history else _step(opened, form, step)
    write_data(data, output)
    return 0


def _step(opened: "Opened", form: str, step: int | None) -> "Iterable[bytes]":
    from ...presets.sessions.opened import NOWHERE
    from ..exports import step_file

    trainer, backward, _ = at_step(opened, step, "exported")
    return step_file(form, opened.preset, NOWHERE, trainer, backward)


def _history(opened: "Opened", form: str, step: int | None) -> "Iterable[bytes]":
    from ..exports import history_file
    from .replayed_history import replayed_history

    say_data(opened.experiment.trainer.train)
    segments, place = opened.timeline.branch.segments, opened.timeline.position
    last = place.step if step is None else step
    number = place.segment if step is None else opened.timeline.branch.segment_at(last)
    return history_file(form, replayed_history(segments[: number + 1], last))
