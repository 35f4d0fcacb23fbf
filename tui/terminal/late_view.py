"""Late drawing: a view makes what it shows when the screen is drawn, once a frame, however often it has changed."""

from collections.abc import Collection, Iterable

from textual.content import Content
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

NOTHING = Region()
"""What a view is refreshed with so that it is asked."""


class LateView(ScrollView, inherit_bindings=False):
    """A scroll view that is asked at last which of its lines have changed."""

    def changed_lines(self) -> Iterable[Region]:
        """Make what is shown; the regions of the content that differ from what was drawn last."""
        return ()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part; new ones where the screen draws without having asked, as after it changed as a whole."""
        if tuple(self.changed_lines()):  # before a line is drawn, as what is shown may write into the border
            self._styles_cache.clear()
            if not crop.contains_region(self.outer_size.region):
                self.refresh()
        return super().render_lines(crop)

    def _exchange_repaint_regions(self) -> Collection[Region]:
        """The regions to draw; all of it where panels are to be arranged, as nobody may ask for a size before that."""
        if self.screen._layout_required:
            self._styles_cache.clear()
            self._repaint_regions.add(self.outer_size.region)
        elif changed := tuple(self.changed_lines()):
            self._set_dirty(*changed)
        return super()._exchange_repaint_regions()


def write_above(panel: Widget, text: Content) -> None:
    """Write into the upper border; Textual would draw the whole panel again."""
    panel._border_title = text
    panel.refresh(Region(-panel.gutter.left, -panel.gutter.top, panel.outer_size.width, 1))


def write_below(panel: Widget, text: Content) -> None:
    """Write into the lower border."""
    panel._border_subtitle = text
    last = panel.outer_size.height - 1
    panel.refresh(Region(-panel.gutter.left, last - panel.gutter.top, panel.outer_size.width, 1))
