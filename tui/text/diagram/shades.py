"""A layer as a patch of shades, one cell a neuron, near to a square: a picture of pixels looks as it is."""

from math import ceil, sqrt

from ..spans import Line, Span, heading, label
from .network_values import NetworkValues
from .neuron_column import dot

SHADES = "·░▒▓█"
HEAD = 2
"""Rows of the title and of the count."""


class ShadePatch:
    """A column of a picture."""

    def __init__(self, figures: NetworkValues, n: int, rows: int, cell: int) -> None:
        """Show layer n in so many rows, or in as many as its square needs; a cell is 1 or 2 columns wide."""
        self._figures = figures
        self._n = n
        self._count = len(figures.values[n])
        self._across = max(ceil(sqrt(self._count)), ceil(self._count / max(1, rows - HEAD)))
        self._cell = cell
        self._top = max(0, rows - HEAD - ceil(self._count / self._across)) // 2
        """Empty rows below the title: what is less high stands in the middle."""

    @property
    def width(self) -> int:
        """Columns of every line."""
        return max(self._across * self._cell, len(self._title()), len(self._size()))

    @property
    def height(self) -> int:
        """Lines, the title among them."""
        return self._top + HEAD + ceil(self._count / self._across)

    def line(self, y: int) -> Line:
        """A line of the column."""
        if y == 0:
            return [heading(self._title().ljust(self.width))]
        row = y - self._top - HEAD
        if row == -1:
            return [label(self._size().ljust(self.width))]
        first, last = (n * self._across if row >= 0 else 0 for n in (row, row + 1))
        spans = [self._neuron(k) for k in range(first, min(last, self._count))]
        return [*spans, Span(" " * (self.width - len(spans) * self._cell))]

    def _title(self) -> str:
        return f"layer {self._n}" if self._n else "inputs"

    def _size(self) -> str:
        return f"{self._count}"

    def _neuron(self, k: int) -> Span:
        return dot(self._figures, self._n, k, SHADES, self._cell)


class PatchArrow:
    """What leads from one patch to the next: how many connections there are."""

    def __init__(self, figures: NetworkValues, n: int, y: int) -> None:
        """Lead on from layer n, at row y."""
        to, source = figures.edges[n].shape
        self._text = f" {source}×{to} "
        self._y = y
        self._styles = ("wire", *(("flow",) if figures.is_active(n) else ()))

    @property
    def width(self) -> int:
        """Columns of every line."""
        return len(self._text)

    def line(self, y: int) -> Line:
        """A line of the column."""
        if y == self._y - 1:
            return [label(self._text)]
        return [Span(f" {'─' * (self.width - 3)}▸ " if y == self._y else " " * self.width, self._styles)]
