"""A widget that shows a page: only its visible lines are created; a cursor moves from number to number."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.events import Click, MouseEvent
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from ..action import Action, Group, perform
from ..keymap import bindings
from ..terminal.error_boundary import ErrorBoundary
from ..terminal.late_view import NOTHING, LateView, scroll_over
from ..text.spans import Cell, Lines, Page, cell_near, frozen_of, placed_of
from .page_cursor import PageCursor
from .page_painter import NO_VIEWPORT, PagePainter, Viewport
from .page_style import page_style

if TYPE_CHECKING:
    from ...core.quantities.quantity import Quantity

ARROWS = "move from number to number; in the loss and the steps: from step to step"
PAGES = "a page up, down; in the loss: far back, far forward"
ENTER = "explain the number under the cursor; in the loss and the steps: go to the step"


def cursor_key(name: str, keys: str, label: str, do: Callable[[Any], object], display: str) -> Action[Any]:
    """The action of an arrow or a page key in a panel."""
    return Action(name, keys, label, PAGES if keys.startswith("page") else ARROWS, Group.LOOK, do, display=display)


def explain_key(word: str) -> Action[Any]:
    """The action of enter in a panel, with its word in the key line."""
    return Action("explain", "enter", "Explain", ENTER, Group.EXPLAIN, lambda view: view.ask(), word=word, rank=7)


class PageView(LateView, can_focus=True, inherit_bindings=False):
    """Base of the widgets that show text; a subclass provides the page."""

    ACTIONS: ClassVar[tuple[Action[Any], ...]] = (
        cursor_key("number-above", "up", "Number above", lambda view: view.move(0, -1), "↑"),
        cursor_key("number-below", "down", "Number below", lambda view: view.move(0, 1), "↓"),
        cursor_key("number-before", "left", "Number left", lambda view: view.move(-1, 0), "←"),
        cursor_key("number-after", "right", "Number right", lambda view: view.move(1, 0), "→"),
        cursor_key("page-up", "pageup", "Page up", lambda view: view.move(pages=-1), "pgup"),
        cursor_key("page-down", "pagedown", "Page down", lambda view: view.move(pages=1), "pgdn"),
        explain_key("details"),
    )
    BINDINGS = bindings(ACTIONS)

    class Chosen(Message):
        """The cursor has moved to another number."""

        def __init__(self, quantity: "Quantity") -> None:
            super().__init__()
            self.quantity = quantity

    class Asked(Message):
        """The user wants a number explained."""

        def __init__(self, quantity: "Quantity") -> None:
            super().__init__()
            self.quantity = quantity

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._kept = KeptPage(lambda size: ErrorBoundary(lambda: self.make_page(size)))
        self._followed: Page | None = None
        """The page that the borders and the scrollbars belong to."""
        self._is_old = True
        """Whether the strips may belong to an older page or cursor."""
        self._cursor = PageCursor()
        self._sought: Quantity | None = None
        """The number to scroll to, once the view has a size."""
        self._told: Quantity | None = None
        """The number that was reported last."""
        self._painter = PagePainter(lambda name: page_style(self.app, name))
        self._strips: list[Strip] = []
        self._painted = NO_VIEWPORT
        """The part of the page in the strips."""

    def make_page(self, size: Size) -> Page:
        """The page in this many columns and rows."""
        return Lines([])

    @property
    def page(self) -> Page:
        """The page that is shown."""
        page = self._kept.in_room(self.content_size)
        if page is not self._followed and self.is_attached and self.size:
            self._followed = page
            scroll_over(self, scrolled_size(page, self.size))
            self.page_made()
        return page

    def whole_size(self, room: Size) -> Size:
        """The size of the page in this many columns and rows."""
        return scrolled_size(self._kept.in_room(room), room)

    def page_made(self) -> None:
        """React to a new page."""

    @property
    def cell(self) -> Cell | None:
        """The number under the cursor."""
        return self._cursor.cell(self.page)

    def renew(self) -> None:
        """Replace the page."""
        self._kept.forget()
        self.repaint()

    def repaint(self) -> None:
        """Draw the changes soon."""
        self._is_old = True
        self.refresh(NOTHING)

    def changed_lines(self) -> Iterable[Region]:
        """Paint the visible lines; those that have changed since the last time."""
        if not self._is_old and self._painted == viewport_of(self):
            return ()
        before, old = self._painted, self._strips
        page = self.page  # first, because a new page may be scrolled
        self._is_old, self._painted = False, viewport_of(self)
        seen = self._painted
        self._strips = self._painter.strips(page, seen, drawn_cursor(self), self.rich_style)
        if seen != before:
            return (seen.region,)
        lines = enumerate(zip(old, self._strips, strict=True))
        return [Region(0, y, seen.width, 1) for y, (was, now) in lines if was != now]

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        if self._is_old:
            self.changed_lines()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def notify_style_update(self) -> None:
        """Use the new colours."""
        super().notify_style_update()
        self._painter.forget_styles()
        self._painted = NO_VIEWPORT

    def on_resize(self) -> None:
        """Fit the new size; the cursor may be on another number then."""
        self.repaint()
        if self._sought and self.size:
            self.move(to=self._sought)
        elif self.has_focus and self.size and (here := self.cell) and here.quantity != self._told:
            tell_cell(self)

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the cursor, which an unfocused panel does not have."""
        super().watch_has_focus(has_focus)
        self.repaint()
        if has_focus and self.size:  # a view that has no size yet reports its number with the first one
            tell_cell(self)

    def on_click(self, event: Click) -> None:
        """Put the cursor on the number under the mouse; a double click explains it."""
        content = event.get_content_offset(self)
        if content is None:
            return
        self._cursor.put(*viewport_of(self).place_of(self.page, *content))
        tell_cell(self)
        self.repaint()
        if event.chain > 1:
            self.ask()

    def cell_under(self, event: MouseEvent) -> Cell | None:
        """The number under the mouse."""
        content = event.get_content_offset(self)
        if content is None:
            return None
        x, y = viewport_of(self).place_of(self.page, *content)
        cell = cell_near(self.page, y, x) if y < self.page.height else None
        return cell if cell and cell.x <= x < cell.x + cell.width else None

    async def action_do(self, name: str) -> None:
        """Carry out an action of the panel."""
        await perform(self, name)

    def move(self, x: int = 0, y: int = 0, pages: int = 0, to: "Quantity | None" = None) -> bool:
        """Move to a number, to the next one in a direction, or by pages; on a page without numbers, scroll.

        Returns:
            Whether the page has the number `to`.
        """
        lines = pages * self.size.height
        if to is not None:
            cell = self._cursor.cell_of(self.page, to)
            if cell is not None or not self.size:
                self._cursor.seek(to)
            self._sought = None if self.size else to
            if self.size:
                stand_on(self, cell)
            return cell is not None
        if self.cell is None:
            self.scroll_relative(x * 2, y + lines, animate=False)
        elif pages:
            stand_on(self, self._cursor.far_cell(self.page, lines))
        else:
            stand_on(self, self._cursor.next_cell(self.page, x, y))
        return True

    def ask(self) -> None:
        """Ask for the number under the cursor."""
        if here := self.cell:
            self.screen.post_message(self.Asked(here.quantity))


