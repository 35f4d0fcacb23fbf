"""A page to read in a dialog: keys scroll it, and no number in it is explained."""

from collections.abc import Callable

from textual.geometry import Size

from ..keymap import bindings
from ..panels.page_view import PageView
from ..text.spans import Page


class ReadingView(PageView, inherit_bindings=False):
    """A page that is made for the room that there is; enter is for the dialog."""

    BINDINGS = bindings(each for each in PageView.ACTIONS if each.name != "explain")

    def __init__(self, make: Callable[[Size], Page], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._make = make

    def make_page(self, size: Size) -> Page:
        """The page in so much room; a scrollbar may stand beside it."""
        return self._make(Size(max(size.width - 1, 1), size.height))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as the page, where the style sheet leaves that to it."""
        return self.make_page(Size(width, container.height)).height
