"""The gradients panel: z, a, and every gradient."""

from textual.geometry import Size
from textual.reactive import reactive

from ...core.running.moment import Moment
from ..text.gradients import GradientTable
from ..text.spans import Lines, Page
from .page_view import PageView


class GradientsPanel(PageView):
    """Each neuron's z, a, da, dz and db, and each connection's dW."""

    BORDER_TITLE = "Gradients"

    moment: reactive[Moment | None] = reactive(None)
    example: reactive[int] = reactive(0)

    def watch_moment(self) -> None:
        """Show the new moment."""
        self.renew()

    def watch_example(self) -> None:
        """Show the other example."""
        self.renew()

    def make_page(self, size: Size) -> Page:
        """The table."""
        return GradientTable(self.moment, self.example) if self.moment else Lines([])
