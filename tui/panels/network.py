"""The network panel: the picture of the network."""

from textual.geometry import Size
from textual.reactive import var

from ...core.explaining.explanation import Connection
from ...core.running.moment import Moment
from ..text.diagram import diagram
from ..text.spans import Lines, Page
from .page_view import PageView


class NetworkPanel(PageView):
    """Every neuron with its value, every connection with its weight."""

    BORDER_TITLE = "Network"

    moment: var[Moment | None] = var(None)
    example: var[int] = var(0)
    lit: var[frozenset[Connection]] = var(frozenset())
    """Connections that are to be seen before all others."""

    def watch_moment(self) -> None:
        """Draw the new moment."""
        self._title()
        self.renew()

    def watch_example(self) -> None:
        """Draw the other example."""
        self._title()
        self.renew()

    def watch_lit(self) -> None:
        """Light other connections."""
        self.renew()

    def make_page(self, size: Size) -> Page:
        """The picture in so much room."""
        if self.moment is None:
            return Lines([])
        return diagram(self.moment, self.example, size.width, size.height, self.lit)

    def _title(self) -> None:
        examples = len(self.moment.forward.X) if self.moment else 1
        shown = min(self.example, examples - 1) + 1
        self.say_below(f"example {shown} of {examples}" if examples > 1 else "")
