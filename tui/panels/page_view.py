"""A widget that shows a page: only the lines that can be seen are made; a cursor goes from number to number."""

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.content import Content
from textual.css.styles import RenderStyles
from textual.events import Click, MouseEvent
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ...core.quantities.quantity import Quantity
from ..terminal.error_boundary import ErrorBoundary
from ..terminal.log import or_defect
from ..text.cells import Cell, cell_near, cells_of, nearest_cell
from ..text.safe import safe
from ..text.spans import Line, Lines, Page, Span, frozen_of, part_of
from .strip_differences import changed_up_to


class PageView(ScrollView, can_focus=True, inherit_bindings=False):
    """Base of the panels that show text; a subclass says which page."""

    BINDINGS = [
        Binding("up", "move(0, -1)", "Number above", show=False),
        Binding("down", "move(0, 1)", "Number below", show=False),
        Binding("left", "move(-1, 0)", "Number before", show=False),
        Binding("right", "move(1, 0)", "Number after", show=False),
        Binding("pageup", "move_page(-1)", "Page up", show=False),
        Binding("pagedown", "move_page(1)", "Page down", show=False),
        Binding("enter", "explain", "Explain"),
    ]

    class Chosen(Message):
        """The cursor stands on another number."""

        def __init__(self, quantity: Quantity) -> None:
            super().__init__()
            self.quantity = quantity

    class Asked(Message):
        """Somebody wants a number explained."""

        def __init__(self, quantity: Quantity) -> None:
            super().__init__()
            self.quantity = quantity

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page: Page | None = None
        self._resolved: dict[tuple[str, ...], Style] = {}
        self._strips: list[Strip] = []
        self._painted_at: tuple[Offset, Size] | None = None
        self._cursor = (0, 0)
        """The column and the line near which it is; it stands on the number nearest to them."""
        self._found: tuple[Page, tuple[int, int], Cell | None] | None = None
        """The page, the place on it, and the number found there: each line that is drawn asks for it."""

    def make_page(self, size: Size) -> Page:
        """What to show in so much room."""
        return Lines([])

    def style_of(self, name: str) -> Style:
        """What the style sheet says of a name that a span carries."""
        return self.ink(name).partial_rich_style

    def ink(self, name: str) -> RenderStyles:
        """An ink, which the app has for all panels: Textual works out a widget's own at every change of focus."""
        return self.app.get_component_styles(f"page--{name}")

    @property
    def cell(self) -> Cell | None:
        """The number that the cursor is on."""
        page = self._current_page()
        if self._found is None or self._found[:2] != (page, self._cursor):
            x, y = self._cursor
            self._found = (page, self._cursor, self._cell_on(y, x, 1))
        return self._found[2]

    def renew(self) -> None:
        """Show something else than before."""
        self._page = None
        if self.is_attached and self.size:
            page = self._current_page()
            self.virtual_size = Size(page.width, page.height)
            self.repaint()

    def say_above(self, make: Callable[[], str]) -> None:
        """Write into the upper border; Textual paints the whole panel anew, so only where it says something else."""
        if (text := _as_markup(make)) != self.border_title:
            self.border_title = text

    def say_below(self, make: Callable[[], str]) -> None:
        """Write into the lower border."""
        if (text := _as_markup(make)) != self.border_subtitle:
            self.border_subtitle = text

    def repaint(self) -> None:
        """Send what differs from what was painted last."""
        if self._painted_at != self._place:
            self.refresh()
            return
        old, self._strips = self._strips, self._paint()
        for y, (before, after) in enumerate(zip(old, self._strips, strict=True)):
            if width := changed_up_to(before, after):
                self.refresh(Region(0, y, width, 1))

    def on_resize(self) -> None:
        """Fit the new size, in which the cursor may stand on another number."""
        self.renew()
        if self.has_focus:
            self._tell()

    def on_focus(self) -> None:
        """Show the cursor, which an unfocused panel does not have."""
        self.repaint()
        self._tell()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.repaint()

    def on_click(self, event: Click) -> None:
        """Put the cursor on the number under the mouse; twice explains it."""
        content = event.get_content_offset(self)
        if content is None:
            return
        self._cursor = self._place_of(content)
        self._tell()
        self.repaint()
        if event.chain > 1:
            self.action_explain()

    def cell_under(self, event: MouseEvent) -> Cell | None:
        """The number under the mouse."""
        content = event.get_content_offset(self)
        if content is None:
            return None
        (x, y), page = self._place_of(content), self._current_page()
        cell = cell_near(page, y, x) if y < page.height else None
        return cell if cell and cell.x <= x < cell.x + cell.width else None

    def action_move(self, x: int, y: int) -> None:
        """Go to the next number in a direction; where there are none, scroll."""
        here = self.cell
        if here is None:
            self.scroll_relative(x * 2, y, animate=False)
            return
        if x:
            cells = cells_of(self._current_page().line(here.y), here.y)
            there: Cell | None = cells[min(max(cells.index(here) + x, 0), len(cells) - 1)]
        else:
            there = self._cell_on(here.y + y, here.x + here.width - 1, y)
        self._stand_on(there)

    def action_move_page(self, pages: int) -> None:
        """Go down or up by as much as can be seen."""
        here = self.cell
        if here is None:
            self.scroll_relative(0, pages * self.size.height, animate=False)
            return
        last = self._current_page().height - 1
        y = min(max(here.y + pages * self.size.height, 0), last)
        self._stand_on(self._cell_on(y, here.x, pages) or self._cell_on(y, here.x, -pages))

    def action_explain(self) -> None:
        """Ask for the number under the cursor."""
        if here := self.cell:
            self.post_message(self.Asked(here.quantity))

    def notify_style_update(self) -> None:
        """Take the new colours."""
        super().notify_style_update()
        self._resolved.clear()
        self._painted_at = None

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        if self._painted_at != self._place:
            self._painted_at, self._strips = self._place, self._paint()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    @property
    def _place(self) -> tuple[Offset, Size]:
        """Which part of the page is seen."""
        return self.scroll_offset, self.scrollable_content_region.size

    def _paint(self) -> list[Strip]:
        """All visible lines."""
        here, behind, (scroll_x, scroll_y) = self.cell if self.has_focus else None, self.rich_style, self.scroll_offset
        page, width = self._current_page(), self.size.width
        is_table, frozen = frozen_of(page) > 0, self._frozen
        # A scrollbar lies over the last columns.
        parts = ((0, frozen), (scroll_x + frozen, scroll_x + self.scrollable_content_region.width))
        strips = []
        for y in range(scroll_y, scroll_y + self.size.height):
            segments: list[Segment] = []
            column = here.x if here and here.y == y else None
            for first, last in parts:
                if first < last and y < page.height:
                    x, line = part_of(page, y, first, last)
                    self._append(segments, x, line, first, last, column, is_table=is_table)
            strips.append(_strip(segments, width, behind))
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

    @property
    def _frozen(self) -> int:
        """Columns that stay where the others are scrolled."""
        return frozen_of(self._current_page()) if self.scroll_offset.x else 0

    def _place_of(self, content: Offset) -> tuple[int, int]:
        """The column and the line of the page at a place of the panel."""
        x = content.x if content.x < self._frozen else content.x + self.scroll_offset.x
        return x, content.y + self.scroll_offset.y

    def _cell_on(self, y: int, x: int, direction: int) -> Cell | None:
        return nearest_cell(self._current_page(), y, x, direction)

    def _stand_on(self, cell: Cell | None) -> None:
        if cell is None:
            return
        self._cursor = (cell.x + cell.width - 1, cell.y)
        frozen = min(frozen_of(self._current_page()), cell.x)
        region = Region(cell.x - frozen, max(cell.y - 1, 0), cell.width + frozen, 2)
        self.scroll_to_region(region, animate=False, force=True)
        self._tell()
        self.repaint()

    def _tell(self) -> None:
        if here := self.cell:
            self.post_message(self.Chosen(here.quantity))

    def _current_page(self) -> Page:
        if self._page is None:
            self._page = ErrorBoundary(lambda: self.make_page(self.content_size))
        return self._page

    def _resolve(self, names: tuple[str, ...]) -> Style:
        """The style of some names, which is looked up once."""
        style = self._resolved[names] = Style.combine([Style.null(), *map(self.style_of, names)])
        return style


def _seen(span: Span, first: int, last: int, *, is_table: bool) -> str:
    """The columns of a span that can be seen; of a number that is cut, nothing that could be taken for another one."""
    text = span.text[first:last]
    if span.quantity and (span.text[:first].strip() or span.text[last:].strip()):
        return "…".ljust(len(text)) if first else "…".rjust(len(text))
    return " " * len(text) if is_table and span.text[:first].strip() else text


def _as_markup(make: Callable[[], str]) -> str:
    """A text for a border, which takes brackets for markup; an index may stand in them."""
    return Content(safe(or_defect(make))).markup


def _strip(segments: list[Segment], width: int, behind: Style) -> Strip:
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
