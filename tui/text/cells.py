"""Cells: the numbers of a page that a cursor can stand on."""

from typing import NamedTuple

from ...core.quantities.quantity import Quantity
from .spans import Line, Page, part_of

FAR = 200
"""Lines after which the search for a number ends."""
NEAR = 40
"""Columns to both sides in which a number is looked for first: a line can have a thousand."""


class Cell(NamedTuple):
    """A number's place on a page, and which one it is."""

    y: int
    x: int
    width: int
    quantity: Quantity


def cells_of(line: Line, y: int, begin: int = 0) -> list[Cell]:
    """The cells of a line that begins at a column, from left to right."""
    cells, x = [], begin
    for span in line:
        if span.quantity:
            cells.append(Cell(y, x, len(span.text), span.quantity))
        x += len(span.text)
    return cells


def cell_near(page: Page, y: int, x: int) -> Cell | None:
    """The cell of a line at a column, or the one nearest to it."""
    begin, line = part_of(page, y, x - NEAR, x + NEAR)
    cells = cells_of(line, y, begin) or cells_of(page.line(y), y)
    return min(cells, key=lambda cell: max(cell.x - x, x - cell.x - cell.width + 1, 0), default=None)


def nearest_cell(page: Page, y: int, x: int, direction: int) -> Cell | None:
    """The cell nearest to a column, on the first line that has any from line y on, up or down; else the other way."""
    for step in (direction, -direction):
        lines = range(y, page.height) if step > 0 else range(y, -1, -1)
        for line in lines[:FAR]:
            if 0 <= line < page.height and (cell := cell_near(page, line, x)):
                return cell
    return None
