"""A figure of plotext: private, with ticks on rows and few short labels, as text.

All threads share plotext's module-level figure, so each chart has a private one.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, floor, isfinite, log10
from sys import float_info
from typing import Any, NamedTuple

import numpy as np

from ...core.functions.arrays import Array
from .numbers import count, short
from .plot_cells import SEQUENCE, Canvas, Drawn, in_turns, with_labels
from .spans import Line, Lines, Span

COLOURS = {"mark": 7, "cloud": 6, "other": 5, "train": 4, "test": 3, "here": 2} | {
    f"series{n}": 8 + n for n in range(6)
}
"""The colour of each curve, as a number of the terminal's palette; a panel replaces it by the theme's."""
NAMES = {number: name for name, number in COLOURS.items()}
SERIES = 6
"""The most curves of a chart that have colours of their own."""
LEAST_DISTANCE = float_info.min
"""The least distance between two ticks: smaller powers of ten are inexact or 0."""
TICKS = 4
FEW = 4
"""A curve has a marker on each point if its points are at least this many columns apart."""
MOST_TICKS = 6
MOST_DIGITS = 6
"""The most digits of a logarithmic tick."""
FEW_TICKS = {2: 0.5, 3: 0.2}
"""The penalty for a scale with this many ticks, compared with empty rows."""
LEAST_PER_TICK = 2
"""The fewest rows from one tick to the next."""
LEAST_CANVAS = 20
"""The columns below which curves have no labels behind them."""
GREATEST = 1e300
"""The number above which plotext's own arithmetic overflows."""
TINY = 1e-300
"""The number whose logarithm replaces that of 0."""


class Drawing(NamedTuple):
    """A chart as text."""

    lines: list[str]
    """The lines, with colour sequences."""
    columns: range
    """The area of the curves."""


class RowScale(NamedTuple):
    """The scale of the vertical axis."""

    low: float
    high: float
    ticks: list[float]
    """The values of the ticks, each on a row."""


