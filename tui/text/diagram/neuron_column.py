"""The neurons of a layer in a picture: a circle filled by the value, and the value."""

from ....core.debugger.snapshot import Freshness
from ..numbers import short
from ..spans import Line, Span, heading, label
from .diagram_rows import Rows
from .network_values import FILLS, NetworkValues
from .strokes import bead

MOST_MEASURED = 64
"""Values of a larger layer are given the room of any value."""


class Neurons:
    """A column of a picture."""

    def __init__(self, figures: NetworkValues, n: int, rows: Rows, decimals: int, *, labels: bool) -> None:
        """Measure what stands in it."""
        self._figures = figures
        self._n = n
        self._rows = rows
        self._decimals = decimals
        count = len(figures.values[n])
        measured = range(count if count <= MOST_MEASURED else 0)
        self._number = max([len(figures.value_text(n, k, decimals)) for k in measured], default=decimals + 4)
        self._label = len(figures.neuron_label(n, count - 1)) + 1 if labels else 0
        self._has_targets = n == len(figures.values) - 1 and not figures.gradients
        self._target = max(len(short(t)) for t in figures.targets.tolist()) + 4 if self._has_targets else 0
        self.width = self._label + self._number + 2 + self._target
        """Columns of every line."""

    def line(self, y: int) -> Line:
        """A line of the column."""
        if y == 0:
            return [heading(self._align(self._title()))]
        k = self._rows.neuron(y)
        if k is None:
            return [Span(" " * self.width)]
        return self._filled(self._neuron(k))

    def _title(self) -> str:
        long, short_one = (f"layer {self._n}", f"L{self._n}") if self._n else ("inputs", "in")
        return long if len(long) <= self.width else short_one

    def _align(self, text: str) -> str:
        return text.ljust(self.width) if self._n else text.rjust(self.width)

    def _filled(self, line: Line) -> Line:
        blank = Span(" " * (self.width - sum([len(span.text) for span in line])))
        return [*line, blank] if self._n else [blank, *line]

    def _labelled(self, k: int) -> Line:
        return [label(self._figures.neuron_label(self._n, k).ljust(self._label))] if self._label else []

    def _neuron(self, k: int) -> Line:
        """The circle stands where connections do: behind an input, before another neuron."""
        figures, n = self._figures, self._n
        absent = figures.values_freshness(n) is Freshness.ABSENT
        text = ("·" if absent else figures.value_text(n, k, self._decimals)).rjust(self._number)
        circle = FILLS[0 if absent else figures.fills[n][k]]
        value = Span(
            f"{circle} {text}" if n else f"{text} {circle}", figures.value_styles(n, k), figures.value_quantity(n, k)
        )
        return [*self._labelled(k), value, *(self._target_of(k) if self._has_targets else ())]

    def _target_of(self, k: int) -> Line:
        target = short(float(self._figures.targets[k]))
        return [label("  t "), Span(target, ("label",), self._figures.target_quantity(k))]


def dot(figures: NetworkValues, n: int, k: int, fills: str, columns: int = 1) -> Span:
    """A neuron without its number: its value as one of five fills; a gradient as a bead, which shows its sign."""
    mark = fills[0] if figures.values_freshness(n) is Freshness.ABSENT else fills[figures.fills[n][k]]
    if figures.gradients:
        mark = bead(float(figures.values[n][k]), float(figures.shares[n][k]))
    return Span(mark * columns, figures.value_styles(n, k), figures.value_quantity(n, k))
