"""The chart of a loss over steps, drawn by plotext.

plotext's module-level figure is shared by all threads; a private one for each chart is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from ...core.running.history import Point, thinned
from .numbers import count, short

COLOURS = {"other": 5, "train": 4, "test": 3, "here": 2}
"""The colour of each curve, as a number of the terminal's palette; the panel puts its own in the place of it."""
LABELS = {"other": "other branch", "train": "train", "test": "test"}
TICKS = 4


@dataclass(frozen=True, eq=False)
class Curves:
    """Losses by step."""

    train: Sequence[Point] = ()
    """Of the training batches."""
    test: Sequence[Point] = ()
    """Of the held-out examples."""
    other: Sequence[Point] = ()
    """Of the training batches of another branch."""
    here: int | None = None
    """The step that is shown, where it is not the last one."""


def chart(curves: Curves, width: int, height: int) -> list[str]:
    """Lines of text with colour sequences."""
    from plotext._figure import _figure_class

    figure = _figure_class()
    figure._limit_size(False, False)
    figure.plot_size(width, height)
    figure.theme("clear")
    drawn = [
        (name, [point for point in thinned(list(points), 2 * width) if isfinite(point[1])])
        for name, points in (("other", curves.other), ("train", curves.train), ("test", curves.test))
    ]
    many = bool(curves.test or curves.other)
    for name, points in drawn:
        if points:
            steps, losses = zip(*points, strict=True)
            figure.plot(steps, losses, marker="braille", color=COLOURS[name], label=LABELS[name] if many else None)
    if curves.here is not None:
        figure.vertical_line(curves.here, color=COLOURS["here"])
    _label_axes(figure, [point for _, points in drawn for point in points])
    return str(figure.build()).splitlines()


def _label_axes(figure: object, points: list[Point]) -> None:
    """Few, short labels: plotext's own can take half of the width."""
    if not points:
        return
    steps, losses = zip(*points, strict=True)
    x_ticks = _ticks(min(steps), max(steps), whole=True)
    y_ticks = _ticks(min(losses), max(losses), whole=False)
    figure.xticks(x_ticks, [count(tick) for tick in x_ticks])  # type: ignore[attr-defined]
    figure.yticks(y_ticks, [short(round(tick, 12)) for tick in y_ticks])  # type: ignore[attr-defined]


def _ticks(least: float, greatest: float, *, whole: bool) -> list[float]:
    """Round numbers between two bounds."""
    if greatest <= least:
        return [least]
    rough = (greatest - least) / TICKS
    power = 10.0 ** floor(log10(rough))
    size = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    size = max(1.0, size) if whole else size
    first = -floor(-least / size)
    return [n * size for n in range(first, floor(greatest / size + 1e-9) + 1)]
