"""Late drawing: a view makes what it shows when the screen is drawn, once a frame, however often it has changed."""

from collections.abc import Collection, Iterable
from typing import Self

from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

NOTHING = Region()
"""What a view is refreshed with so that it is asked."""


class QuietScrollBar(ScrollBar):
    """A scrollbar that never asks for a layout, as its view does."""

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw again."""
        return super().refresh(*regions, repaint=repaint, recompose=recompose)


class LateView(ScrollView, inherit_bindings=False):
    """A scroll view that is asked at last which of its lines have changed.

    It knows its scrollbars before the screen is laid out; Textual would see afterwards that it needs them, and lay
    out again.
    """

    virtual_size = var(Size())
    show_vertical_scrollbar = var(False)
    show_horizontal_scrollbar = var(False)

    def whole_size(self, room: Size) -> Size:
        """The size of what is scrolled, in so much room; of what fits none."""
        return Size()

    def changed_lines(self) -> Iterable[Region]:
        """Make what is shown; the regions of the content that differ from what was drawn last."""
        return ()

    def _get_scrollable_region(self, region: Region) -> Region:
        """The region without scrollbars, in the midst of a layout: those that are needed are known from here on."""
        if region.size:
            self._container_size = region.size
            self.virtual_size = self.whole_size(region.size)
            begin_scrollbars(self)
            self._refresh_scrollbars()
        return super()._get_scrollable_region(region)

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


def scroll_over(view: LateView, whole: Size) -> None:
    """Let a view scroll over so much; where a scrollbar comes or goes for that, the screen is laid out again."""
    before = view.scrollbars_enabled
    view.virtual_size = whole
    begin_scrollbars(view)
    view._scroll_update(whole)
    if view.scrollbars_enabled != before:
        view.refresh(layout=True)


def begin_scrollbars(view: LateView) -> None:
    """Give a view what it may need to scroll, before Textual gives it scrollbars that ask for layouts."""
    if view.virtual_size.height and view._vertical_scrollbar is None:
        view._vertical_scrollbar = bar = QuietScrollBar(vertical=True, thickness=view.scrollbar_size_vertical)
        view.app._start_widget(view, bar)
    if view.virtual_size.width and view._horizontal_scrollbar is None:
        view._horizontal_scrollbar = bar = QuietScrollBar(vertical=False, thickness=view.scrollbar_size_horizontal)
        view.app._start_widget(view, bar)


def write_above(panel: Widget, text: Content) -> None:
    """Write into the upper border; Textual would draw the whole panel again."""
    panel._border_title = text
    panel.refresh(Region(-panel.gutter.left, -panel.gutter.top, panel.outer_size.width, 1))


def write_below(panel: Widget, text: Content) -> None:
    """Write into the lower border."""
    panel._border_subtitle = text
    last = panel.outer_size.height - 1
    panel.refresh(Region(-panel.gutter.left, last - panel.gutter.top, panel.outer_size.width, 1))
