"""A figure of plotext: private, without a canvas of its own, with few and short labels, as text.

plotext's module-level figure is shared by all threads; a private one for each chart is not.
"""

from collections.abc import Sequence
from math import floor, isfinite, log10
from sys import float_info
from typing import Any

import numpy as np

from .legend import SEQUENCE, LegendEntry, with_legend
from .numbers import count, short
from .spans import Line, Lines, Span
from .turns import Drawn, in_turns

COLOURS = {"mark": 7, "other": 5, "train": 4, "test": 3, "here": 2} | {f"series{n}": 8 + n for n in range(6)}
"""The colour of each curve, as a number of the terminal's palette; a panel puts its own in the place of it."""
NAMES = {number: name for name, number in COLOURS.items()}
SERIES = 6
"""Curves of one chart that have colours of their own."""
SHOWN = {"braille": "⠒"}
"""What the legend shows of a curve, where that is not its marker."""
LEAST_DISTANCE = float_info.min
"""Between two ticks: powers of ten below it are no longer exact, and then 0."""
TICKS = 4
GREATEST = 1e300
"""Beyond it plotext's own arithmetic overflows."""
TINY = 1e-300
"""What a logarithm takes in the place of 0."""


class Plot:
    """Curves and points on two axes."""

    def __init__(self, width: int, height: int) -> None:
        """Provide for so many cells."""
        from plotext._figure import _figure_class

        self._figure: Any = _figure_class()
        self._figure._limit_size(False, False)
        self._figure.plot_size(width, height)
        self._figure.theme("clear")
        self._curves: list[Drawn] = []
        self._entries: list[LegendEntry] = []

    def curve(
        self, x: Sequence[float], y: Sequence[float], name: str, label: str | None = None, marker: str = "braille"
    ) -> None:
        """Draw a curve in the colour of a name; the legend says its label."""
        self._figure.plot(list(x), list(y), marker=marker, color=COLOURS[name])
        self._curves.append(Drawn(np.array(x, float), np.array(y, float), marker, COLOURS[name]))
        if label:
            self._entries.append(LegendEntry(COLOURS[name], SHOWN.get(marker, marker), label))

    def points(self, x: Sequence[float], y: Sequence[float], name: str, marker: str) -> None:
        """Mark points in the colour of a name."""
        self._figure.scatter(list(x), list(y), marker=marker, color=COLOURS[name])

    def upright(self, x: float, name: str) -> None:
        """Mark a place on the lower axis in the colour of a name."""
        self._figure.vertical_line(x, color=COLOURS[name])

    def label(self, x: Sequence[float], y: Sequence[float], *, is_whole: bool = False, is_log: bool = False) -> None:
        """Label the axes of these values; where they are logarithms, with what they are of."""
        if not x:
            return
        x_ticks = ticks(min(x), max(x), whole=is_whole)
        y_ticks = log_ticks(min(y), max(y)) if is_log else ticks(min(y), max(y), whole=False)
        self._figure.xticks(x_ticks, [count(tick) if is_whole else short(round(tick, 12)) for tick in x_ticks])
        self._figure.yticks(
            y_ticks, [short(float(f"{10**tick:.3g}") if is_log else round(tick, 12)) for tick in y_ticks]
        )

    def text(self) -> list[str]:
        """Lines with colour sequences."""
        lines = in_turns(str(self._figure.build()).splitlines(), self._curves)
        return with_legend(lines, self._entries)

    def page(self) -> Lines:
        """Lines of spans."""
        return Lines([spans_of(line) for line in self.text()])


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
    """Base 10, of 0 too."""
    return log10(max(value, TINY)) if isfinite(value) else value


def log_ticks(least: float, greatest: float) -> list[float]:
    """Logarithms of round numbers between two logarithms: of powers of ten, and of others where these are few."""
    if greatest - least >= 2:
        return ticks(least, greatest, whole=True)
    if greatest - least < 0.7:
        return [log10(tick) for tick in ticks(10**least, 10**greatest, whole=False) if tick > 0] or [least]
    powers = range(floor(least), floor(greatest) + 1)
    found = [power + log10(digit) for power in powers for digit in (1, 2, 5)]
    return [tick for tick in found if least <= tick <= greatest]


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
