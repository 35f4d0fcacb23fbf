"""The pages below the panels: the card of a tour, and what the script of a training in another process prints."""

from textual.geometry import Size

from ..text.card_page import card_page
from ..text.safe import safe
from ..text.spans import Lines, Page, Span
from .panel import PagePanel


class OutputPane(PagePanel, can_focus=False):
    """The last lines that the script has printed; the newest is the last."""

    BORDER_TITLE = "Output"

    def watch_view(self) -> None:
        """Be there as soon as there is something to show."""
        self.screen.set_class(self.view.output is not None, "-live")
        super().watch_view()

    def shows(self) -> tuple[object, ...]:
        """The lines."""
        return (self.view.output,)

    def make_page(self, size: Size) -> Page:
        """The last of them."""
        lines = self.view.output or ()
        return Lines([[Span(safe(line)[: size.width], ("second",))] for line in lines[-max(size.height, 1) :]])


class TourCard(PagePanel, can_focus=False):
    """What the tour says now."""

    def shows(self) -> tuple[object, ...]:
        """The card."""
        return (self.view.card,)

    def above(self) -> str:
        """It has no title in its border."""
        return ""

    def make_page(self, size: Size) -> Page:
        """The card, as much of it as there is room for."""
        return card_page(self.view.card, size.width, size.height) if self.view.card else Lines([])
