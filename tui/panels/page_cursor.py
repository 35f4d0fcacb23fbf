"""The cursor of a page: it stands on a number, and goes from there to the next one."""

from dataclasses import replace

from ...core.quantities.quantity import Quantity
from ..text.cells import Cell, cells_of, nearest_cell
from ..text.spans import Page


class PageCursor:
    """A place on a page; the cursor stands on the number nearest to it, whatever the page becomes."""

    def __init__(self) -> None:
        """Begin at the first number."""
        self._at = (0, 0)
        """The column and the line."""
        self._found: tuple[Page, tuple[int, int], Cell | None] | None = None
        """The page, the place on it, and the number found there: each line that is drawn asks for it."""
        self._wanted: Quantity | None = None
        """The number that it follows, wherever a page has it."""

    def put(self, x: int, y: int) -> None:
        """Stand near a column of a line."""
        self._at, self._wanted = (x, y), None

    def seek(self, quantity: Quantity) -> None:
        """Stand on a number, as soon as a page has it."""
        self._wanted, self._found = quantity, None

    def stand_on(self, cell: Cell) -> None:
        """Stand on a number; those above and below it are looked for from its last digit."""
        self._at, self._wanted = (cell.x + cell.width - 1, cell.y), cell.quantity

    def cell(self, page: Page) -> Cell | None:
        """The number that it is on."""
        if self._found is None or self._found[:2] != (page, self._at):
            x, y = self._at
            cell = nearest_cell(page, y, x, 1)
            is_other = self._wanted and cell and not _are_alike(cell.quantity, self._wanted)
            if is_other and self._wanted and (own := self.cell_of(page, self._wanted)):
                cell, self._at = own, (own.x + own.width - 1, own.y)
            self._found = (page, self._at, cell)
        return self._found[2]

    def next_cell(self, page: Page, x: int, y: int) -> Cell | None:
        """The next number in a direction."""
        here = self.cell(page)
        if here is None:
            return None
        if x:
            cells = cells_of(page.line(here.y), here.y)
            return cells[min(max(cells.index(here) + x, 0), len(cells) - 1)]
        return nearest_cell(page, here.y + y, here.x + here.width - 1, y)

    def cell_of(self, page: Page, quantity: Quantity) -> Cell | None:
        """Where a number is; None where the page does not have it."""
        cells = [cell for y in range(page.height) for cell in cells_of(page.line(y), y)]
        exact = (cell for cell in cells if cell.quantity == quantity)
        return next(exact, next((cell for cell in cells if _are_alike(cell.quantity, quantity)), None))

    def far_cell(self, page: Page, lines: int) -> Cell | None:
        """The number so many lines further down, or up."""
        here = self.cell(page)
        if here is None:
            return None
        y = min(max(here.y + lines, 0), page.height - 1)
        return nearest_cell(page, y, here.x, lines) or nearest_cell(page, y, here.x, -lines)


def _are_alike(one: Quantity, other: Quantity) -> bool:
    """Whether two are the same number, be it of two examples."""
    return one.kind is other.kind and replace(one, example=None) == replace(other, example=None)
