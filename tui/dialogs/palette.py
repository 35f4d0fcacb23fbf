"""The command palette: Textual's own, but a click that comes when nothing is under it any more is no fault."""

from contextlib import suppress

from textual.app import ComposeResult
from textual.command import CommandInput, CommandList, CommandPalette, SearchIcon
from textual.containers import Horizontal, Vertical
from textual.errors import NoWidget
from textual.events import Click
from textual.widgets import LoadingIndicator

from .lists import PatientList


class Commands(CommandList, PatientList, can_focus=False):
    """The commands that are found."""


class Palette(CommandPalette):
    """A list of what can be done, to search in."""

    def compose(self) -> ComposeResult:
        """The same as Textual's, but for the list."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield SearchIcon()
                yield CommandInput(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                yield Commands()
                yield LoadingIndicator()

    def on_click(self, event: Click) -> None:
        """Leave where a click is beside the list; as the screen changes its size, nothing may be there."""
        event.prevent_default()
        with suppress(NoWidget):
            super()._on_click(event)
