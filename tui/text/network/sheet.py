"""A sheet: a page that is drawn cell by cell, on which a cursor moves between the positions of numbers."""

from collections.abc import Mapping

from msgspec import Struct, field

from ....core.quantities.quantity import Kind, Quantity
from ..spans import Cell, Line, PlacedPage, Span
from .braille import Place, Styles

Drawn = tuple[str, Styles, Quantity | None]
EMPTY: Drawn = (" ", (), None)
COLUMNS = 4
"""Columns of numbers per layer: its neurons, labels beside them, labels before the next layer, weights."""
NEURONS, AT_SOURCES, AT_TARGETS, WEIGHTS = range(COLUMNS)
Key = tuple[str, int, int, int | None]


class Sheet(PlacedPage, Struct, eq=False):
    """Text over lines of dots."""

    width: int
    height: int
    dots: Mapping[Place, tuple[str, Styles]] = field(default_factory=dict)
    note: str = ""
    """A note on lines that are not drawn."""
    texts: dict[Place, Drawn] = field(default_factory=dict)
    """The text of each cell."""
    _columns: dict[Quantity, int] = field(default_factory=dict)
    """The column of each number."""
    stops: dict[Quantity, Cell] = field(default_factory=dict)
    """The position of each number."""
    _lines: dict[int, Line] = field(default_factory=dict)
    _rows: dict[int, dict[int, Drawn]] | None = None

    def put(self, y: int, x: int, text: str, styles: Styles = (), quantity: Quantity | None = None) -> None:
        """Write a text at a row and a column."""
        for k, character in enumerate(text):
            self.texts[y, x + k] = character, styles, quantity

    def ground(self, y: int, x: int, width: int, style: str) -> None:
        """Set the background of some cells."""
        for k in range(x, x + width):
            character, styles, quantity = self.texts.get((y, k), EMPTY)
            self.texts[y, k] = character, (*styles, style), quantity

    def stop(self, column: int, y: int, x: int, width: int, quantity: Quantity) -> None:
        """Register the position of a number for the cursor."""
        self._columns[quantity], self.stops[quantity] = column, Cell(y, x, width, quantity)

    def line(self, y: int) -> Line:
        """Line number y, from 0."""
        if y not in self._lines:
            self._lines[y] = self._made(y)
        return self._lines[y]

    def cell_of(self, quantity: Quantity) -> Cell | None:
        """The position of a number, or of the one that it belongs to: for a gradient its weight, for z its neuron."""
        if quantity in self.stops:
            return self.stops[quantity]
        wanted = key_of(quantity)
        return next((cell for cell in self.stops.values() if key_of(cell.quantity) == wanted), None)

    def nearest_cell(self, y: int, x: int) -> Cell | None:
        """The number at a position, or the nearest one."""
        drawn = self.texts.get((y, x), EMPTY)[2]
        if drawn and (cell := self.cell_of(drawn)):
            return cell
        return min(self.stops.values(), key=lambda each: _distance(each, y, x), default=None)

    def first_cell(self) -> Cell | None:
        """The first output, because the network leads there."""
        neurons = [cell for each, cell in self.stops.items() if self._columns[each] % COLUMNS == NEURONS]
        last = max((key_of(cell.quantity)[1] for cell in neurons), default=0)
        return next((cell for cell in neurons if key_of(cell.quantity)[:2] == ("neuron", last)), None)

    def next_cell(self, cell: Cell, x: int, y: int) -> Cell:
        """The next number in a direction; the same number if there is none."""
        column = self._columns.get(cell.quantity, 0)
        own = self._of(column)
        if y:
            return _beside(own, cell, y) or cell
        level = [each for each in own if each.y == cell.y and (each.x - cell.x) * x > 0]
        if level:
            return min(level, key=lambda each: abs(each.x - cell.x))
        beyond = [each for each in self._columns.values() if (each - column) * x > 0]
        if not beyond:
            return cell
        there = self._of(min(beyond, key=lambda each: abs(each - column)))
        return min(there, key=lambda each: (not _touch(cell.quantity, each.quantity), abs(each.y - cell.y)))

    def _of(self, column: int) -> list[Cell]:
        """The numbers of a column."""
        return [cell for each, cell in self.stops.items() if self._columns[each] == column]

    def _made(self, y: int) -> Line:
        """The spans of a line; neighbouring cells with the same look are one span."""
        row, end = self._cells_of(y), 0
        cells: list[Drawn] = []
        for x in sorted(row):
            if not end <= x < self.width:
                continue
            if x > end:
                cells.append((" " * (x - end), *EMPTY[1:]))
            cells.append(row[x])
            end = x + 1
        cells.append((" " * (self.width - end), *EMPTY[1:]))
        spans: list[Span] = []
        text, styles, quantity = cells[0]
        for character, own, shown in cells[1:]:
            if shown is quantity and own == styles:
                text += character
            else:
                spans.append(Span(text, styles, quantity))
                text, styles, quantity = character, own, shown
        return [*spans, Span(text, styles, quantity)] if text else spans

    def _cells_of(self, y: int) -> Mapping[int, Drawn]:
        """The cells of a line that are not empty, by column; texts cover dots."""
        if self._rows is None:
            self._rows = {}
            for (at, x), (character, styles) in self.dots.items():
                self._rows.setdefault(at, {})[x] = character, styles, None
            for (at, x), drawn in self.texts.items():
                self._rows.setdefault(at, {})[x] = drawn
        return self._rows.get(y, {})


def key_of(quantity: Quantity) -> Key:
    """A key of the thing that a quantity belongs to: a neuron, a weight, a bias or a target."""
    if quantity.from_ is not None:
        return "weight", quantity.layer, quantity.to, quantity.from_
    if quantity.kind in (Kind.B, Kind.DB, Kind.CLIPPED_DB):
        return "bias", quantity.layer, quantity.to, None
    if quantity.kind is Kind.Y:
        return "target", 0, quantity.to, None
    return "neuron", 0 if quantity.kind is Kind.X else quantity.layer + 1, quantity.to, None


def _distance(cell: Cell, y: int, x: int) -> int:
    """The distance of a number from a position; a row counts as two columns."""
    return 2 * abs(cell.y - y) + max(cell.x - x, x - cell.x - cell.width + 1, 0)


def _beside(cells: list[Cell], cell: Cell, y: int) -> Cell | None:
    """The next number of a column, up or down; two numbers can share a position."""
    same = [each for each in cells if (each.y, each.x) == (cell.y, cell.x)]
    place = next((k for k, each in enumerate(same) if each.quantity == cell.quantity), 0) + y
    if 0 <= place < len(same):
        return same[place]
    beyond = [each for each in cells if (each.y - cell.y) * y > 0]
    nearest = min(beyond, key=lambda each: (abs(each.y - cell.y), abs(each.x - cell.x)), default=None)
    if nearest is None or y > 0:
        return nearest
    return [each for each in beyond if (each.y, each.x) == (nearest.y, nearest.x)][-1]


def _touch(one: Quantity, other: Quantity) -> bool:
    """Whether one of two quantities is a weight that begins or ends at the other."""
    first, second = key_of(one), key_of(other)
    for weight, neuron in ((first, second), (second, first)):
        if weight[0] == "weight" and neuron[0] == "neuron":
            return neuron[1:3] in ((weight[1], weight[3]), (weight[1] + 1, weight[2]))
    return False
