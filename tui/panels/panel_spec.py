"""What a panel says of itself: its name, its key, its help, and the region of the screen that it stands in."""

from dataclasses import dataclass
from enum import Enum

from textual.widget import Widget


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