class Plot:
    """Curves and points on two axes."""

    def __init__(self, width: int, height: int) -> None:
        """Create a figure of this many cells."""
        from plotext._figure import _figure_class

        self._figure: Any = _figure_class()
        self._figure._limit_size(False, False)
        self._figure.theme("clear")
        self._figure.xaxes(False, False)
        self._figure.yaxes(True, False)
        self._width, self._height = width, height
        self._curves: list[Drawn] = []
        self._clouds: list[tuple[list[float], list[float]]] = []
        self._points: list[tuple[list[float], list[float], str, str]] = []
        self._x = self._y = (0.0, 0.0)
        self._left = 0
        """Columns of the labels and of the vertical axis."""

    def curve(
        self, x: Sequence[float], y: Sequence[float], name: str, label: str | None = None, marker: str = "braille"
    ) -> None:
        """Draw a curve in the colour of a name, with its label behind its end."""
        self._curves.append(Drawn(np.array(x, float), np.array(y, float), marker, COLOURS[name], label or ""))

    def cloud(self, x: Sequence[float], y: Sequence[float]) -> None:
        """Draw dots behind all curves."""
        self._clouds.append((list(x), list(y)))

    def points(self, x: Sequence[float], y: Sequence[float], name: str, marker: str) -> None:
        """Mark points in the colour of a name."""
        self._points.append((list(x), list(y), name, marker))

    def upright(self, x: float, name: str) -> None:
        """Mark a place on the lower axis in the colour of a name."""
        self._figure.vertical_line(x, color=COLOURS[name])

    def label(self, x: Sequence[float], y: Sequence[float], *, is_whole: bool = False, is_log: bool = False) -> None:
        """Label the axes for these values; for logarithms, with the numbers themselves."""
        if not x:
            return
        rows = max(self._height - 1, 1)
        scale = log_scale(min(y), max(y), rows) if is_log else row_scale(min(y), max(y), rows)
        x_ticks = ticks(min(x), max(x), whole=is_whole)
        self._x = min(x), max(x) if max(x) > min(x) else min(x) + max(1.0, abs(min(x)) * 1e-9)
        self._y = scale.low, scale.high
        self._figure.xticks(x_ticks, [count(tick) if is_whole else short(round(tick, 12)) for tick in x_ticks])
        texts = list(_tick_texts(scale.ticks, is_log=is_log))
        self._figure.yticks(scale.ticks, texts)
        self._left = max(map(len, texts)) + 1

    def drawing(self) -> Drawing:
        """The lines, and the area of the curves."""
        margin = max((len(each.label) + 1 for each in self._curves if each.label), default=0)
        margin = margin if self._width - margin >= LEAST_CANVAS else 0
        self._figure.plot_size(self._width - margin, self._height)
        canvas = Canvas(range(self._height - 1), range(self._left, self._width - margin), self._x, self._y)
        if self._left:
            self._figure.xlim(*canvas.ends_of_dots[0])
        if self._y[1] > self._y[0]:
            self._figure.ylim(*canvas.ends_of_dots[1])
        for x, y in self._clouds:
            self._figure.scatter(x, y, marker="braille", color=COLOURS["cloud"])
        for each in self._curves:
            self._figure.plot(each.x.tolist(), each.y.tolist(), marker=each.marker, color=each.colour)
        for each in reversed(self._curves):  # the first curve's markers cover all others
            if each.marker == "braille" and FEW * len(each.x) <= self._width - margin:
                self._scatter(canvas, each.x, each.y, "●", each.colour)
        for x, y, name, marker in self._points:
            self._scatter(canvas, np.array(x, float), np.array(y, float), marker, COLOURS[name])
        lines = str(self._figure.build()).splitlines()
        lines = in_turns(lines, self._curves, canvas)
        return Drawing(with_labels(lines, self._curves, canvas, self._width) if margin else lines, canvas.columns)

    def _scatter(self, canvas: Canvas, x: Array, y: Array, marker: str, colour: int) -> None:
        """Mark points in the same cells as the curves, which plotext draws with finer dots."""
        columns, rows = canvas.middles_of(x, y)
        self._figure.scatter(columns.tolist(), rows.tolist(), marker=marker, color=colour)

    def page(self) -> Lines:
        """Lines of spans."""
        return Lines([spans_of(line) for line in self.drawing().lines])


def spans_of(line: str) -> Line:
    """The spans of a line with colour sequences, each with the name of its colour."""
    plain, *coloured = SEQUENCE.split(line)
    spans = [Span(plain)]
    for sequence, text in zip(coloured[::2], coloured[1::2], strict=True):
        name = NAMES.get(int(sequence.split(";")[-1] or 0)) if sequence.startswith("38;5;") else None
        spans.append(Span(text, (name,) if name else ()))
    return [span for span in spans if span.text]


def is_drawable(value: float) -> bool:
    """Whether a value is a number that plotext can draw."""
    return abs(value) <= GREATEST


def logarithm(value: float) -> float:
    """The decimal logarithm; 0 counts as a tiny number."""
    return log10(max(value, TINY)) if isfinite(value) else value


def row_scale(least: float, greatest: float, rows: int) -> RowScale:
    """A scale of this many rows with round ticks, each exactly on a row.

    It begins at 0 if the values are near 0.
    """
    if greatest - least < LEAST_DISTANCE * rows or rows < 2:
        return _scale_around(least, rows)
    every = (_scale_of(least, greatest, rows, per) for per in range(min(LEAST_PER_TICK, rows - 1), rows))
    scales = [scale for scale in every if scale and 2 <= len(scale.ticks) <= MOST_TICKS]
    ends = RowScale(least, greatest, [least, greatest])
    return min(scales, key=lambda scale: _cost(scale, greatest), default=ends)


