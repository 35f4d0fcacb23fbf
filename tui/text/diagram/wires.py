"""The connections between two layers, each with a row and a number of its own.

From every neuron a wire leads to a column of its own; there a stroke branches off for each connection.
"""

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
MOST_MEASURED = 64
MOST_COLUMNS = 16
"""More wires side by side cannot be told apart: each stroke says where it comes from instead."""


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

    @property
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
        cells = self._cells(y, entry)
        tail = self._tail(*entry) if entry else [Span(" " * (self._number + BRACKET))]
        return [*cells, *tail]

    def _x(self, source: int) -> int:
        return self._begin + (source + 1) * self._spacing - 1

    def _source_label(self, source: int) -> str:
        return self._figures.neuron_label(self._n, source)

    def _cells(self, y: int, entry: tuple[int, int] | None) -> list[Span]:
        """The wires and, where a connection branches off, its stroke; of two that cross, the stronger one is seen."""
        width = self._lead + self._stroke
        cells = [Span(" ")] * width
        order = [0.0] * width
        if y:
            self._draw_lead(y, cells, order)
            if entry:
                self._draw_stroke(*entry, cells, order)
            self._draw_columns(y, entry, cells, order)
        return cells

    def _draw_lead(self, y: int, cells: list[Span], order: list[float]) -> None:
        source = self._sources.neuron(y)
        if source is None:
            return
        strength, styles = self._strength(source), self._wire_styles(source)
        for x in range(self._begin, self._x(source)):
            cells[x], order[x] = Span("─", styles), strength

    def _draw_stroke(self, to: int, source: int, cells: list[Span], order: list[float]) -> None:
        number, strength = self._edge(to, source)
        styles = (*stroke_styles(number, strength, self._freshness), *self._figures.light(self._n, to, source))
        for x in range(self._x(source) + 1, len(cells)):
            cells[x], order[x] = Span(stroke(number, strength), styles), self._above(strength, to, source)

    def _draw_columns(self, y: int, entry: tuple[int, int] | None, cells: list[Span], order: list[float]) -> None:
        source_here = self._sources.neuron(y)
        for source in range(self.columns):
            x = self._x(source)
            sides = self._sides(source, y)
            if not sides:
                continue
            joins = source == source_here or (entry is not None and entry[1] == source)
            if source == source_here:
                sides += "l"
            if entry and entry[1] == source:
                sides += "r"
            if joins or self._strength_at(source, y) >= order[x]:
                cells[x] = Span(wire(sides), self._column_styles(source, y))

    def _sides(self, source: int, y: int) -> str:
        """Where a column leads from a row: up, down or both; sideways where it is one row high."""
        first, last = self._ends(source)
        if not first <= y <= last:
            return ""
        return ("u" if y > first else "") + ("d" if y < last else "") or "lr"

    def _ends(self, source: int) -> tuple[int, int]:
        rows = (
            self._sources.of(source),
            self._targets.entry(0, source),
            self._targets.entry(self._targets.neurons - 1, source),
        )
        return min(rows), max(rows)

    def _strength(self, source: int) -> float:
        return float(self._figures.strengths[self._n][:, source].max())

    def _strength_at(self, source: int, y: int) -> float:
        """Of the strongest connection that goes through a column at a row; lit ones are stronger than any."""
        return max((self._above(self._edge(to, source)[1], to, source) for to in self._through(source, y)), default=0.0)

    def _through(self, source: int, y: int) -> list[int]:
        """The neurons to which a column leads across a row."""
        start = self._sources.of(source)
        ends = ((to, self._targets.entry(to, source)) for to in range(self._targets.neurons))
        return [to for to, end in ends if min(start, end) <= y <= max(start, end)]

    def _above(self, strength: float, to: int, source: int) -> float:
        return strength + ((self._n, to, source) in self._figures.lit)

    def _column_styles(self, source: int, y: int) -> tuple[str, ...]:
        lights = [self._figures.light(self._n, to, source) for to in self._through(source, y)]
        return self._wire_of(lights)

    def _wire_styles(self, source: int) -> tuple[str, ...]:
        return self._wire_of([self._figures.light(self._n, to, source) for to in range(self._targets.neurons)])

    def _wire_of(self, lights: list[tuple[str, ...]]) -> tuple[str, ...]:
        """The style of a wire that is part of connections: the brightest of theirs."""
        if ("lit",) in lights:
            return ("wire", "lit")
        if ("active",) in lights:
            return ("wire", "flow")
        return ("wire", "unlit") if self._figures.lit else ("wire",)

    @property
    def _freshness(self) -> Freshness:
        return self._figures.edges_freshness(self._n)

    def _edge(self, to: int, source: int) -> tuple[float, float]:
        return float(self._figures.edges[self._n][to, source]), float(self._figures.strengths[self._n][to, source])

    def _named(self, to: int, source: int) -> Line:
        """A stroke that says where it comes from."""
        number, strength = self._edge(to, source)
        light = self._figures.light(self._n, to, source)
        name = f" {self._source_label(source)} ".ljust(self._lead)
        drawn = Span(
            stroke(number, strength) * self._stroke, (*stroke_styles(number, strength, self._freshness), *light)
        )
        return [Span(name, ("label",)), drawn, *self._tail(to, source)]

    def _tail(self, to: int, source: int) -> Line:
        """The number of a connection, and the bracket that takes it to its neuron."""
        number, _ = self._edge(to, source)
        light = self._figures.light(self._n, to, source)
        text = signed(number, self._decimals)
        styles = (*number_styles(number, self._freshness), *light)
        quantity = self._figures.edge_quantity(self._n, to, source)
        shown = (
            blank(self._number)
            if self._freshness is Freshness.ABSENT
            else Span(text.rjust(self._number), styles, quantity)
        )
        return [shown, *self._bracket(source)]

    def _bracket(self, row: int) -> Line:
        each = self._targets.each
        is_middle = row == (each - 1) // 2
        sides = ("u" if row else "") + ("d" if row < each - 1 else "") + ("lr" if is_middle else "l")
        is_active = self._figures.is_active(self._n)
        joint = self._arrow() if is_active and is_middle else wire(sides)
        return [Span(f" {joint}", ("wire", "flow") if is_active else ("wire",))]

    def _arrow(self) -> str:
        """Which way numbers go in this stage."""
        return "◂" if self._figures.snapshot.phase is Phase.BACKWARD else "▸"
