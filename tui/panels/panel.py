"""A panel that shows a page of the dashboard's view."""

from textual.reactive import var

from ..dashboard.view import View
from .page_view import PageView, say_above, say_below


class PagePanel(PageView):
    """Base of the panels of text: each draws anew only where what it shows has changed."""

    view: var[View] = var(View())
    """Set from above."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[object, ...] | None = None

    def shows(self) -> tuple[object, ...]:
        """What the page is made of: parts of the view, and what the panel itself keeps."""
        return (self.view,)

    def above(self) -> str:
        """What the upper border says."""
        return str(self.BORDER_TITLE)

    def below(self) -> str:
        """What the lower border says."""
        return ""

    def watch_view(self) -> None:
        """Show what has changed."""
        self.look()

    def look(self) -> None:
        """Draw anew where the page would be another one, and say in the borders what is true now."""
        if (now := self.shows()) != self._shown:
            self._shown = now
            say_above(self, self.above)
            self.renew()
        say_below(self, self.below)
