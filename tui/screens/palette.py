"""The command palette: Textual's own, but a click that comes when nothing is under it is no fault."""

from contextlib import suppress

from textual.command import CommandPalette
from textual.errors import NoWidget
from textual.events import Click


class Palette(CommandPalette):
    """A list of what can be done, to search in."""

    def on_click(self, event: Click) -> None:
        """Leave where a click is beside the list; as the screen changes its size, nothing may be there."""
        event.prevent_default()
        with suppress(NoWidget):
            super()._on_click(event)
