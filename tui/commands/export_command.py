"""`nn-tui export`: a step, or the history up to it, for other programs."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..text.safe import safe
from .option_types import TARGET, LateOneOf
from .output import OUTPUT, say_data, write_data
from .overrides import overriding
from .target import STEP, at_step, training_of

if TYPE_CHECKING:
    from ...presets.opened import Opened


def _names() -> Iterable[str]:
    from ...presets.export.export_format import formats

    return formats()


class ExportCommand(click.Command):
    """The command, whose help lists the formats."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the formats below the options."""
        from ...presets.export.export_format import formats

        with formatter.section("Formats"):
            formatter.write_dl([(each.name, each.help) for each in formats().values()])


@click.command("export", cls=ExportCommand)
@click.argument("target", type=TARGET, metavar="TARGET|FILE")
@STEP
@click.option("--history", is_flag=True, help="Write one row for every step up to that step.")
@click.option(
    "--format", "form", type=LateOneOf(_names), help="Format of the output; the default is the ending of the file."
)
@click.option("--fold", is_flag=True, help="Put the standardization into the weights: npz and safetensors.")
@OUTPUT
@overriding
def export_command(
    target: str, step: int | None, history: bool, form: str | None, fold: bool, output: Path | None, **changes: Any
) -> int:
    """Export one step of TARGET, or its history, for other programs.

    The history has the batch_loss and batch_accuracy of each step, test_loss and test_accuracy at the end of each
    epoch, and for each layer the norm of the gradient and the size of the update relative to the weights.
    """
    from ...presets.export.export_format import formats, tabular_formats

    form = form or _format_of(output)
    if output is None and not formats()[form].is_text and sys.stdout.isatty():
        raise click.UsageError(f"--output: expected a file, as {form} is not text")
    if history and form not in tabular_formats():
        raise click.UsageError(f"--history: expected --format {' or '.join(tabular_formats())} with it, got {form}")
    if fold and not (formats()[form].can_fold and not history):
        able = " or ".join(name for name, each in formats().items() if each.can_fold)
        raise click.UsageError(f"--fold: expected --format {able} with it, and no --history")
    opened = training_of(target, changes, step, is_whole=True)
    data = _history(opened, form, step) if history else _step(opened, form, step, fold)
    write_data(data, output)
    return 0


def _format_of(output: Path | None) -> str:
    """The format that the ending of a file names."""
    if output is None:
        raise click.UsageError(f"expected --output FILE, or --format with one of {', '.join(_names())}")
    ending = output.suffix.removeprefix(".").lower()
    if ending not in _names():
        raise click.UsageError(
            f"--output: the ending of {safe(output.name)} names no format: expected --format with one of "
            f"{', '.join(_names())}"
        )
    return ending


def _step(opened: "Opened", form: str, step: int | None, fold: bool) -> "Iterable[bytes]":
    from ...presets.export.export_format import StepExport, export_step
    from ...presets.opened import NOWHERE

    trainer, backward, _ = at_step(opened, step, "exported")
    start = opened.timeline.branch.segments[opened.timeline.position.segment].start
    return export_step(form, StepExport(opened.preset, NOWHERE, trainer, backward, fold, start))


def _history(opened: "Opened", form: str, step: int | None) -> "Iterable[bytes]":
    from ...presets.export.export_format import export_history
    from ..exports import replayed_history

    say_data(opened.experiment.trainer.train)
    segments, place = opened.timeline.branch.segments, opened.timeline.position
    last = place.step if step is None else step
    number = place.segment if step is None else opened.timeline.branch.segment_at(last)
    return export_history(form, replayed_history(segments[: number + 1], last))
