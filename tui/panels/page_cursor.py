"""The cursor of a page: it is on a number, and moves to the next number."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ..text.spans import Cell, Page, PlacedPage, cells_of, nearest_cell, placed_of

if TYPE_CHECKING:
    from ...core.quantities.quantity import Quantity


class PageCursor:
    """A position on a page; the cursor is on the nearest number, even after the page changes.

    On a page that knows the positions of its numbers, it follows its number.
    """

    def __init__(self) -> None:
        """Begin at the first number."""
        self._at = (0, 0)
        """The column and the line."""
        self.quantity: Quantity | None = None
        """The number that it follows on every page; None before it was placed on one."""
        self._is_put = False
        """Whether it was placed."""
        self._found: tuple[Page, tuple[int, int], Cell | None] | None = None
        """The page, the position and the number found there, because each drawn line asks for it."""

    def put(self, x: int, y: int) -> None:
        """Move near a column of a line."""
        self._at, self.quantity, self._is_put = (x, y), None, True

    def seek(self, quantity: "Quantity") -> None:
        """Move to a number, as soon as a page has it."""
        self.quantity, self._found = quantity, None

    def stand_on(self, cell: Cell) -> None:
        """Move to a number; the numbers above and below are searched from its last digit."""
        self._at, self.quantity = (cell.x + cell.width - 1, cell.y), cell.quantity

    def cell(self, page: Page) -> Cell | None:
        """The number under the cursor."""
        if placed := placed_of(page):
            return self._placed(placed)
        if self._found is None or self._found[:2] != (page, self._at):
            x, y = self._at
            cell = nearest_cell(page, y, x, 1)
            is_other = self.quantity and cell and not _are_alike(cell.quantity, self.quantity)
            if is_other and self.quantity and (own := self.cell_of(page, self.quantity)):
                cell, self._at = own, (own.x + own.width - 1, own.y)
            self._found = (page, self._at, cell)
        return self._found[2]

    def next_cell(self, page: Page, x: int, y: int) -> Cell | None:
        """The next number in a direction."""
        here = self.cell(page)
        if here is None:
            return None
        if placed := placed_of(page):
            return placed.next_cell(here, x, y)
        if x:
            cells = cells_of(page.line(here.y), here.y)
            return cells[min(max(cells.index(here) + x, 0), len(cells) - 1)]
        return nearest_cell(page, here.y + y, here.x + here.width - 1, y)

    def cell_of(self, page: Page, quantity: "Quantity") -> Cell | None:
        """The position of a number; None if the page does not have it."""
        if placed := placed_of(page):
            return placed.cell_of(quantity)
        cells = [cell for y in range(page.height) for cell in cells_of(page.line(y), y)]
        exact = (cell for cell in cells if cell.quantity == quantity)
        return next(exact, next((cell for cell in cells if _are_alike(cell.quantity, quantity)), None))

    def far_cell(self, page: Page, lines: int) -> Cell | None:
        """The number this many lines further down, or up."""
        here = self.cell(page)
        if here is None:
            return None
        y = min(max(here.y + lines, 0), page.height - 1)
        return nearest_cell(page, y, here.x, lines) or nearest_cell(page, y, here.x, -lines)

    def _placed(self, page: PlacedPage) -> Cell | None:
        """The number that it follows, or near which it was placed; otherwise the first one."""
        x, y = self._at
        if self.quantity is None and self._is_put and (near := page.nearest_cell(y, x)):
            self.quantity = near.quantity
        cell = page.cell_of(self.quantity) if self.quantity else None
        return cell or page.first_cell()


def _are_alike(one: "Quantity", other: "Quantity") -> bool:
    """Whether two quantities are the same number, possibly of two examples."""
    return one.kind is other.kind and replace(one, example=None) == replace(other, example=None)
