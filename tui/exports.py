"""Exports: a step, the history, a shared line, a number, and its explanation."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import inf
from typing import NamedTuple

import click

from ..core.debugger.snapshot import Snapshot
from ..core.explaining.explanation import Explanation
from ..core.metrics.history import History, Metrics
from ..core.metrics.series import Point, Series
from ..core.notation.notation import Notation
from ..core.quantities.quantity import Quantity, When
from ..core.steps.events import BackwardPass, Failed, Updated
from ..core.steps.stop import Stop
from ..core.timeline.branch import Segment
from ..core.timeline.dump import TimelineDump
from ..core.training.trainer import Trainer
from ..presets.export.export_format import HistoryTable, StepExport, export_step
from ..presets.opened import NOWHERE
from ..presets.schema import Preset
from ..presets.sessions.share_link import check_begins_anew, share_link, short_share_link
from .ending import NotFiniteError
from .text.chart import Curves
from .text.explanation import explanation_latex, explanation_markdown, explanation_text
from .text.resolve import explain_shown
from .text.worksheet import Worksheet, too_large, worksheet_latex, worksheet_markdown

END = (inf, 0.0)
"""The end of a series."""
MOST = 10_000_000
"""The most numbers of a history, because few programs open a larger file."""


class ExplanationFormat(NamedTuple):
    """A format of explanations."""

    title: str
    """The name in the dialog."""
    ending: str
    """The ending of its files."""
    write: Callable[[Explanation, Notation, int], str]


EXPLANATIONS = {
    "text": ExplanationFormat("text", ".txt", explanation_text),
    "markdown": ExplanationFormat("Markdown", ".md", explanation_markdown),
    "latex": ExplanationFormat("LaTeX", ".tex", explanation_latex),
}
"""The formats by the name in --format."""


def snapshot_file(
    form: str, preset: Preset, trainer: Trainer, snapshot: Snapshot, *, fold: bool = False
) -> Iterable[bytes]:
    """A whole step, whichever of its phases is shown; the preset must not name a file."""
    return export_step(form, StepExport(preset, NOWHERE, trainer, snapshot.present(trainer), fold))


def line_file(preset: Preset, saved: TimelineDump, *, is_short: bool = False) -> bytes:
    """The shared line of a timeline, whose preset must not name a file; a short one has only the preset's name.

    Raises:
        PresetError: the line would be too long.
    """
    check_begins_anew(saved, preset.name)
    write = short_share_link if is_short else share_link
    return _text(write(preset, NOWHERE, saved.changes, saved.position.step, saved.arithmetic))


def explanation_file(
    form: str, trainer: Trainer, snapshot: Snapshot, quantity: Quantity, notation: Notation, decimals: int
) -> bytes:
    """The explanation of a number as text, Markdown or LaTeX.

    Raises:
        ValueError: no quantity has such a name.
        IndexError: the network has no such layer, neuron or example.
    """
    return _text(EXPLANATIONS[form].write(explain_shown(trainer, snapshot, quantity), notation, decimals))


def worksheet_file(
    form: str, title: str, trainer: Trainer, snapshot: Snapshot, notation: Notation, decimals: int, *, answers: bool
) -> bytes:
    """An update as a worksheet in Markdown or LaTeX.

    Raises:
        ValueError: the network or the batch is too large for one.
    """
    backward = snapshot.present(trainer)
    if fault := too_large(backward):
        raise ValueError(f"worksheet: {fault}")
    sheet = Worksheet(title, trainer, backward, notation, decimals, answers)
    return _text(worksheet_markdown(sheet) if form == "markdown" else worksheet_latex(sheet))


def number_file(trainer: Trainer, snapshot: Snapshot, quantity: Quantity) -> bytes:
    """A number with its name, at full precision; it raises the errors of an explanation."""
    found = explain_shown(trainer, snapshot, quantity)
    return _text(f"{str(found.quantity).removeprefix(When.NEXT)} = {float(found.value)!r}")


def _text(text: str) -> bytes:
    return f"{text.rstrip()}\n".encode()


def columns(layers: int, *, has_test: bool) -> list[str]:
    """The names of the columns for a network with this many layers."""
    test = ["test_loss", "test_accuracy"] if has_test else []
    numbers = range(1, layers + 1)
    norms, ratios = ([f"{name}_{n}" for n in numbers] for name in ("gradient_norm", "update_ratio"))
    return ["step", "batch_loss", "batch_accuracy", *test, *norms, *ratios]


def seen_history(curves: Curves, layers: int, *, has_test: bool) -> HistoryTable:
    """The history on a screen: every loss while there are few, otherwise some of the steps."""
    return history_table(curves.train, curves.test, curves.seen, layers, has_test=has_test)


def history_table(
    batch_loss: Sequence[Point], test_loss: Sequence[Point], metrics: Metrics, layers: int, *, has_test: bool
) -> HistoryTable:
    """A row for each step with a known number."""
    by_name = {
        "batch_loss": batch_loss,
        "batch_accuracy": metrics.batch_accuracy,
        "test_loss": test_loss,
        "test_accuracy": metrics.test_accuracy,
        **{f"gradient_norm_{n}": points for n, points in enumerate(metrics.gradients, 1)},
        **{f"update_ratio_{n}": points for n, points in enumerate(metrics.ratios, 1)},
    }
    names = columns(layers, has_test=has_test)
    values = [Series(by_name.get(name, ())) for name in names[1:]]
    steps = sorted({step for each in values for step in each.steps})
    return HistoryTable(names, zip(steps, *(_at(steps, each) for each in values), strict=True))


def _at(steps: Iterable[int], points: Series) -> Iterator[float | None]:
    """The value at each of these steps, which are in rising order."""
    rest = iter(points)
    step, value = next(rest, END)
    for wanted in steps:
        found = None
        while step <= wanted:
            found = value
            step, value = next(rest, END)
        yield found


def replayed_history(segments: Sequence[Segment], last: int) -> HistoryTable:
    """The history from the start of the first segment to a step of the last one.

    Raises:
        UsageError: it would be too long.
        NotFiniteError: training does not come so far.
    """
    trainer = segments[-1].trainer
    layers, has_test = len(trainer.network.layers), trainer.test is not None
    width = len(columns(layers, has_test=has_test))
    if (most := MOST // width) <= last:
        raise click.UsageError(f"--step: expected less than {most:,}, as each step has {width} numbers")
    history = History(most_losses=None, most=None)
    for segment, end in zip(segments, [*(each.start.step for each in segments[1:]), last], strict=True):
        _replay(history, segment, end, is_last=segment is segments[-1])
    return history_table(history.batch_loss, history.test_loss, history.metrics, layers, has_test=has_test)


def _replay(history: History, segment: Segment, end: int, *, is_last: bool) -> None:
    for event in segment.trainer.events(segment.start, Stop(steps=end)):
        match event:
            case BackwardPass():
                # The last step of a segment is also the first of the next one, and is counted there.
                if event.step < end or is_last:
                    history.see_losses(event)
                    history.see_backward(event)
                    history.see_forward(event.forward, segment.trainer.classes)
            case Updated():
                history.see_update(event)
            case Failed(reason=reason):
                raise NotFiniteError(f"step {end} cannot be exported: {reason}")
            case _:
                history.see_losses(event)
