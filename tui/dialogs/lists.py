"""Lists to choose from; their page keys may come before they are laid out, where Textual's own ones fail."""

from contextlib import suppress

from textual.app import ComposeResult
from textual.events import Click
from textual.widgets import OptionList, Select
from textual.widgets._select import SelectCurrent, SelectOverlay


class PatientList(OptionList):
    """A list that stays where it is as long as it has no pages."""

    def action_page_up(self) -> None:
        """Go up by what can be seen."""
        with suppress(LookupError):
            super().action_page_up()  # type: ignore[no-untyped-call]  # so it is in Textual

    def action_page_down(self) -> None:
        """Go down by what can be seen."""
        with suppress(LookupError):
            super().action_page_down()  # type: ignore[no-untyped-call]

    async def on_click(self, event: Click) -> None:
        """Choose what was clicked, unless it has gone from the list since it was drawn."""
        event.prevent_default()
        with suppress(IndexError):
            await super()._on_click(event)


class Overlay(SelectOverlay, PatientList):
    """What a choice unfolds."""


class Dropdown(Select[str]):
    """One of a few words."""

    def compose(self) -> ComposeResult:
        """The word, and what it unfolds."""
        yield SelectCurrent(self.prompt)
        yield Overlay().data_bind(compact=Select.compact)
