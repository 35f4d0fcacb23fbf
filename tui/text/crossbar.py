"""The connections between two layers as a crossbar: a row for each neuron, and on it a bead for each connection."""

from functools import cached_property

from ...core.running.moment import Age
from .figures import FILLS, Figures
from .neurons import dot
from .rows import Rows
from .spans import Line, Span
from .strokes import STRONG, WEAK, bead, stroke_styles

HEAD = 1
"""The row of the neurons from which the connections lead."""


class Crossbar:
    """A column of a picture."""

    def __init__(self, figures: Figures, n: int, targets: Rows, spacing: int) -> None:
        """Lead from the neurons of layer n, which stand above, to those of the next, which stand behind."""
        self._figures = figures
        self._n = n
        self._targets = targets
        self._spacing = spacing
        self._count = len(figures.values[n])

    @property
    def width(self) -> int:
        """Columns of every line."""
        return self._count * self._spacing + 3

    def line(self, y: int) -> Line:
        """A line of the column."""
        if y == HEAD:
            return self._sources()
        to = self._targets.neuron(y)
        if to is not None:
            return self._beads(to)
        is_between = HEAD < y < self._targets.of(self._targets.neurons - 1)
        return [Span(self._spread("│" * self._count if is_between else " " * self._count, " "), ("wire",))]

    @property
    def _rest(self) -> str:
        return " " * (self._spacing - 1)

    def _spread(self, characters: str, between: str) -> str:
        return f"  {''.join(each + between * (self._spacing - 1) for each in characters)} "

    def _sources(self) -> Line:
        """The neurons from which the connections lead."""
        line = [Span("  ")]
        for k in range(self._count):
            line += (dot(self._figures, self._n, k, FILLS), Span(self._rest))
        return [*line, Span(" ")]

    @cached_property
    def _names(self) -> list[str]:
        return [f"{source + 1}]" for source in range(self._count)]

    def _beads(self, to: int) -> Line:
        """The connections that lead to a neuron, on a wire."""
        figures, n, between = self._figures, self._n, "─" * (self._spacing - 1)
        wire = ("wire", *(("flow",) if figures.is_active(n) else ()))
        begin, is_absent = figures.edge_names(n, to), figures.edges_age(n) is Age.ABSENT
        line = [Span(" ╶", wire)]
        for source, (kind, end) in enumerate(zip(self._kinds(to), self._names, strict=True)):
            light = figures.light(n, to, source) if figures.lit else ()
            line.append(Span(kind.text, kind.styles + light, "" if is_absent else begin + end))
            if between:
                line.append(Span(between, wire))
        return [*line, Span("╴", wire)]

    def _kinds(self, to: int) -> list[Span]:
        """The bead of each connection to a neuron; thousands can be on a screen, so each kind is made once."""
        strengths, numbers = self._figures.strengths[self._n][to], self._figures.edges[self._n][to]
        levels = (strengths >= WEAK).astype(int) + (strengths >= STRONG) + 3 * (numbers > 0)
        return [self._all_kinds[level] for level in levels.tolist()]

    @cached_property
    def _all_kinds(self) -> list[Span]:
        age, active = self._figures.edges_age(self._n), self._figures.is_active(self._n)
        return [
            Span(bead(sign, strength), (*stroke_styles(sign, strength, age), *(("active",) if active else ())))
            for sign in (-1.0, 1.0)
            for strength in (0.0, WEAK, STRONG)
        ]
