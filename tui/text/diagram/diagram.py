"""The picture of a network: every neuron with its value, every connection as a stroke."""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import partial
from itertools import pairwise
from typing import NamedTuple, Protocol

from ....core.debugger.snapshot import Snapshot
from ....core.explaining.explanation import Connection
from ....core.quantities.notation import Notation
from ..spans import Line, Part, Span, Wide
from .crossbar import Crossbar
from .diagram_rows import Rows
from .network_values import NetworkValues
from .neuron_column import Neurons
from .shades import PatchArrow, ShadePatch
from .wires import MOST_COLUMNS, Wires

MOST_WEIGHTS = 64
"""A layer with more connections is not written out unless that is asked for."""
MOST_GAP = 3


class DiagramLayout(NamedTuple):
    """What a picture spends its room on."""

    labels: bool
    decimals: int
    stroke: int
    """The least length of a stroke."""
    is_tight: bool = False
    """Whether numbers of connections have no more columns than they need."""


LAYOUTS = (
    DiagramLayout(True, 3, 4),
    DiagramLayout(False, 3, 0),
    DiagramLayout(False, 2, 0),
    DiagramLayout(False, 2, 0, True),
)
"""From the fullest to the sparest."""


class Zoom(IntEnum):
    """How much of each connection is seen."""

    PATCHES = 0
    """Nothing: each layer is a patch of shades."""
    BEADS = 1
    """Its sign and its strength."""
    NUMBERS = 2
    """Its number."""


class DiagramRoom(NamedTuple):
    """Columns and rows of a panel."""

    width: int
    height: int


class Column(Protocol):
    """A part of a picture, beside others."""

    @property
    def width(self) -> int:
        """Columns of every line."""

    def line(self, y: int) -> Line:
        """Line number y, from 0, of that width."""


class Diagram(Wide):
    """Columns side by side; a line is made when somebody looks at it."""

    def __init__(self, columns: Sequence[Column], height: int, zoom: Zoom) -> None:
        """Take the columns from left to right."""
        self._columns = [(column, column.width) for column in columns]
        self._lines: dict[int, Line] = {}
        self.height = height
        self.width = sum([width for _, width in self._columns])
        self.zoom = zoom

    def line(self, y: int) -> Line:
        """Line number y, from 0."""
        if y not in self._lines:
            self._lines[y] = [span for column, _ in self._columns for span in column.line(y)]
        return self._lines[y]

    def part(self, y: int, first: int, last: int) -> Part:
        """What stands on a line from one column up to another."""
        begin, spans, x = None, list[Span](), 0
        for column, width in self._columns:
            if first < x + width and x < last:
                at, shown = column.part(y, first - x, last - x) if isinstance(column, Wide) else (0, column.line(y))
                begin = x + at if begin is None else begin
                spans += shown
            x += width
        return begin or 0, spans

    def fits(self, room: DiagramRoom) -> bool:
        """Whether all of it can be seen."""
        return self.width <= room.width and self.height <= room.height


def diagram(
    snapshot: Snapshot,
    example: int,
    width: int,
    height: int,
    lit: frozenset[Connection] = frozenset(),
    *,
    notation: Notation = Notation.SUPERSCRIPT,
    gradients: bool = False,
    zoom: Zoom | None = None,
    decimals: int | None = None,
) -> Diagram:
    """The picture of a moment, for one example of its batch.

    Without a zoom it is as near as there is room for; and as many of the decimals are shown as there is room for.
    """
    figures, room = NetworkValues(snapshot, example, lit, notation, gradients), DiagramRoom(width, height)
    narrow: Diagram | None = None
    for drawn in _drawings(figures, room, zoom, _layouts(decimals)):
        if drawn.fits(room):
            return drawn
        if narrow is None and drawn.zoom is zoom and drawn.width < room.width:  # a column for the scrollbar
            narrow = drawn
    return narrow or drawn


def _layouts(decimals: int | None) -> Sequence[DiagramLayout]:
    """Those with more decimals than by themselves come first."""
    wanted = range(decimals or 0, LAYOUTS[0].decimals, -1)
    return [*(layout._replace(decimals=n) for n in wanted for layout in LAYOUTS[:2]), *LAYOUTS]


def _drawings(
    figures: NetworkValues, room: DiagramRoom, zoom: Zoom | None, layouts: Sequence[DiagramLayout]
) -> Iterator[Diagram]:
    """All ways to draw it, from the fullest to the sparest."""
    is_small = all(W.size <= MOST_WEIGHTS for W in figures.snapshot.state.W)
    if zoom is Zoom.NUMBERS or (zoom is None and is_small):
        rows = numbers_rows(figures, room)
        yield from (_numbers(figures, room, rows, layout) for layout in layouts)
    if zoom is Zoom.BEADS or zoom is None:
        yield from (_beads(figures, room, layout, spacing) for layout in layouts[:-1] for spacing in (2, 1))
    if zoom is not Zoom.NUMBERS and zoom is not Zoom.BEADS:
        yield from (_patches(figures, room, cell) for cell in (2, 1))


