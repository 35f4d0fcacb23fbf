"""The output pane: the last lines that the script of a training in another process has printed."""

from textual.geometry import Size

from ..text.safe import safe
from ..text.spans import Lines, Page, Span
from .panel import PagePanel


class OutputPane(PagePanel, can_focus=False):
    """The lines that fit; the newest is the last."""

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
