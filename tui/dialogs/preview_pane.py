"""The pane beside the picker's list: it trains the item under the cursor, and shows it."""

from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.timer import Timer

from ...presets.errors import PresetError
from ..panels.page_view import PageView
from ..text.safe import safe
from ..text.spans import Lines, Page, Span
from ..themes import has_shades
from .picker_items import ItemKind, PickerItem

if TYPE_CHECKING:
    from ..panels.network_panel import NetworkDrawer
    from ..text.preview_training import PreviewTraining

EVERY = (0.25, 0.5)
"""Seconds between two frames, and the same on a large screen, where a frame is longer."""
LARGE = 3000
"""The cells from which on a screen is large."""
SOON = 0.2
"""Seconds before an item under the cursor is trained, so that moving through the list is fast."""
LEAST_NETWORK, MOST_NETWORK = Size(50, 13), Size(110, 28)
"""The least and the most cells of a network's drawing."""
MOST_ROWS = 10
"""The most neurons of a layer with two rows each."""
WORDS = {
    ItemKind.TOUR: "Cards lead through this training, one by one. Each names a key, and waits until you press it.",
    ItemKind.NEW: "Choose the layers, the activation, the loss function, the optimizer and the data.",
    ItemKind.FILE: "Open a preset (.toml), a session (.nn-session) or a file with a share line.",
}


class PreviewPane(PageView, can_focus=False):
    """A preview; its training runs between two frames, and ends with it."""

    ACTIONS = ()
    BINDINGS = []

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._item: PickerItem | None = None
        self._is_listed = False
        """Whether the list is filled; before that nothing can match."""
        self.training: PreviewTraining | None = None
        """The training of the item, after a moment."""
        self._fault = ""
        """The reason why there is no training."""
        self._drawer: tuple[PreviewTraining, NetworkDrawer] | None = None
        """The drawer of a training's network."""
        self.timer: Timer | None = None
        """The timer of the next frame; None if there is none."""

    def show_item(self, item: PickerItem | None) -> None:
        """Show an item or nothing; a preset begins to train soon."""
        if item is self._item and self._is_listed:
            return
        self.stop()
        self._is_listed = True
        self._item, self.training, self._fault = item, None, ""
        if item and item.preset:
            self.timer = self.set_timer(SOON, self._begin)
        self._show()

    def stop(self) -> None:
        """Stop the training."""
        if self.timer:
            self.timer.stop()
            self.timer = None

    def on_unmount(self) -> None:
        """Stop the timer."""
        self.stop()

    def make_page(self, size: Size) -> Page:
        """The preview in this many columns and rows."""
        item = self._item
        if item is None:
            return Lines([[Span("No match.", ("second",))] if self._is_listed else []])
        if not item.is_whole:
            return Lines([])
        words = safe(item.fault) or WORDS.get(item.kind, "")
        if item.preset is None:
            return Lines([[Span(line)] for line in wrap(words, max(size.width, 1))])
        from ..text.preview import Preview

        config = getattr(self.app, "config", None)
        is_ascii = bool(config and config.ascii)
        why_not = f"No preview: {self._fault}." if self._fault else ""
        is_waiting = self.training is None and not why_not
        looks = has_shades(self.app), is_ascii
        preview = Preview(item.preset, words, item.place, self.training, is_waiting, why_not, *looks)
        page = preview.page(size.width, size.height)
        network = self._network(Size(size.width, size.height - page.height - 1))
        return Lines([*page.lines, [], *(network.line(y) for y in range(network.height))]) if network else page

    def _network(self, room: Size) -> Page | None:
        """The network, if there is room for it."""
        training = self.training
        if training is None or self._item is None or self._item.preset is None:
            return None
        rows = max(LEAST_NETWORK.height, 2 * min(max(self._item.preset.network.layers), MOST_ROWS) + 2)
        if room.width < LEAST_NETWORK.width or room.height < rows:
            return None
        from ...core.debugger.snapshot import Snapshot
        from ...core.debugger.stage import WHOLE_BACKWARD
        from ..panels.network_panel import NetworkDrawer, look_of
        from ..view import View

        if self._drawer is None or self._drawer[0] is not training:
            self._drawer = training, NetworkDrawer()
        snapshot = Snapshot(WHOLE_BACKWARD, training.backward)
        view = View(trainer=training.trainer, snapshot=snapshot)
        size = Size(min(room.width, MOST_NETWORK.width), min(room.height, MOST_NETWORK.height))
        return self._drawer[1].page(view, size, None, look_of(self.app))

    def _begin(self) -> None:
        """Build the training, and start the timer that advances it; that of a session stays at its step."""
        self.timer = None
        item = self._item
        if item is None or item.preset is None:
            return
        from ...presets.catalogue import folder_of
        from ..text.preview_training import PreviewTraining, why_no_preview

        folder = folder_of(item.target)
        try:
            self._fault = why_no_preview(item.preset, folder, item.session)
            if not self._fault:
                self.training = (
                    PreviewTraining.of_session(item.session)
                    if item.session
                    else PreviewTraining.of_preset(item.preset, folder)
                )
        except (PresetError, OSError) as error:
            self._fault = str(error)
        if self.training and not self.training.is_over:
            self.timer = self.set_interval(EVERY[self.size.area > LARGE], self._advance)
        self._show()

    def _advance(self) -> None:
        """Train for a turn, unless another screen is on top."""
        training = self.training
        if training is None or not self.screen.is_active:
            return
        training.advance()
        if training.is_over:
            self.stop()
        self._show()

    def _show(self) -> None:
        title = Content(safe(self._title())).markup
        if title != self.border_title:  # otherwise the whole pane would be sent again
            self.border_title = title
        self.renew()

    def _title(self) -> str:
        item = self._item
        if item is None:
            return ""
        if not item.preset or item.kind is ItemKind.TOUR:
            return item.name
        whole, room = f"{item.name} · {item.title}", self.outer_size.width - len("╭─  ─╮")
        return whole if cell_len(whole) <= room or cell_len(item.title) > room else item.title
