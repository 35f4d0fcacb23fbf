"""The card of a tour, below the panels."""

from textual.geometry import Size

from ..panels.panel import PagePanel
from ..text.spans import Lines, Page
from .card_page import card_page


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