def _numbers(figures: NetworkValues, room: DiagramRoom, rows: Sequence[Rows], layout: DiagramLayout) -> Diagram:
    layers = range(len(rows))
    neurons = [Neurons(figures, n, rows[n], layout.decimals, labels=layout.labels) for n in layers]
    wires = [Wires(figures, n, rows[n], rows[n + 1], layout.decimals, layout.stroke) for n in layers[:-1]]
    if layout.is_tight:
        for each in wires:
            each.tighten()
    height = max(each.top + each.height for each in rows)
    width = room.width - (height > room.height)  # a column for the scrollbar
    _widen(wires, width - sum(each.width for each in neurons) - sum(each.width for each in wires))
    return Diagram(_alternate(neurons, wires), height, Zoom.NUMBERS)


def numbers_rows(figures: NetworkValues, room: DiagramRoom) -> list[Rows]:
    """A row for each connection that leads to a neuron."""
    sizes = [len(values) for values in figures.values]
    layers = [Rows(sizes[0], gap=_gap(sizes[0], 1, room)).within(room.height, 1)]
    for source, count in pairwise(sizes):
        gap = _gap(count, source, room)
        layers.append(Rows(count, source, gap).within(room.height, 1))
    return _disentangled(layers, room)


def _disentangled(layers: list[Rows], room: DiagramRoom) -> list[Rows]:
    """The layers moved a little, so that no wire must run along a stroke."""
    best = layers
    for last in _moved(layers[-1], room):
        placed = [last]
        for rows in reversed(layers[:-1]):
            placed.insert(0, min(_moved(rows, room), key=partial(_tangles_into, placed[0])))
        if not _tangles_of(placed):
            return placed
        best = min(best, placed, key=_tangles_of)
    return best


def _moved(rows: Rows, room: DiagramRoom) -> list[Rows]:
    """A layer in all places where it fits, the nearest first."""
    last = max(1, room.height - rows.height)
    return [rows._replace(top=top) for top in sorted(range(1, last + 1), key=lambda top: abs(top - rows.top))]


def _tangles_of(layers: list[Rows]) -> int:
    return sum(tangles(sources, targets) for sources, targets in pairwise(layers))


def _tangles_into(targets: Rows, sources: Rows) -> int:
    return tangles(sources, targets)


def tangles(sources: Rows, targets: Rows) -> int:
    """Wires that run along the stroke of a wire that stands further left."""
    if sources.neurons > MOST_COLUMNS:
        return 0
    entries = [targets.at(sources.of(k)) for k in range(sources.neurons)]
    return len([k for k, entry in enumerate(entries) if entry and entry[1] < k])


def _gap(count: int, each: int, room: DiagramRoom) -> int:
    """Empty rows between neurons, as many as there is room for; between groups of connections one, where that fits."""
    spare = room.height - 1 - count * each
    if each > 1:
        return 0 if 0 <= spare < count - 1 else 1
    return min(MOST_GAP, max(0, spare // max(count - 1, 1)))


def _widen(wires: Sequence[Wires], spare: int) -> None:
    """Give the connections what room there is, in turn."""
    given = True
    while spare > 0 and given:
        given = False
        for each in wires:
            taken = each.widen(spare)
            spare -= taken
            given = given or taken > 0


def _beads(figures: NetworkValues, room: DiagramRoom, layout: DiagramLayout, spacing: int) -> Diagram:
    sizes = [len(values) for values in figures.values]
    gap = 1 if max(sizes) * 2 + 1 <= room.height else 0
    top = Rows(max(sizes), gap=gap).within(room.height, 2).top
    rows = [Rows(count, gap=gap, top=top) for count in sizes]
    neurons = [Neurons(figures, n, rows[n], layout.decimals, labels=layout.labels) for n in range(len(rows))]
    bars = [Crossbar(figures, n, rows[n + 1], spacing) for n in range(len(rows) - 1)]
    return Diagram(_alternate(neurons, bars), max(each.top + each.height for each in rows), Zoom.BEADS)


def _patches(figures: NetworkValues, room: DiagramRoom, cell: int) -> Diagram:
    layers: list[Column] = [_patch(figures, n, room, cell) for n in range(len(figures.values))]
    height = max(2, *(each.height if isinstance(each, ShadePatch) else room.height for each in layers))
    arrows = [PatchArrow(figures, n, height // 2) for n in range(len(layers) - 1)]
    return Diagram(_alternate(layers, arrows), height, Zoom.PATCHES)


def _patch(figures: NetworkValues, n: int, room: DiagramRoom, cell: int) -> Column:
    """A layer's neurons with their values where they fit, else as shades."""
    rows = Rows(len(figures.values[n])).within(room.height, 1)
    if rows.top + rows.height <= room.height:
        return Neurons(figures, n, rows, 3, labels=False)
    return ShadePatch(figures, n, room.height, cell)


def _alternate(neurons: Sequence[Column], between: Sequence[Column]) -> list[Column]:
    return [column for pair in zip(neurons, between, strict=False) for column in pair] + [neurons[-1]]
