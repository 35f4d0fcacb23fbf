"""The connections between two layers, each with a row and a number of its own.

From every neuron a wire leads to a column of its own; there a stroke branches off for each connection.
"""

from dataclasses import dataclass
from functools import cached_property

from ....core.debugger.snapshot import Freshness
from ....core.debugger.stage import Phase
from ..numbers import signed
from ..spans import Line, Span, blank, number_styles
from .diagram_rows import Rows
from .network_values import NetworkValues
from .strokes import stroke, stroke_styles, wire

NARROW, WIDE = 2, 12
"""A stroke grows to the one before wires stand further apart, and at last to the other."""
MOST_SPACING = 3
BRACKET = 2
LIT = ("lit",)
MOST_MEASURED = 64
MOST_COLUMNS = 16
"""More wires side by side cannot be told apart: each stroke says where it comes from instead."""


@dataclass(frozen=True, eq=False, slots=True)
class Stroke:
    """A connection: its row, its number, its strength, and how it is lit."""

    row: int
    number: float
    strength: float
    light: tuple[str, ...]

    @property
    def order(self) -> float:
        """Of two that cross, the one of the higher order is seen: lit ones are stronger than any."""
        return self.strength + (self.light == LIT)


@dataclass(frozen=True, eq=False)
class Wire:
    """What leads from a neuron: along its row to a column, and there up and down to the rows of its strokes."""

    x: int
    """The column."""
    row: int
    """Of the neuron."""
    strokes: list[Stroke]

    @cached_property
    def first(self) -> int:
        """The row where the column begins."""
        return min(self.row, self.strokes[0].row)

    @cached_property
    def last(self) -> int:
        """The row where it ends."""
        return max(self.row, self.strokes[-1].row)

    def through(self, y: int) -> list[Stroke]:
        """The strokes that the column leads to across a row."""
        above = y <= self.row
        return [each for each in self.strokes if (each.row <= y if above else each.row >= y) or y == self.row]


