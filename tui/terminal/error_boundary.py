"""A page that reports its own errors, so that none of them ends the program."""

from collections.abc import Callable

from ..text.spans import (
    Frozen,
    HasPlaces,
    Line,
    Lines,
    Page,
    Part,
    PlacedPage,
    Span,
    Wide,
    frozen_of,
    heads_of,
    placed_of,
)
from .log import defect


class ErrorBoundary(Wide, Frozen, HasPlaces):
    """A page that replaces a broken line by a line that reports the error."""

    def __init__(self, make: Callable[[], Page]) -> None:
        """Create a page; on an error, a page with one line."""
        self._fault: tuple[int, Line] | None = None
        """The first broken line with its report, because it may be read before it is painted."""
        self._parts: dict[tuple[int, int, int], Part] = {}
        """The parts that were read: a page never changes, but may be painted again, with a cursor or without."""
        try:
            self._take(make())
        except Exception as error:  # any error: the other panels keep working
            self._take(Lines([_defect_line(error)]))

    @property
    def frozen(self) -> int:
        """Columns that stay when the others are scrolled."""
        return frozen_of(self._page)

    @property
    def heads(self) -> int:
        """Lines that stay when the others are scrolled."""
        return heads_of(self._page)

    @property
    def placed(self) -> PlacedPage | None:
        """The page, if it knows the positions of its numbers."""
        return placed_of(self._page)

    def line(self, y: int) -> Line:
        """Line number y, from 0."""
        try:
            return self._page.line(y)
        except Exception as error:  # lines are created only here
            return self._report(y, error)

    def part(self, y: int, first: int, last: int) -> Part:
        """The part of a line from one column up to another, possibly with more."""
        part = self._parts.get((y, first, last))
        if part is None:
            page = self._page
            try:
                part = page.part(y, first, last) if isinstance(page, Wide) else (0, page.line(y))
            except Exception as error:
                part = 0, self._report(y, error)
            self._parts[y, first, last] = part
        return part

    def _take(self, page: Page) -> None:
        self._page, self.width, self.height = page, page.width, page.height
        self.is_of_any_height = isinstance(page, Lines) and page.is_of_any_height

    def _report(self, y: int, error: Exception) -> Line:
        if self._fault is None:
            self._fault = y, _defect_line(error)
        return self._fault[1] if self._fault[0] == y else ()


def _defect_line(error: Exception) -> Line:
    return (Span(defect(error), ("wrong",)),)
