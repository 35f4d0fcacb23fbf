"""Styled text without colours: spans with style names, and the cells in which a cursor finds their numbers."""

from abc import abstractmethod
from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from ...core.debugger.stage import Freshness
    from ...core.quantities.quantity import Quantity

FAR = 200
"""The lines after which the search for a number ends."""
TEXT = itemgetter(0)
"""The text of a span."""
NEAR = 40
"""Columns on both sides that are searched first, because a line can have a thousand numbers."""


class Span(NamedTuple):
    """A piece of a line, with its style names."""

    text: str
    styles: tuple[str, ...] = ()
    quantity: "Quantity | None" = None
    """The number that it shows, if a cursor can find it."""


class Cell(NamedTuple):
    """The position of a number on a page, and its name."""

    y: int
    x: int
    width: int
    quantity: "Quantity"


Line: TypeAlias = Sequence[Span]


class Page(Protocol):
    """Lines that are created when they are read."""

    @property
    def width(self) -> int:
        """Columns of the widest line."""

    @property
    def height(self) -> int:
        """How many lines there are."""

    def line(self, y: int) -> Line:
        """Line number y, from 0."""


def mark_styles(page: Page) -> set[str]:
    """The styles of the marks ✓ and ✗ on the first lines of a page."""
    spans = (span for y in range(min(page.height, FAR)) for span in page.line(y))
    return {style for span in spans if span.text.strip() in ("✓", "✗") for style in span.styles}


Part: TypeAlias = tuple[int, Line]
"""Consecutive spans of a line, and the column of the first one."""


class Wide:
    """Base of pages that can create a part of a line."""

    @abstractmethod
    def part(self, y: int, first: int, last: int) -> Part:
        """The part of a line from one column up to another, possibly with more."""


class Frozen:
    """Base of pages whose first columns or lines stay when the others are scrolled."""

    @property
    @abstractmethod
    def frozen(self) -> int:
        """The number of columns that stay."""

    @property
    def heads(self) -> int:
        """The number of first lines that stay when the others are scrolled."""
        return 0


class HasPlaces:
    """Base of pages that may know the positions of their numbers."""

    @property
    @abstractmethod
    def placed(self) -> "PlacedPage | None":
        """The page that knows the positions."""


class PlacedPage(HasPlaces):
    """Base of pages on which the cursor follows a number, and finds others by position."""

    @property
    def placed(self) -> "PlacedPage":
        """The page itself."""
        return self

    @abstractmethod
    def cell_of(self, quantity: "Quantity") -> Cell | None:
        """The position of a number, or of the number that it belongs to."""

    @abstractmethod
    def nearest_cell(self, y: int, x: int) -> Cell | None:
        """The number nearest to a row and a column."""

    @abstractmethod
    def first_cell(self) -> Cell | None:
        """The first position of the cursor."""

    @abstractmethod
    def next_cell(self, cell: Cell, x: int, y: int) -> Cell:
        """The next number in a direction; the same number if there is none."""


def placed_of(page: Page) -> PlacedPage | None:
    """The page that knows the positions of its numbers; None if none does."""
    return page.placed if isinstance(page, HasPlaces) else None


def frozen_of(page: Page) -> int:
    """The number of a page's columns that stay when the others are scrolled."""
    return page.frozen if isinstance(page, Frozen) else 0


def heads_of(page: Page) -> int:
    """The number of a page's first lines that stay when the others are scrolled."""
    return page.heads if isinstance(page, Frozen) else 0


class HasLines(Protocol):
    """A page, or a part of one."""

    def line(self, y: int) -> Line:
        """Line number y, from 0."""


def part_of(page: HasLines, y: int, first: int, last: int) -> Part:
    """The part of a page's line from one column up to another, possibly with more."""
    return page.part(y, first, last) if isinstance(page, Wide) else (0, page.line(y))


class Lines(NamedTuple):
    """A page with all its lines."""

    lines: Sequence[Line]
    is_of_any_height: bool = False
    """Whether the lines are the same at any height."""

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return max([sum(map(len, map(TEXT, line))) for line in self.lines], default=0)

    @property
    def height(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    def line(self, y: int) -> Line:
        """Line number y, from 0."""
        return self.lines[y]


def label(text: str) -> Span:
    """A word beside a number."""
    return Span(text, ("label",))


def heading(text: str) -> Span:
    """A word over numbers."""
    return Span(text, ("heading",))


def number_styles(value: float, freshness: "Freshness") -> tuple[str, ...]:
    """The styles of a number: its sign and its age."""
    return ("plus" if value > 0 else "minus" if value < 0 else "zero", freshness.value)


def value_styles(freshness: "Freshness", *, is_emphasized: bool) -> tuple[str, ...]:
    """The styles of a number in a table: the colour of text, and bold if only some of the numbers are new."""
    age = freshness.value
    return ("value", "current" if age == "new" and not is_emphasized else age)


def marked(line: Line, width: int) -> Line:
    """The table line of the cursor: its name in the cursor's colour, with a background of its own."""
    first, *others = line
    missing = width - sum([len(span.text) for span in line])
    spans = (
        [Span(first.text, ("accent",)), *others, Span(" " * missing)]
        if missing > 0
        else [Span(first.text, ("accent",)), *others]
    )
    return [span._replace(styles=(*span.styles, "selected")) for span in spans]


def blank(width: int) -> Span:
    """The text for a number that is not computed yet."""
    return Span("·".rjust(width), ("label",))


def cells_of(line: Line, y: int, begin: int = 0) -> list[Cell]:
    """The cells of a line that begins at a column, from left to right."""
    cells, x = [], begin
    for span in line:
        if span.quantity:
            cells.append(Cell(y, x, len(span.text), span.quantity))
        x += len(span.text)
    return cells


def cell_near(page: Page, y: int, x: int) -> Cell | None:
    """The cell of a line at a column, or the nearest one."""
    begin, line = part_of(page, y, x - NEAR, x + NEAR)
    cells = cells_of(line, y, begin) or cells_of(page.line(y), y)
    return min(cells, key=lambda cell: max(cell.x - x, x - cell.x - cell.width + 1, 0), default=None)


def nearest_cell(page: Page, y: int, x: int, direction: int) -> Cell | None:
    """The cell nearest to a column, on the first line with a cell from line y on, up or down; else the other way."""
    for step in (direction, -direction):
        lines = range(y, page.height) if step > 0 else range(y, -1, -1)
        for line in lines[:FAR]:
            if 0 <= line < page.height and (cell := cell_near(page, line, x)):
                return cell
    return None
