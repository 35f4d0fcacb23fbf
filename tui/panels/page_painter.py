"""The painter of a page: the lines that can be seen, in the colours of the style sheet."""

from collections.abc import Callable
from itertools import zip_longest
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ..text.spans import Cell, Line, Page, Span, frozen_of, heads_of, part_of

StyledCharacter = tuple[str, Style | None]
NEAR = 10
"""Columns that are sent along between two changes: to move the cursor takes as many bytes."""


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

    def place_of(self, page: Page, x: int, y: int) -> tuple[int, int]:
        """The column and the line of the page at a place of the panel."""
        return x if x < self.frozen(page) else x + self.x, y if y < heads_of(page) else y + self.y


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
        frozen, is_table = seen.frozen(page), frozen_of(page) > 0
        parts = ((0, frozen), (seen.x + frozen, seen.x + seen.columns))
        strips = []
        for row in range(seen.height):
            y = row if row < heads_of(page) else seen.y + row
            segments: list[Segment] = []
            column = cursor.x if cursor and cursor.y == y else None
            for first, last in parts:
                if first < last and y < page.height:
                    x, line = part_of(page, y, first, last)
                    self._append(segments, x, line, first, last, column, is_table=is_table)
            strips.append(_strip_of(segments, seen.width, behind))
        return strips

    def _append(
        self, segments: list[Segment], x: int, line: Line, first: int, last: int, here: int | None, *, is_table: bool
    ) -> None:
        """What stands on a line, which begins at x, from one column up to another, the cursor where it is here."""
        for span in line:
            text, names, quantity = span
            begin, x = x, x + len(text)
            if begin >= last:
                break
            if x <= first:
                continue
            if here == begin and quantity is not None:
                names = (*names, "cursor")
            style = self._resolved.get(names)
            if style is None:
                style = self._resolve(names)
            if begin < first or x > last:
                text = _seen(span, max(first - begin, 0), last - begin, is_table=is_table)
            segments.append(Segment(text, _unseen(segments, style) if text.isspace() else style))

    def _resolve(self, names: tuple[str, ...]) -> Style:
        """The style of some names, which is looked up once."""
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
    missing = width - sum([segment.cell_length for segment in segments])  # not lazily: thousands in each frame
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


def changed_parts(old: Strip, new: Strip) -> list[tuple[int, int]]:
    """The first column of each stretch in which two lines differ, and the one behind its last."""
    if old == new:
        return []
    if old.cell_length != len(old.text) or new.cell_length != len(new.text):
        return [(0, max(old.cell_length, new.cell_length))]
    before, after = _cells(old), _cells(new)
    parts: list[tuple[int, int]] = []
    for x, (one, other) in enumerate(zip_longest(before, after)):
        if one is other or one == other:
            continue
        if parts and x - parts[-1][1] <= NEAR:
            parts[-1] = parts[-1][0], x + 1
        else:
            parts.append((x, x + 1))
    return parts


def _cells(strip: Strip) -> list[StyledCharacter]:
    return [(character, segment.style) for segment in strip for character in segment.text]
