"""What a panel says of itself: its name, its key, its help, and where it stands."""

from dataclasses import dataclass

from textual.widget import Widget


@dataclass(frozen=True, eq=False, kw_only=True)
class PanelSpec:
    """A panel of the dashboard, in the file of its widget."""

    widget: type[Widget]
    """It has a reactive `view`."""
    key: str
    help: str
    """What it shows, in a few sentences."""
    wide: tuple[int, ...]
    """Its cells where two columns and two rows of panels are seen, counted from 1 as one reads.

    Of the panels that want a cell the one that was shown last has it.
    """
    huge: tuple[int, ...]
    """Its cells where three columns and two rows are seen."""
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
