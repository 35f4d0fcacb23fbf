"""The connections between two layers as a crossbar: a row for each neuron, and on it a bead for each connection."""

from functools import cached_property

from ....core.debugger.snapshot import Freshness
from ..spans import Line, Part, Span, Wide
from .diagram_rows import Rows
from .network_values import FILLS, NetworkValues
from .neuron_column import dot
from .strokes import STRONG, WEAK, bead, stroke_styles

BEGIN = 2
"""The column of the first connection."""


class Crossbar(Wide):
    """A column of a picture."""

    def __init__(self, figures: NetworkValues, n: int, targets: Rows, spacing: int) -> None:
        """Lead from the neurons of layer n, which stand above, to those of the next, which stand behind."""
        self._figures = figures
        self._n = n
        self._targets = targets
        self._spacing = spacing
        self._head = targets.top - 1
        """The row of the neurons from which the connections lead."""
        self._count = len(figures.values[n])

    @property
    def width(self) -> int:
        """Columns of every line."""
        return self._count * self._spacing + 3

    def line(self, y: int) -> Line:
        """A line of the column."""
        return self.part(y, 0, self.width)[1]

    def part(self, y: int, first: int, last: int) -> Part:
        """A line from one column up to another: of thousands of connections few can be seen."""
        to = None if y == self._head else self._targets.neuron(y)
        if y != self._head and to is None:
            return 0, [self._between(y)]
        begin = min(max((first - BEGIN) // self._spacing, 0), self._count - 1)
        end = min(max(-(-(last - BEGIN) // self._spacing), begin + 1), self._count)
        spans = self._sources(begin, end) if to is None else self._beads(to, begin, end)
        return (BEGIN + begin * self._spacing if begin else 0), spans

    def _between(self, y: int) -> Span:
        """A line without neurons."""
        is_between = self._head < y < self._targets.of(self._targets.neurons - 1)
        each = ("│" if is_between else " ") + " " * (self._spacing - 1)
        return Span(f"  {each * self._count} ", ("wire",))

    def _sources(self, begin: int, end: int) -> Line:
        """The neurons from which the connections lead."""
        line = [Span(" " * BEGIN)] if not begin else []
        for k in range(begin, end):
            line += (dot(self._figures, self._n, k, FILLS), Span(" " * (self._spacing - 1)))
        return [*line, Span(" ")] if end == self._count else line

    def _beads(self, to: int, begin: int, end: int) -> Line:
        """Connections that lead to a neuron, on a wire."""
        figures, n, between = self._figures, self._n, "─" * (self._spacing - 1)
        wire = ("wire", *(("flow",) if figures.is_active(n) else ()))
        is_absent = figures.edges_freshness(n) is Freshness.ABSENT
        line = [Span(" ╶", wire)] if not begin else []
        for source, kind in zip(range(begin, end), self._kinds(to, begin, end), strict=True):
            light = figures.light(n, to, source) if figures.lit else ()
            quantity = None if is_absent else figures.edge_quantity(n, to, source)
            line.append(Span(kind.text, kind.styles + light, quantity))
            if between:
                line.append(Span(between, wire))
        return [*line, Span("╴", wire)] if end == self._count else line

    def _kinds(self, to: int, begin: int, end: int) -> list[Span]:
        """The bead of each of these connections; thousands can be on a screen, so each kind is made once."""
        strengths, numbers = (each[self._n][to, begin:end] for each in (self._figures.strengths, self._figures.edges))
        levels = (strengths >= WEAK).astype(int) + (strengths >= STRONG) + 3 * (numbers > 0)
        return [self._all_kinds[level] for level in levels.tolist()]

    @cached_property
    def _all_kinds(self) -> list[Span]:
        freshness, active = self._figures.edges_freshness(self._n), self._figures.is_active(self._n)
        return [
            Span(bead(sign, strength), (*stroke_styles(sign, strength, freshness), *(("active",) if active else ())))
            for sign in (-1.0, 1.0)
            for strength in (0.0, WEAK, STRONG)
        ]
