"""The palette of commands: Textual's own, but a click that comes too early or too late does no harm."""

from contextlib import suppress

from textual.app import ComposeResult, SystemCommand
from textual.command import CommandInput, CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.containers import Horizontal, Vertical
from textual.errors import NoWidget
from textual.events import Click
from textual.widgets import LoadingIndicator, Static

from .patient_lists import PatientList


class Commands(CommandList, PatientList, can_focus=False):
    """The commands that match."""


class Palette(CommandPalette):
    """A list of commands with a search field."""

    CSS_PATH = "../dialogs.tcss"

    def compose(self) -> ComposeResult:
        """The same as Textual's, with another list."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield Static(">", id="palette-prompt")
                yield CommandInput(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                yield Commands()
                yield LoadingIndicator()

    def on_click(self, event: Click) -> None:
        """Close after a click beside the list; during a resize there may be no widget there."""
        event.prevent_default()
        with suppress(NoWidget):
            super()._on_click(event)


class CommandProvider(Provider):
    """Finds a command by words in its name or description, in the order of the help."""

    async def discover(self) -> Hits:
        """Every command."""
        for name, sentence, callback, _ in self._commands():
            yield DiscoveryHit(name, callback, help=sentence)

    async def search(self, query: str) -> Hits:
        """The commands that contain every word, those with all words in their name first."""
        words = query.casefold().split()
        for name, sentence, callback, _ in self._commands():
            in_name = all(word in name.casefold() for word in words)
            if in_name or all(word in f"{name} {sentence}".casefold() for word in words):
                yield Hit(2.0 if in_name else 1.0, name, callback, help=sentence)

    def _commands(self) -> list[SystemCommand]:
        return list(self.app.get_system_commands(self.screen))
