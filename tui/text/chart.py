"""The chart of a loss over steps, drawn by plotext.

plotext's module-level figure is shared by all threads; a private one for each chart is not.
"""

from collections.abc import Sequence
from math import floor, isfinite, log10

from ...core.running.history import Point, thinned
from .numbers import count, short

COLOURS = {"train": 4, "test": 3}
"""The colour of each curve, as a number of the terminal's palette; the panel puts its own in the place of it."""
TICKS = 4


def chart(train: Sequence[Point], test: Sequence[Point], width: int, height: int) -> list[str]:
    """Lines of text with colour sequences: the loss of the training batches, and of the held-out examples."""
    from plotext._figure import _figure_class

    figure = _figure_class()
    figure._limit_size(False, False)
    figure.plot_size(width, height)
    figure.theme("clear")
    drawn = [
        (name, [point for point in thinned(list(points), 2 * width) if isfinite(point[1])])
        for name, points in (("train", train), ("test", test))
    ]
    for name, points in drawn:
        if points:
            steps, losses = zip(*points, strict=True)
            figure.plot(steps, losses, marker="braille", color=COLOURS[name], label=name if test else None)
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