class Wires:
    """A column of a picture."""

    def __init__(self, figures: NetworkValues, n: int, sources: Rows, targets: Rows, decimals: int, least: int) -> None:
        """Lead from the neurons of layer n to those of the next, by strokes of at least so many columns."""
        self._figures = figures
        self._n = n
        self._sources = sources
        self._targets = targets
        self._decimals = decimals
        self._number = decimals + 4
        self._begin = 1 if n else 0
        self._spacing = 1
        self._stroke = least
        self._is_columns = sources.neurons <= MOST_COLUMNS

    @cached_property
    def columns(self) -> int:
        """How many wires stand side by side."""
        return self._sources.neurons if self._is_columns else 0

    @property
    def width(self) -> int:
        """Columns of every line."""
        return self._lead + self._stroke + self._number + BRACKET

    @property
    def _lead(self) -> int:
        if self._is_columns:
            return self._begin + self.columns * self._spacing
        return self._longest + 2

    @cached_property
    def _longest(self) -> int:
        """Columns of the longest label of a source."""
        return len(self._source_label(self._sources.neurons - 1))

    def tighten(self) -> None:
        """Give numbers only as many columns as these ones need; not where there are too many to be measured."""
        edges = self._figures.edges[self._n]
        if edges.size <= MOST_MEASURED:
            self._number = max(len(signed(number, self._decimals)) for number in edges.ravel().tolist())

    def widen(self, by: int) -> int:
        """Take up to so many columns more; how many were taken."""
        before = self.width
        if self._stroke >= NARROW and self.columns and by >= self.columns and self._spacing < MOST_SPACING:
            self._spacing += 1
        elif by > 0 and self._stroke < WIDE:
            self._stroke += 1
        return self.width - before

    def line(self, y: int) -> Line:
        """A line of the column."""
        entry = self._targets.at(y) if y else None
        if not self._is_columns:
            return self._named(*entry) if entry else [Span(" " * self.width)]
        if entry is None:
            return [*self._cells(y, entry), Span(" " * (self._number + BRACKET))]
        to, source = entry
        return [*self._cells(y, entry), *self._tail(self._wires[source].strokes[to], to, source)]

    def _source_label(self, source: int) -> str:
        return self._figures.neuron_label(self._n, source)

    @cached_property
    def _strokes_end(self) -> int:
        """The column behind the strokes; as for wires, once there is no more room to be given."""
        return self._lead + self._stroke

    @cached_property
    def _wires(self) -> list["Wire"]:
        """The wire of each source; asked for only once there is no more room to be given."""
        strokes = [self._strokes(source) for source in range(self.columns)]
        return [
            Wire(self._begin + (source + 1) * self._spacing - 1, self._sources.of(source), each)
            for source, each in enumerate(strokes)
        ]

    def _strokes(self, source: int) -> list["Stroke"]:
        return [self._stroke_of(to, source) for to in range(self._targets.neurons)]

    def _stroke_of(self, to: int, source: int) -> "Stroke":
        figures, n = self._figures, self._n
        number, strength = figures.edges[n].item(to, source), figures.strengths[n].item(to, source)
        return Stroke(self._targets.entry(to, source), number, strength, figures.light(n, to, source))

    def _cells(self, y: int, entry: tuple[int, int] | None) -> list[Span]:
        """The wires and, where a connection branches off, its stroke; of two that cross, the stronger one is seen."""
        cells = [Span(" ")] * self._strokes_end
        order = [0.0] * self._strokes_end
        if y:
            for each in self._wires:
                if each.row == y:
                    self._draw_lead(each, cells, order)
            if entry:
                self._draw_stroke(*entry, cells, order)
            self._draw_columns(y, entry, cells, order)
        return cells

    def _draw_lead(self, wire_of: "Wire", cells: list[Span], order: list[float]) -> None:
        strength, span = max([each.strength for each in wire_of.strokes]), Span("─", self._styles(wire_of.strokes))
        for x in range(self._begin, wire_of.x):
            cells[x], order[x] = span, strength

    def _draw_stroke(self, to: int, source: int, cells: list[Span], order: list[float]) -> None:
        wire_of = self._wires[source]
        drawn = wire_of.strokes[to]
        styles = (*stroke_styles(drawn.number, drawn.strength, self._freshness), *drawn.light)
        span, above = Span(stroke(drawn.number, drawn.strength), styles), drawn.order
        for x in range(wire_of.x + 1, len(cells)):
            cells[x], order[x] = span, above

    def _draw_columns(self, y: int, entry: tuple[int, int] | None, cells: list[Span], order: list[float]) -> None:
        for source, each in enumerate(self._wires):
            if not each.first <= y <= each.last:
                continue
            is_source, branches = y == each.row, entry is not None and entry[1] == source
            # Up, down or both; sideways where it is one row high.
            sides = ("u" if y > each.first else "") + ("d" if y < each.last else "") or "lr"
            sides += "l" * is_source + "r" * branches
            strokes = each.through(y)
            if is_source or branches or max([one.order for one in strokes], default=0.0) >= order[each.x]:
                cells[each.x] = Span(wire(sides), self._styles(strokes))

    def _styles(self, strokes: list["Stroke"]) -> tuple[str, ...]:
        """The styles of a wire that is part of connections: the brightest of theirs."""
        if self._figures.lit:
            return ("wire", "lit") if LIT in [each.light for each in strokes] else ("wire", "unlit")
        return ("wire", "flow") if self._is_active else ("wire",)

    @cached_property
    def _is_active(self) -> bool:
        return self._figures.is_active(self._n)

    @cached_property
    def _freshness(self) -> Freshness:
        return self._figures.edges_freshness(self._n)

    def _named(self, to: int, source: int) -> Line:
        """A stroke that says where it comes from."""
        found = self._stroke_of(to, source)
        name = f" {self._source_label(source)} ".ljust(self._lead)
        styles = (*stroke_styles(found.number, found.strength, self._freshness), *found.light)
        drawn = Span(stroke(found.number, found.strength) * self._stroke, styles)
        return [Span(name, ("label",)), drawn, *self._tail(found, to, source)]

    def _tail(self, drawn: "Stroke", to: int, source: int) -> Line:
        """The number of a connection, and the bracket that takes it to its neuron."""
        if self._freshness is Freshness.ABSENT:
            return [blank(self._number), *self._bracket(source)]
        text = signed(drawn.number, self._decimals).rjust(self._number)
        styles = (*number_styles(drawn.number, self._freshness), *drawn.light)
        return [Span(text, styles, self._figures.edge_quantity(self._n, to, source)), *self._bracket(source)]

    def _bracket(self, row: int) -> Line:
        each = self._targets.each
        is_middle = row == (each - 1) // 2
        sides = ("u" if row else "") + ("d" if row < each - 1 else "") + ("lr" if is_middle else "l")
        joint = self._arrow() if self._is_active and is_middle else wire(sides)
        return [Span(f" {joint}", ("wire", "flow") if self._is_active else ("wire",))]

    def _arrow(self) -> str:
        """Which way numbers go in this stage."""
        return "◂" if self._figures.snapshot.phase is Phase.BACKWARD else "▸"
