"""A widget that shows a page: only the lines that can be seen are made."""

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ..text.spans import Lines, Page


class PageView(ScrollView, can_focus=True):
    """Base of the panels that show text; a subclass says which page."""

    COMPONENT_CLASSES = {
        f"page--{name}"
        for name in (
            "label heading value input neuron edge plus minus zero new current stale absent phase "
            "running paused finished failed"
        ).split()
    }
    """The names that spans may carry."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page: Page | None = None
        self._resolved: dict[tuple[str, ...], Style] = {}

    def make_page(self, size: Size) -> Page:
        """What to show in so much room."""
        return Lines([])

    def renew(self) -> None:
        """Show something else than before."""
        self._page = None
        if self.is_attached and self.size:
            page = self._current_page()
            self.virtual_size = Size(page.width, page.height)
            self.refresh()

    def on_resize(self) -> None:
        """Fit the new size."""
        self.renew()

    def notify_style_update(self) -> None:
        """Take the new colours."""
        super().notify_style_update()
        self._resolved.clear()

    def render_line(self, y: int) -> Strip:
        """One visible line."""
        page, (scroll_x, scroll_y) = self._current_page(), self.scroll_offset
        line = page.line(y + scroll_y) if y + scroll_y < page.height else ()
        strip = Strip(Segment(span.text, self._style(span.styles)) for span in line)
        return strip.crop_extend(scroll_x, scroll_x + self.size.width, self.rich_style).apply_style(self.rich_style)

    def _current_page(self) -> Page:
        if self._page is None:
            self._page = self.make_page(self.content_size)
        return self._page

    def _style(self, names: tuple[str, ...]) -> Style:
        style = self._resolved.get(names)
        if style is None:
            parts = (self.get_component_rich_style(f"page--{name}", partial=True) for name in names)
            style = self._resolved[names] = Style.combine([Style.null(), *parts])
        return style
