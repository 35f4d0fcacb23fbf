"""The pages below the panels: the card of a tour, and the output of a script that trains in another process."""

from textual.geometry import Size

from ..text.safe import safe_rows
from ..text.spans import Lines, Page, Span
from .panel import PagePanel


class OutputPane(PagePanel, can_focus=False):
    """The last lines of the script's output; the newest is the last."""

    BORDER_TITLE = "Output"

    def watch_view(self) -> None:
        """Appear as soon as there is output."""
        self.screen.set_class(bool(self.view.output), "-live")
        super().watch_view()

    def shows(self) -> tuple[object, ...]:
        """The lines."""
        return (self.view.output,)

    def make_page(self, size: Size) -> Page:
        """The last lines that fit."""
        most = max(size.height, 1)
        rows = safe_rows((self.view.output or ())[-most:], size.width)
        return Lines([[Span(row, ("second",))] for row in rows[-most:]])


class TourCard(PagePanel, can_focus=False):
    """The current card of the tour."""

    def shows(self) -> tuple[object, ...]:
        """The card."""
        return (self.view.card,)

    def above(self) -> str:
        """No title in its border."""
        return ""

    def make_page(self, size: Size) -> Page:
        """The card, as much of it as fits."""
        if self.view.card is None:
            return Lines([])
        from ..text.card_page import card_page

        return card_page(self.view.card, size.width, size.height)
