"""The status panel: two lines over all others."""

from textual.geometry import Size
from textual.reactive import var

from ..text.spans import Lines, Page
from ..text.status_lines import Status
from .page_view import PageView


class StatusPanel(PageView, can_focus=False):
    """What is trained, and where the training stands."""

    status: var[Status | None] = var(None)

    def watch_status(self) -> None:
        """Show the new status."""
        self.renew()

    def make_page(self, size: Size) -> Page:
        """The two lines."""
        return self.status.page(size.width) if self.status else Lines([])
