"""A page that reports its own defects, so that none of them ends the program."""

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
    """A page that replaces what cannot be made by one line that says so."""

    def __init__(self, make: Callable[[], Page]) -> None:
        """Make a page; the one line in its place where that fails."""
        self._fault: tuple[int, Line] | None = None
        """The first line that could not be made, and what says so: it may be asked for before it is painted."""
        self._parts: dict[tuple[int, int, int], Part] = {}
        """What was shown already: a page never changes, but may be painted again, with a cursor or without."""
        try:
            self._take(make())
        except Exception as error:  # whatever it is, the other panels keep working
            self._take(Lines([_defect_line(error)]))

    @property
    def frozen(self) -> int:
        """Columns that stay where the others are scrolled."""
        return frozen_of(self._page)

    @property
    def heads(self) -> int:
        """The first lines, which stay where the others are scrolled."""
        return heads_of(self._page)

    @property
    def placed(self) -> PlacedPage | None:
        """The page, where it knows where its numbers are."""
        return placed_of(self._page)

    def line(self, y: int) -> Line:
        """Line number y, from 0."""
        try:
            return self._page.line(y)
        except Exception as error:  # the lines are made only now
            return self._report(y, error)

    def part(self, y: int, first: int, last: int) -> Part:
        """The part of a line from one column up to another, and perhaps some more."""
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
