"""Pages one below the other."""

from dataclasses import dataclass

from ..spans import Line, Page


@dataclass(frozen=True, eq=False)
class Stack:
    """A page of pages, with an empty line between two."""

    pages: tuple[Page, ...]

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return max((page.width for page in self.pages), default=0)

    @property
    def height(self) -> int:
        """Lines of all, and those between."""
        return sum(page.height + 1 for page in self.pages) - 1 if self.pages else 0

    def line(self, y: int) -> Line:
        """Line number y, from 0."""
        for page in self.pages:
            if y < page.height:
                return page.line(y)
            if y == page.height:
                break
            y -= page.height + 1
        return []