class KeptPage:
    """The page of a view, created once for each size."""

    def __init__(self, make: Callable[[Size], ErrorBoundary]) -> None:
        """Begin without a page."""
        self._make = make
        self._page: ErrorBoundary | None = None
        self._made_for = Size()

    @property
    def is_there(self) -> bool:
        """Whether there is a page, of any size."""
        return self._page is not None

    def in_room(self, size: Size) -> Page:
        """The page for a size, because a view is painted before it gets its new size."""
        page, other = self._page, size != self._made_for
        if page is None or other and not (page.is_of_any_height and size.width == self._made_for.width):
            page = self._page = self._make(size)
        self._made_for = size
        return page

    def forget(self) -> None:
        """Create the page again."""
        self._page = None


def stand_on(view: PageView, cell: Cell | None) -> None:
    """Put the cursor on a number, and scroll to it."""
    if cell is None:
        return
    view._cursor.stand_on(cell)
    scroll_over(view, scrolled_size(view.page, view.size))  # the view may not have its new size yet
    frozen = min(frozen_of(view.page), cell.x)
    region = Region(cell.x - frozen, max(cell.y - 1, 0), cell.width + frozen, 2)
    view.scroll_to_region(region, animate=False, force=True)
    tell_cell(view)
    view.repaint()


def seek(view: PageView, quantity: "Quantity") -> None:
    """Move to a number, now or with the first size: then its page is created only once."""
    if view.size:
        view.move(to=quantity)
    else:
        view._cursor.seek(quantity)
        view._sought = quantity


def tell_cell(view: PageView) -> None:
    """Report the number under the cursor immediately, so that one frame shows all changes."""
    if here := view.cell:
        view._told = here.quantity
        view.screen.post_message(view.Chosen(here.quantity))


def viewport_of(view: PageView) -> Viewport:
    """The part of its page that a view shows."""
    return Viewport(*view.scroll_offset, *view.size, view.scrollable_content_region.width)


def drawn_cursor(view: PageView) -> Cell | None:
    """The number to draw the cursor on; a page that knows its numbers' positions draws the cursor itself."""
    return view.cell if view.has_focus and placed_of(view.page) is None else None


def scrolled_size(page: Page, seen: Size) -> Size:
    """The size of a page that is scrolled; 0 if it fits, because Textual arranges all panels again for a new size."""
    return Size(page.width if page.width > seen.width else 0, page.height if page.height > seen.height else 0)
