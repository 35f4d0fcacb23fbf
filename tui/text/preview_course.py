"""The course of a single example in a preview: a bar for each of its first predictions."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...core.notation.notation import Notation
from ...core.quantities.quantity import Kind
from ...presets.schema import Preset
from .numbers import plain, short
from .spans import Line, Span

if TYPE_CHECKING:
    from .preview_training import PreviewTraining

LEAST_BAR = 6
"""Columns of a bar."""
FIGURE = 10
"""Columns of a prediction behind its bar, and of the printed figure."""
MOST_BARS = 2
"""The most outputs whose bars are drawn side by side."""


def preview_course(training: "PreviewTraining", preset: Preset, width: int, height: int) -> Iterator[Line]:
    """A bar for the prediction at each of the first steps, then one for the newest step."""
    from ...presets.printed_figures import PrintedFigures
    from .data_names import DataNames

    shown = dict(training.predictions)
    shown[training.backward.step] = training.backward.forward.y_hat[0].tolist()
    steps = sorted(shown)
    if len(steps) > height - 1:
        steps = [*steps[: height - 2], steps[-1]]
    number = max(len(f"{steps[-1]}"), 4)
    outputs = min(max((width - number - 2) // (LEAST_BAR + FIGURE), 1), MOST_BARS)
    target = training.backward.forward.y[0].tolist()[:outputs]
    network = training.trainer.network
    names, printed = DataNames.of(training.trainer, Notation(preset.notation)), PrintedFigures.of(preset.published)
    if training.edited_at is not None:
        printed = printed.before(training.edited_at)
    of = [network.names.of(Kind.A, len(network.layers) - 1, n, example=0) for n in range(len(target))]
    room = (width - number - 2) // len(target)
    ends = [_ends([values[n] for values in shown.values()], target[n]) for n in range(len(target))]
    head = "".join(f"{names.output(n)} → {short(value)}".ljust(room) for n, value in enumerate(target))
    yield [Span("step".ljust(number + 2), ("faint",)), Span(head, ("second",))]
    for step in steps:
        line = [Span(f"{step:>{number}}  ", ("faint",))]
        for n, value in enumerate(shown[step][:outputs]):
            figure = printed.at(of[n], step)
            mark = figure.mark(value) if figure else " "
            line += _bar(value, target[n], ends[n], room - FIGURE)
            line += [Span(f" {plain(value, 3)[:6]:<6}"), Span(f"{mark} ", ("agrees" if mark == "✓" else "wrong",))]
        yield line


def _ends(values: Sequence[float], target: float) -> tuple[float, float]:
    """The two ends of a bar."""
    known = [each for each in (*values, target) if abs(each) < 1e6]
    return min(0.0, *known), max(1.0 if max(known) > 0.5 else max(known), *known)


def _bar(value: float, target: float, ends: tuple[float, float], width: int) -> list[Span]:
    """A number as a bar on a track, with a mark at its target."""
    width = max(width, LEAST_BAR)
    least, most = ends
    span = (most - least) or 1.0
    filled = min(max(round((value - least) / span * width), 0), width) if value == value else 0
    at = min(max(round((target - least) / span * (width - 1)), 0), width - 1)
    cells = ["━" if n < filled else "─" for n in range(width)]
    before, after = "".join(cells[:at]), "".join(cells[at + 1 :])
    spans = [*_run(before), Span("◆", ("accent",)), *_run(after)]
    return spans


def _run(cells: str) -> list[Span]:
    full = cells.rstrip("─")
    return [Span(full, ("plus-3",)), Span(cells[len(full) :], ("ghost",))]
