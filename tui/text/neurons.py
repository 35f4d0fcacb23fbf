"""The neurons of a layer in a picture: a circle filled by the value, and the value."""

from ...core.running.moment import Age
from .figures import FILLS, Figures
from .numbers import plain, short
from .rows import Rows
from .spans import Line, Span, heading, label

MOST_MEASURED = 64
"""Values of a larger layer are given the room of any value."""


class Neurons:
    """A column of a picture."""

    def __init__(self, figures: Figures, n: int, rows: Rows, decimals: int, *, labels: bool) -> None:
        """Measure what stands in it."""
        self._figures = figures
        self._n = n
        self._rows = rows
        self._decimals = decimals
        self._is_last = n == len(figures.values) - 1
        values = figures.values[n]
        measured = values.tolist() if len(values) <= MOST_MEASURED else []
        self._number = max((len(plain(value, decimals)) for value in measured), default=decimals + 4)
        self._label = len(self._label_of(len(values) - 1)) + 1 if labels else 0
        self._target = max(len(short(t)) for t in figures.targets.tolist()) + 4 if self._is_last else 0

    @property
    def width(self) -> int:
        """Columns of every line."""
        return self._label + self._number + 2 + self._target

    def line(self, y: int) -> Line:
        """A line of the column."""
        if y == 0:
            return [heading(self._align(self._title()))]
        k = self._rows.neuron(y)
        if k is None:
            return [Span(" " * self.width)]
        return self._filled(self._input(k) if self._n == 0 else self._neuron(k))

    def _title(self) -> str:
        long, short_one = (f"layer {self._n}", f"L{self._n}") if self._n else ("inputs", "in")
        return long if len(long) <= self.width else short_one

    def _align(self, text: str) -> str:
        return text.ljust(self.width) if self._n else text.rjust(self.width)

    def _filled(self, line: Line) -> Line:
        blank = Span(" " * (self.width - sum(len(span.text) for span in line)))
        return [*line, blank] if self._n else [blank, *line]

    def _label_of(self, k: int) -> str:
        return self._figures.label(self._figures.value_name(self._n, k))

    def _labelled(self, k: int) -> Line:
        return [label(self._label_of(k).ljust(self._label))] if self._label else []

    def _input(self, k: int) -> Line:
        text = plain(float(self._figures.values[0][k]), self._decimals).rjust(self._number)
        circle = FILLS[self._figures.fills[0][k]]
        return [*self._labelled(k), Span(f"{text} {circle}", ("input",), self._figures.value_name(0, k))]

    def _neuron(self, k: int) -> Line:
        figures, age = self._figures, self._figures.values_age(self._n)
        absent = age is Age.ABSENT
        text = ("·" if absent else plain(float(figures.values[self._n][k]), self._decimals)).rjust(self._number)
        circle = FILLS[0 if absent else figures.fills[self._n][k]]
        value = Span(f"{circle} {text}", ("neuron", age.value), figures.value_name(self._n, k))
        return [*self._labelled(k), value, *(self._target_of(k) if self._is_last else ())]

    def _target_of(self, k: int) -> Line:
        target = short(float(self._figures.targets[k]))
        return [label("  t "), Span(target, ("label",), f"y[{k + 1}]@{self._figures.row + 1}")]
