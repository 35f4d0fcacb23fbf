"""Two branches side by side: each parameter in both, and where they part."""

from dataclasses import dataclass
from functools import cached_property

from ...core.debugger.snapshot import Freshness
from ...core.debugger.timeline import Comparison
from ...core.network.layout import parameter_at
from ...core.network.network import Network
from ...core.quantities.notation import Labels, Notation
from .numbers import count, signed
from .spans import Line, Span, heading, label, number_styles

NAME = 10
DECIMALS = 6
LEAST_NUMBER = 14
"""Columns of a heading."""
HEADING = 3
"""Lines over the table."""


@dataclass(frozen=True, eq=False)
class ComparisonTable:
    """A page with where the branches part, and a line for each parameter."""

    comparison: Comparison
    network: Network
    notation: Notation
    decimals: int = DECIMALS

    @property
    def _number(self) -> int:
        return max(self.decimals + 8, LEAST_NUMBER)

    @property
    def width(self) -> int:
        """Columns of every line."""
        return NAME + 3 * self._number

    @property
    def height(self) -> int:
        """One line a parameter, and the heading."""
        return HEADING + len(self.comparison.ours.parameters)

    def line(self, y: int) -> Line:
        """A line of the heading, or a parameter."""
        if y == 0:
            return [label(self._parting())]
        if y == 1:
            return []
        if y == HEADING - 1:
            return self._columns()
        return self._parameter(y - HEADING)

    @cached_property
    def _labels(self) -> Labels:
        return self.network.names.labels(self.notation)

    def _parting(self) -> str:
        comparison = self.comparison
        if comparison.parted_at is None or comparison.parted_in is None:
            return "the parameters of both branches are the same"
        name = self._label(comparison.parted_in)
        return f"the branches part at step {count(comparison.parted_at)}, first in {name}"

    def _columns(self) -> Line:
        ours, theirs = self.comparison.ours.step, self.comparison.theirs.step
        words = (f"here, {count(ours)}", f"other, {count(theirs)}", "difference")
        return [heading("step".ljust(NAME)), *(label(word.rjust(self._number)) for word in words)]

    def _parameter(self, place: int) -> Line:
        ours, theirs = (float(s.parameters[place]) for s in (self.comparison.ours, self.comparison.theirs))
        freshness = Freshness.CURRENT if ours == theirs else Freshness.NEW
        numbers = [self._span(value, freshness) for value in (ours, theirs, ours - theirs)]
        return [label(self._label(place).ljust(NAME)), *numbers]

    def _label(self, place: int) -> str:
        return self._labels.text(parameter_at(self.comparison.ours.layout, place))

    def _span(self, value: float, freshness: Freshness) -> Span:
        return Span(signed(value, self.decimals).rjust(self._number), number_styles(value, freshness))
