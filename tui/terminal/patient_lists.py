"""Lists: Textual's own, but keys and clicks that come too early or too late do no harm."""

from contextlib import suppress

from textual.events import Click
from textual.reactive import var
from textual.widgets import OptionList


class PatientList(OptionList):
    """A list that ignores page keys before its layout."""

    auto_links = var(False)
    """Whether to look for links in each line."""

    def action_page_up(self) -> None:
        """Move up by a page."""
        with suppress(LookupError):
            super().action_page_up()  # type: ignore[no-untyped-call]  # so it is in Textual

    def action_page_down(self) -> None:
        """Move down by a page."""
        with suppress(LookupError):
            super().action_page_down()  # type: ignore[no-untyped-call]

    async def on_click(self, event: Click) -> None:
        """Choose the clicked item, unless it has been removed since it was drawn."""
        event.prevent_default()
        with suppress(IndexError):
            await super()._on_click(event)
