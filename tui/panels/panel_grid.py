"""The panels beside and below each other, with borders that can be moved."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from textual.containers import Container
from textual.events import MouseDown, MouseMove, MouseUp
from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget

from ..panel_layout import LEAST, Grid, Sizes

ACROSS, DOWN = 0, 1
"""The axes of columns and of rows."""


class Held(NamedTuple):
    """A border that the mouse drags."""

    axis: int
    border: int
    gap: int
    """Cells from the mouse to the first cell behind the border."""


class PanelGrid(Container):
    """Columns and rows of panels; a single panel has no border to move."""

    class Moved(Message):
        """The user has moved a border."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.sizes = Grid()
        """The sizes that the user chose."""
        self._usual = Grid()
        """The default sizes."""
        self._held: list[Held] = []

    def take_sizes(self, chosen: Grid, usual: Grid | None = None) -> None:
        """Use the chosen sizes, or the default ones."""
        usual = usual or self._usual
        if (chosen, usual) == (self.sizes, self._usual):
            return
        self.sizes, self._usual = chosen, usual
        self.styles.grid_columns = _in_parts(chosen.columns or usual.columns)
        self.styles.grid_rows = _in_parts(chosen.rows or usual.rows)

    def widen(self, panel: Widget, axis: int, by: int) -> bool:
        """Make a panel wider or higher by this many cells; False if it has no neighbour with enough cells."""
        if panel not in self._shown():
            return False
        begin, end = _ends(panel, axis)
        starts = self._starts(axis)
        if end in starts:
            self._move(axis, starts.index(end) - 1, by)
        elif begin != starts[0]:
            self._move(axis, starts.index(begin) - 1, -by)
        return end in starts or begin != starts[0]

    def on_mouse_down(self, event: MouseDown) -> None:
        """Begin to drag the borders under the mouse."""
        self._held = [held for axis in (ACROSS, DOWN) for held in self._borders_at(event.screen_offset, axis)]
        if self._held:
            self.capture_mouse()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Move the borders that are dragged."""
        for axis, border, gap in self._held:
            starts = self._starts(axis)
            if border + 1 < len(starts):
                here = starts[0] + sum(self._sizes(axis)[: border + 1])
                self._move(axis, border, event.screen_offset[axis] + gap - here)

    def on_mouse_up(self, event: MouseUp) -> None:
        """End the drag."""
        if self._held:
            self._held = []
            self.release_mouse()

    def _borders_at(self, point: Offset, axis: int) -> list[Held]:
        """The border at a point, where two panels touch."""
        starts = self._starts(axis)
        for panel in self._shown():
            begin, end = _ends(panel, axis)
            if panel.region.contains_point(point):
                if point[axis] == begin and begin != starts[0]:
                    return [Held(axis, starts.index(begin) - 1, 0)]
                if point[axis] == end - 1 and end in starts:
                    return [Held(axis, starts.index(end) - 1, 1)]
        return []

    def _shown(self) -> list[Widget]:
        return [panel for panel in self.children if panel.display and panel.region]

    def _starts(self, axis: int) -> list[int]:
        """The first cells of the columns or rows in the last drawing."""
        return sorted({_ends(panel, axis)[0] for panel in self._shown()})

    def _sizes(self, axis: int) -> Sizes:
        """The sizes of the columns or rows, including those that are not drawn yet."""
        total, starts = self.region.size[axis], self._starts(axis)
        chosen, usual = self.sizes, self._usual
        sizes = (chosen.columns or usual.columns, chosen.rows or usual.rows)[axis]
        if sizes and len(sizes) == len(starts) and sum(sizes) == total:
            return sizes
        return tuple(after - before for before, after in pairwise([*starts, starts[0] + total]))

    def _move(self, axis: int, border: int, by: int) -> None:
        before = self._sizes(axis)
        sizes = moved(before, border, by)
        if sizes != before:
            columns, rows = (sizes, self.sizes.rows) if axis == ACROSS else (self.sizes.columns, sizes)
            self.take_sizes(Grid(columns, rows))
            self.post_message(self.Moved())


def _in_parts(sizes: Sizes | None) -> str | None:
    return " ".join(f"{size}fr" for size in sizes) if sizes else None


def _ends(panel: Widget, axis: int) -> tuple[int, int]:
    begin = panel.region.offset[axis]
    return begin, begin + panel.region.size[axis]


def moved(sizes: Sequence[int], border: int, by: int) -> Sizes:
    """The sizes after a border is moved, as far as both neighbours keep the least size."""
    least = ceil((LEAST if len(sizes) <= 3 else LEAST / 2) * sum(sizes))
    before, after = sizes[border : border + 2]
    if before + after < 2 * least:
        return tuple(sizes)
    by = min(max(by, least - before), after - least)
    return (*sizes[:border], before + by, after - by, *sizes[border + 2 :])
