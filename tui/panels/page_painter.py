"""The painter of a page: the lines that can be seen, in the colours of the style sheet."""

from collections.abc import Callable
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ..text.cells import Cell
from ..text.spans import Page, Span, frozen_of, part_of


class Viewport(NamedTuple):
    """Which part of a page is seen."""

    x: int
    """Columns that are scrolled by."""
    y: int
    width: int
    """Columns of every line."""
    height: int
    columns: int
    """Columns that no scrollbar lies over."""

    def frozen(self, page: Page) -> int:
        """Columns of the page that stay where the others are scrolled."""
        return frozen_of(page) if self.x else 0


class PagePainter:
    """Makes lines of spans into strips."""

    def __init__(self, style_of: Callable[[str], Style]) -> None:
        """Ask for the style of each name once."""
        self._style_of = style_of
        self._resolved: dict[tuple[str, ...], Style] = {}

    def forget_styles(self) -> None:
        """Ask anew: the theme is another one."""
        self._resolved.clear()

    def strips(self, page: Page, seen: Viewport, cursor: Cell | None, behind: Style) -> list[Strip]:
        """All visible lines, with the cursor on a number."""
        return [self._strip(page, seen, y, cursor, behind) for y in range(seen.height)]

    def _strip(self, page: Page, seen: Viewport, y: int, cursor: Cell | None, behind: Style) -> Strip:
        segments: list[Segment] = []
        line = y + seen.y
        if line < page.height:
            column = cursor.x if cursor and cursor.y == line else None
            frozen = seen.frozen(page)
            self._append(segments, page, line, (0, frozen), column)
            self._append(segments, page, line, (seen.x + frozen, seen.x + seen.columns), column)
        return _strip_of(segments, seen.width, behind)

    def _append(self, segments: list[Segment], page: Page, y: int, part: tuple[int, int], cursor: int | None) -> None:
        """What stands on a line of the page from one column up to another, with the cursor where it is here."""
        first, last = part
        x, line = part_of(page, y, first, last) if first < last else (0, ())
        for span in line:
            begin, x = x, x + len(span.text)
            if begin >= last:
                break
            if x <= first:
                continue
            is_here = cursor == begin and span.quantity is not None
            style = self._style((*span.styles, "cursor") if is_here else span.styles)
            text = _seen(span, max(first - begin, 0), last - begin, is_table=frozen_of(page) > 0)
            segments.append(Segment(text, _unseen(segments, style) if text.isspace() else style))

    def _style(self, names: tuple[str, ...]) -> Style:
        style = self._resolved.get(names)
        if style is None:
            style = self._resolved[names] = Style.combine([Style.null(), *map(self._style_of, names)])
        return style


def _seen(span: Span, first: int, last: int, *, is_table: bool) -> str:
    """The columns of a span that can be seen; of a number that is cut, nothing that could be taken for another one."""
    text = span.text[first:last]
    if span.quantity and (span.text[:first].strip() or span.text[last:].strip()):
        return "…".ljust(len(text)) if first else "…".rjust(len(text))
    return " " * len(text) if is_table and span.text[:first].strip() else text


def _strip_of(segments: list[Segment], width: int, behind: Style) -> Strip:
    """A line of so many columns; it is made at once, as each one that Textual makes of another takes as long."""
    missing = width - sum(segment.cell_length for segment in segments)
    if missing > 0:
        segments.append(Segment(" " * missing))
    styled = Segment.apply_style(Segment.simplify(segments), behind)
    return Strip(styled, width) if missing >= 0 else Strip(styled).crop(0, width)


def _unseen(before: list[Segment], style: Style) -> Style:
    """The style of blanks: that of what stands before them where nobody can see it, so that less is sent."""
    last = before[-1].style if before else None
    if last is None or last.underline or last.reverse or last.bgcolor or style.bgcolor or style.reverse:
        return style
    return last
