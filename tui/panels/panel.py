"""A panel: what it says of itself, and the base of those that show a page of the dashboard's view."""

from dataclasses import dataclass
from enum import Enum

from textual.events import Click
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from ..dashboard.view import View
from .frame import Frame, say_below, tab_at
from .page_view import PageView


class Region(Enum):
    """A place for one panel, in the order in which the grid fills them; those that want it are tabs of it."""

    NETWORK = "left, above"
    UPPER = "right, above"
    MIDDLE = "right, between the two others; on the largest screens"
    EXPLAIN = "left, below"
    LOWER = "right, below"


@dataclass(frozen=True, eq=False, kw_only=True)
class PanelSpec:
    """A panel of the dashboard, in the file of its widget."""

    widget: type[Widget]
    """It has a reactive `view`."""
    key: str
    help: str
    """What it shows, in a few sentences."""
    region: Region
    short: str = ""
    """Its title where a tab has little room; empty where the title is short enough."""
    is_detour: bool = False
    """Somebody comes to it from another panel, and goes back there."""

    @property
    def name(self) -> str:
        """The title in lower case: the identifier of the widget."""
        return self.title.lower()

    @property
    def title(self) -> str:
        """What its tab and the help call it."""
        return str(self.widget.BORDER_TITLE)


class PagePanel(PageView):
    """Base of the panels of text: each draws anew only where what it shows has changed."""

    view: var[View] = var(View())
    """Set from above."""

    class TabChosen(Message):
        """Somebody wants to see a neighbour, by its title."""

        def __init__(self, title: str) -> None:
            super().__init__()
            self.title = title

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[object, ...] | None = None
        self.frame = Frame(self)

    def shows(self) -> tuple[object, ...]:
        """What the page is made of: parts of the view, and what the panel itself keeps."""
        return (self.view,)

    def above(self) -> str:
        """What the upper border calls it."""
        return str(self.BORDER_TITLE)

    def aside(self) -> str:
        """What the upper border says at the right."""
        return ""

    def below(self) -> str:
        """What the lower border says."""
        return ""

    def watch_view(self) -> None:
        """Show what has changed, where it can be seen."""
        if self.display:
            self.look()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw the border in another colour."""
        super().watch_has_focus(has_focus)
        self.look()

    def on_resize(self) -> None:
        """Fit the borders."""
        self.look()

    def look(self) -> None:
        """Draw anew where the page would be another one, and say in the borders what is true now."""
        if (now := self.shows()) != self._shown:
            self._shown = now
            self.renew()
        self.frame.say(self.above, self.aside)
        say_below(self, self.below)

    def on_click(self, event: Click) -> None:
        """Show the neighbour whose name is under the mouse."""
        if event.y == 0 and self.styles.border_top[0]:
            if title := tab_at(self.frame.neighbours, self.above(), event.x - 3):
                self.post_message(self.TabChosen(title))
