"""A panel: its description, its frame, and the base of panels that show a page of the dashboard's view."""

from collections.abc import Callable
from enum import Enum
from functools import cached_property

from msgspec import Struct
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from ...core.quantities.quantity import OF_THE_BATCH
from ..terminal.late_view import write_above, write_below
from ..terminal.log import or_defect
from ..text.safe import safe
from ..view import View
from .page_view import PageView


class NothingDone(Message):
    """A key of a panel has no effect now, for a reason."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class StepAsked(Message):
    """The user wants to go to a step that a panel shows."""

    def __init__(self, step: int, *, is_ahead: bool = False) -> None:
        """Ask for a step.

        Args:
            step: its number.
            is_ahead: whether the training runs to a step that it has not reached.
        """
        super().__init__()
        self.step = step
        self.is_ahead = is_ahead


SEPARATOR = " │ "
EDGES = 6
"""Columns of an upper border without text: corners, a line beside each, and a blank beside the text."""


class Neighbours(Struct, frozen=True):
    """The titles of the panels in the same region, in the order of the tabs."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Frame:
    """The upper border of a panel."""

    def __init__(self, panel: Widget) -> None:
        """Begin with the panel alone in its region."""
        self._panel = panel
        self.neighbours = Neighbours()
        """The panels in the same region; set from above."""
        self._said: object = None

    def say(self, title: Callable[[], str], remark: Callable[[], str]) -> None:
        """Write the border if its text has changed."""
        panel, words = self._panel, (or_defect(title), or_defect(remark))
        width = title_width(panel)
        now = (self.neighbours, words, width, panel.has_focus)
        if now != self._said:
            self._said = now
            title_text, remark_text = map(safe, words)
            made = frame_title(self.neighbours, title_text, remark_text, width, has_focus=panel.has_focus)
            write_above(panel, made)


def title_width(panel: Widget) -> int:
    """The columns for a text in a border."""
    return max(panel.size.width + panel.gutter.width - EDGES, 0)


def frame_title(neighbours: Neighbours, title: str, remark: str, width: int, *, has_focus: bool) -> Content:
    """The upper border's text: tabs, with the shown panel in bold; a line; and a remark if it fits."""
    before, after = neighbours.before, neighbours.after
    while after and _length((*before, title, *after)) > width:
        after = after[:-1]
    while before and _length((*before, title, *after)) > width:
        before = before[1:]
    parts: list[Content] = []
    for each in (*before, title, *after):
        style = "bold" if each == title else "$faint"
        parts += [Content.styled(SEPARATOR, "$frame")] if parts else []
        parts.append(Content.styled(each, style))
    left = width - _length((*before, title, *after)) - len(remark) - 2
    if remark and left > 0:
        line = Content.styled(f" {'─' * left} ", "$accent" if has_focus else "$frame")
        parts += [line, Content.styled(remark, "$accent" if remark.endswith("✓") else "$second")]
    return Content.assemble(*parts)


def tab_at(neighbours: Neighbours, title: str, column: int) -> str | None:
    """The title of a neighbour at a column of the upper border's text; None for other columns."""
    begin = 0
    for each in (*neighbours.before, title, *neighbours.after):
        if begin <= column < begin + len(each):
            return each if each != title else None
        begin += len(each) + len(SEPARATOR)
    return None


def say_below(panel: Widget, make: Callable[[], str]) -> None:
    """Write the lower border as plain text, because it may contain an index in brackets."""
    if (text := Content(safe(or_defect(make)))).markup != (panel.border_subtitle or ""):
        write_below(panel, text)


def _length(titles: tuple[str, ...]) -> int:
    return sum(map(len, titles)) + len(SEPARATOR) * (len(titles) - 1)


NUMBER_ACTIONS = (
    "factor",
    "next-route",
    "edit-the-number",
    "nudge-down",
    "nudge-up",
    "gradient-check",
    "copy-the-number",
)
"""Actions of the dashboard for the number under the cursor."""


class Region(Enum):
    """A region of the grid, in the order of filling; several panels of a region are tabs."""

    NETWORK = "left, above"
    UPPER = "right, above"
    MIDDLE = "right, between the two others; on the largest screens"
    EXPLAIN = "left, below"
    LOWER = "right, below"
    LOWEST = "right, under the chart; on the largest screens, for the steps of a single example"


class PanelSpec(Struct, frozen=True, eq=False, kw_only=True, dict=True):
    """The description of a panel, in the file of its widget."""

    widget: type[Widget]
    """A widget with a reactive `view`."""
    key: str
    help: str
    """The help, in a few sentences."""
    region: Region
    actions: tuple[str, ...] = ()
    """Actions of the dashboard for this panel; its help lists them after its own."""
    short: str = ""
    """A short title for narrow tabs; empty if the title is short enough."""
    is_detour: bool = False
    """Whether a key opens it from another panel and returns there."""

    @cached_property
    def name(self) -> str:
        """The title in lower case: the identifier of the widget."""
        return self.title.lower()

    @cached_property
    def title(self) -> str:
        """The title of its tab and help."""
        return str(self.widget.BORDER_TITLE)


class PagePanel(PageView):
    """Base of the panels of text: each draws again only after a change."""

    view: var[View] = var(View())
    """The view of the dashboard."""

    class TabChosen(Message):
        """The user wants to see a neighbour, by its title."""

        def __init__(self, title: str) -> None:
            super().__init__()
            self.title = title

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[object, ...] | None = None
        self.frame = Frame(self)

    def shows(self) -> tuple[object, ...]:
        """The inputs of the page: parts of the view and of the panel's own state; equal ones give the same page."""
        return (self.view,)

    def above(self) -> str:
        """The title in the upper border."""
        return str(self.BORDER_TITLE)

    def aside(self) -> str:
        """The right end of the upper border."""
        return ""

    def below(self) -> str:
        """The text of the lower border."""
        return ""

    def watch_view(self) -> None:
        """Show a change, if the panel is visible."""
        if self.display:
            self.look()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw the border in another colour."""
        super().watch_has_focus(has_focus)
        self.look()

    def on_resize(self) -> None:
        """Fit the borders to the size."""
        self.look()

    def look(self) -> None:
        """Draw again if the page has changed, and update the borders."""
        mask = self.view.mask
        is_same, self._painter.mask = mask == self._painter.mask, mask
        if (now := self.shows()) != self._shown:
            self._shown = now
            self.renew()
        elif not is_same:
            self.repaint()
        self.frame.say(self.above, lambda: mask.text(self.aside()) if mask else self.aside())
        if self._kept.is_there:
            self.page_made()

    def page_made(self) -> None:
        """Update the lower border for a new page."""
        mask = self.view.mask
        say_below(self, lambda: mask.text(self.below()) if mask else self.below())

    def ask(self) -> None:
        """Ask for the number under the cursor; a number of the whole batch, such as the loss, has only its name."""
        named = self.view.cursor
        if named and named.kind in OF_THE_BATCH and self.view.quantity is None:
            cell = self._cursor.cell_of(self.page, named)  # or that of a number beside it
            if cell is None or cell.quantity.kind is not named.kind:
                self.post_message(self.Asked(named))
                return
        super().ask()

    def on_click(self, event: Click) -> None:
        """Show the neighbour under the mouse."""
        if event.y == 0 and self.styles.border_top[0]:
            if title := tab_at(self.frame.neighbours, self.above(), event.x - 3):
                self.post_message(self.TabChosen(title))
