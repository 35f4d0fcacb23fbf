"""Cells: the numbers of a page that a cursor can stand on."""

from collections.abc import Sequence
from typing import NamedTuple

from .spans import Line, Page

FAR = 200
"""Lines after which the search for a number ends."""


class Cell(NamedTuple):
    """A number's place on a page, and its name."""

    y: int
    x: int
    width: int
    quantity: str


def cells_of(line: Line, y: int) -> list[Cell]:
    """The cells of a line, from left to right."""
    cells, x = [], 0
    for span in line:
        if span.quantity:
            cells.append(Cell(y, x, len(span.text), span.quantity))
        x += len(span.text)
    return cells


def cell_at(cells: Sequence[Cell], x: int) -> Cell | None:
    """The cell at a column, or the one nearest to it."""
    return min(cells, key=lambda cell: max(cell.x - x, x - cell.x - cell.width + 1, 0), default=None)


def nearest_line(page: Page, y: int, direction: int) -> int | None:
    """The first line with a cell from line y on, up or down; where there is none, the first the other way."""
    for step in (direction, -direction):
        lines = range(y, page.height) if step > 0 else range(y, -1, -1)
        for line in lines[:FAR]:
            if 0 <= line < page.height and cells_of(page.line(line), line):
                return line
    return None
