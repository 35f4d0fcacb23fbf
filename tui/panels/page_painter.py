"""The painter of a page: its visible lines in the colours of the style sheet."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from ..text.spans import Cell, Line, Page, Span, Wide, frozen_of, heads_of

if TYPE_CHECKING:
    from ..text.mask import Mask


class Viewport(NamedTuple):
    """The visible part of a page."""

    x: int
    """The number of columns scrolled."""
    y: int
    width: int
    """Columns of each line."""
    height: int
    columns: int
    """Columns without the scrollbar."""

    @property
    def region(self) -> Region:
        """The region in the panel."""
        return Region(0, 0, self.width, self.height)

    def frozen(self, page: Page) -> int:
        """Columns of the page that stay when the others are scrolled."""
        return frozen_of(page) if self.x else 0

    def place_of(self, page: Page, x: int, y: int) -> tuple[int, int]:
        """The column and the line of the page at a position in the panel."""
        return x if x < self.frozen(page) else x + self.x, y if y < heads_of(page) else y + self.y


NO_VIEWPORT = Viewport(0, 0, 0, 0, 0)
"""Before the first drawing."""


class SpanLook(NamedTuple):
    """The look of a span."""

    style: Style
    ground: object
    """The background as a key: equal for styles whose blanks look the same."""


class PagePainter:
    """Converts lines of spans into strips."""

    def __init__(self, style_of: Callable[[str], Style]) -> None:
        """Look up each style once, by this function."""
        self._style_of = style_of
        self._behind = Style.null()
        """The style behind all spans; each look begins with it."""
        self._looks: dict[tuple[str, ...], SpanLook] = {}
        self.mask: Mask | None = None
        """The hidden numbers; set from above."""
        self._painted: tuple[object, ...] = ()
        """What the strips were painted from."""
        self._strips: list[Strip] = []

    def forget_styles(self) -> None:
        """Look up all styles again after a change of the theme."""
        self._looks.clear()
        self._painted = ()

    def strips(self, page: Page, seen: Viewport, cursor: Cell | None, behind: Style) -> list[Strip]:
        """All visible lines, with the cursor on a number; the same ones if nothing has changed."""
        if self._painted != (now := (page, seen, cursor, behind, self.mask)):
            self._strips = self._paint(page, seen, cursor, behind)
            self._painted = now
        return self._strips

    def _paint(self, page: Page, seen: Viewport, cursor: Cell | None, behind: Style) -> list[Strip]:
        if behind != self._behind:
            self._behind = behind
            self.forget_styles()
        frozen, heads, is_table = seen.frozen(page), heads_of(page), frozen_of(page) > 0
        parts = [part for part in ((0, frozen), (seen.x + frozen, seen.x + seen.columns)) if part[0] < part[1]]
        strips = []
        for row in range(seen.height):
            y = row if row < heads else seen.y + row
            runs: list[tuple[str, Style]] = []
            column = cursor.x if cursor and cursor.y == y else None
            if y < page.height:
                for first, last in parts:
                    x, line = page.part(y, first, last) if isinstance(page, Wide) else (0, page.line(y))
                    self._append(runs, x, line, first, last, column, is_table=is_table)
            strips.append(self._strip_of(runs, seen.width))
        return strips

    def _append(
        self,
        runs: list[tuple[str, Style]],
        x: int,
        line: Line,
        first: int,
        last: int,
        here: int | None,
        *,
        is_table: bool,
    ) -> None:
        """Part of a line that begins at x, from one column up to another, with the cursor if it is here."""
        before: SpanLook | None = None
        for span in self.mask.line(line) if self.mask else line:
            text, names, quantity = span
            begin, x = x, x + len(text)
            if begin >= last:
                break
            if x <= first:
                continue
            if here == begin and quantity is not None:
                names = (*names, "cursor")
            look = self._looks.get(names) or self._look_of(names)
            if begin < first or x > last:
                text = _seen(span, max(first - begin, 0), last - begin, is_table=is_table)
            if look is before or (before and look.ground == before.ground and text.isspace()):
                runs[-1] = runs[-1][0] + text, runs[-1][1]
            else:
                runs.append((text, look.style))
                before = look

    def _look_of(self, names: tuple[str, ...]) -> SpanLook:
        """The look of some style names, looked up once."""
        style = Style.combine([self._behind, *map(self._style_of, names)])
        is_marked = style.underline or style.reverse
        look = self._looks[names] = SpanLook(style, object() if is_marked else style.bgcolor)
        return look

    def _strip_of(self, runs: list[tuple[str, Style]], width: int) -> Strip:
        """A line of this many columns; deriving it from an older line would be slower in Textual."""
        segments, missing = [], width
        for text, style in runs:
            segments.append(Segment(text, style))
            missing -= cell_len(text)
        if missing > 0:
            segments.append(Segment(" " * missing, self._behind))
        return Strip(segments, width) if missing >= 0 else Strip(segments).crop(0, width)


def _seen(span: Span, first: int, last: int, *, is_table: bool) -> str:
    """The visible columns of a span; a number that is cut loses its digits, because they would mislead."""
    text = span.text[first:last]
    if span.quantity and (span.text[:first].strip() or span.text[last:].strip()):
        return "…".ljust(len(text)) if first else "…".rjust(len(text))
    return " " * len(text) if is_table and span.text[:first].strip() else text
