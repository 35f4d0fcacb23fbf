"""Late drawing: a view draws its content when the screen is drawn, once a frame, however often it has changed."""

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
"""A refresh of no region, after which the screen asks the view for its changes."""


class QuietScrollBar(ScrollBar):
    """A scrollbar that never asks for a layout, as its view does."""

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw again."""
        return super().refresh(*regions, repaint=repaint, recompose=recompose)


class LateView(ScrollView, inherit_bindings=False):
    """A scroll view that reports its changed lines only when the screen is drawn.

    It knows its scrollbars before the layout; Textual would notice only afterwards that it needs them, and lay the
    screen out again.
    """

    virtual_size = var(Size())
    show_vertical_scrollbar = var(False)
    show_horizontal_scrollbar = var(False)

    def whole_size(self, room: Size) -> Size:
        """The size of the scrolled content in this room; 0 if it fits."""
        return Size()

    def changed_lines(self) -> Iterable[Region]:
        """Create the content; the regions that have changed since the last drawing."""
        return ()

    def _get_scrollable_region(self, region: Region) -> Region:
        """The region without scrollbars, during a layout; from here on, the required scrollbars are known."""
        if region.size:
            self._container_size = region.size
            self.virtual_size = self.whole_size(region.size)
            begin_scrollbars(self)
            self._refresh_scrollbars()
        return super()._get_scrollable_region(region)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part; new ones if the screen draws without asking, as after a change of the whole screen."""
        if tuple(self.changed_lines()):  # before a line is drawn, because the content may write the border
            self._styles_cache.clear()
            if not crop.contains_region(self.outer_size.region):
                self.refresh()
        return super().render_lines(crop)

    def _exchange_repaint_regions(self) -> Collection[Region]:
        """The regions to draw; all of it before a layout, because the size is not known then."""
        if self.screen._layout_required:
            self._styles_cache.clear()
            self._repaint_regions.add(self.outer_size.region)
        elif changed := tuple(self.changed_lines()):
            self._set_dirty(*changed)
        return super()._exchange_repaint_regions()


def scroll_over(view: LateView, whole: Size) -> None:
    """Set the size of the content; if a scrollbar appears or disappears, the screen is laid out again."""
    before = view.scrollbars_enabled
    view.virtual_size = whole
    begin_scrollbars(view)
    view._scroll_update(whole)
    if view.scrollbars_enabled != before:
        view.refresh(layout=True)


def begin_scrollbars(view: LateView) -> None:
    """Create the scrollbars of a view before Textual creates its own, which ask for layouts."""
    if view.virtual_size.height and view._vertical_scrollbar is None:
        view._vertical_scrollbar = bar = QuietScrollBar(vertical=True, thickness=view.scrollbar_size_vertical)
        view.app._start_widget(view, bar)
    if view.virtual_size.width and view._horizontal_scrollbar is None:
        view._horizontal_scrollbar = bar = QuietScrollBar(vertical=False, thickness=view.scrollbar_size_horizontal)
        view.app._start_widget(view, bar)


def write_above(panel: Widget, text: Content) -> None:
    """Write the upper border, without drawing the whole panel again as Textual would."""
    panel._border_title = text
    panel.refresh(Region(-panel.gutter.left, -panel.gutter.top, panel.outer_size.width, 1))


def write_below(panel: Widget, text: Content) -> None:
    """Write the lower border."""
    panel._border_subtitle = text
    last = panel.outer_size.height - 1
    panel.refresh(Region(-panel.gutter.left, last - panel.gutter.top, panel.outer_size.width, 1))
