"""The status panel: two lines over all others."""

from textual.geometry import Size

from ..text.spans import Lines, Page
from .panel import PagePanel


class StatusPanel(PagePanel, can_focus=False):
    """What is trained, and where the training stands."""

    def shows(self) -> tuple[object, ...]:
        """The status."""
        return (self.view.status,)

    def above(self) -> str:
        """It has no border."""
        return ""

    def make_page(self, size: Size) -> Page:
        """The two lines."""
        return self.view.status.page(size.width) if self.view.status else Lines([])