def _scale_around(value: float, rows: int) -> RowScale:
    """The scale of equal values, which are in the middle, with a tick."""
    size, below = abs(value) * 0.1 or 1.0, (rows - 1) // 2
    low = value - size * below
    return RowScale(low, low + size * (rows - 1), [value])


def _cost(scale: RowScale, greatest: float) -> float:
    """The share of empty rows above the values, plus a penalty for few ticks."""
    return 1 - (greatest / 2 - scale.low / 2) / (scale.high / 2 - scale.low / 2) + FEW_TICKS.get(len(scale.ticks), 0.0)


def _scale_of(least: float, greatest: float, rows: int, per: int) -> RowScale | None:
    """The scale with a tick every this many rows, at the smallest round distance that reaches the greatest value.

    None if the values are on both sides of 0 and this few ticks cannot cover them.
    """
    parts = (rows - 1) / per
    for size in _round_sizes((greatest - least) / parts):
        low = 0.0 if 0 <= least <= 0.5 * greatest else floor(least / size) * size
        high = low + parts * size
        if high >= greatest:
            return RowScale(low, high, [low + n * size for n in range(floor(parts) + 1)])
    return None


def _round_sizes(least: float) -> Iterator[float]:
    """Round numbers from the least on, in rising order."""
    power = floor(log10(least)) if least >= LEAST_DISTANCE else -307
    for exponent in range(power, power + 4):
        for digit in (1, 2, 5):
            size = float(f"{digit}e{exponent}")
            if size >= least * (1 - 1e-9):
                yield size


def log_scale(least: float, greatest: float, rows: int) -> RowScale:
    """A scale of logarithms with ticks at powers of ten, or evenly apart if these are few."""
    if greatest - least < LEAST_DISTANCE * rows or rows < 2:
        return _scale_around(least, rows)
    if greatest - least < 1.5:
        per = max(LEAST_PER_TICK, ceil((rows - 1) / TICKS))
        return RowScale(least, greatest, [least + n * (greatest - least) / (rows - 1) for n in range(0, rows, per)])
    scale = row_scale(floor(least), greatest, rows)
    if all(tick == round(tick) for tick in scale.ticks):
        return scale
    low, per = floor(least), max((rows - 1) // max(ceil(greatest) - floor(least), 1), 1)
    high = low + (rows - 1) / per
    return RowScale(low, high, [low + n for n in range(floor((rows - 1) / per) + 1)])


def _tick_texts(values: Sequence[float], *, is_log: bool) -> Iterator[str]:
    """The ticks in one form, with as many decimals as they need to differ."""
    if is_log:
        yield from _log_texts([10**tick for tick in values if tick <= float_info.max_10_exp])
        yield from [""] * sum(tick > float_info.max_10_exp for tick in values)
        return
    size = min((b - a for a, b in pairwise(values)), default=0.0)
    if not 1e-4 <= size < 1e5:
        yield from (short(float(f"{tick:.3g}")) for tick in values)
        return
    decimals = max(-floor(log10(size) + 1e-9), 0)
    yield from (f"{tick:.{decimals}f}".replace("-", "−") for tick in values)


def _log_texts(numbers: Sequence[float]) -> list[str]:
    """The numbers of logarithmic ticks, with as many digits as they need to differ."""
    forms = ([short(float(f"{number:.{digits}g}")) for number in numbers] for digits in range(2, MOST_DIGITS + 1))
    return next((texts for texts in forms if len(set(texts)) == len(texts)), [short(number) for number in numbers])


def ticks(least: float, greatest: float, *, whole: bool) -> list[float]:
    """Round numbers between two bounds."""
    rough = (greatest - least) / TICKS
    if rough < LEAST_DISTANCE:
        return [least]
    power = 10.0 ** floor(log10(rough))
    size = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    size = max(1.0, size) if whole else size
    first = -floor(-least / size)
    return [n * size for n in range(first, floor(greatest / size + 1e-9) + 1)]
