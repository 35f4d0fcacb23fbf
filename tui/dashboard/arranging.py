"""Arranging: the keys that give panels more room or less."""

from msgspec.structs import replace
from textual import on
from textual.message import Message
from textual.reactive import var

from ..panel_layout import Arrangement, Grid
from ..panels.panel_grid import ACROSS, DOWN, PanelGrid
from .training import PANELS, Training

STEPS = {ACROSS: 2, DOWN: 1}
"""Cells by which a key moves a border: a character is some twice as high as it is wide."""
NO_BORDER = "no border to move here: several panels are seen from 118×34 on, where l has made none large"


class Arranging(Training):
    """The sizes of the panels, and which of them is seen where not all are."""

    arrangement: var[Arrangement] = var(Arrangement())

    class Arranged(Message):
        """A person has arranged the panels otherwise."""

        def __init__(self, arrangement: Arrangement) -> None:
            super().__init__()
            self.arrangement = arrangement

    def watch_arrangement(self) -> None:
        """Have it kept."""
        self.post_message(self.Arranged(self.arrangement))

    def size_panels(self) -> None:
        """Give the panels the sizes that were chosen for a screen of this size."""
        self.query_one(PanelGrid).take_sizes(getattr(self.arrangement, self._grid_name))

    def action_widen(self, by: int) -> None:
        """Make the focused panel wider or narrower."""
        self._widen(ACROSS, by)

    def action_heighten(self, by: int) -> None:
        """Make the focused panel higher or lower."""
        self._widen(DOWN, by)

    def action_even(self) -> None:
        """Give all panels the sizes that they have at first."""
        self.arrangement = replace(self.arrangement, wide=Grid(), huge=Grid())
        self.size_panels()

    @on(PanelGrid.Moved)
    def note_sizes(self) -> None:
        """Remember where the borders are by now."""
        self.arrangement = replace(self.arrangement, **{self._grid_name: self.query_one(PanelGrid).sizes})

    @property
    def _grid_name(self) -> str:
        return "huge" if self.has_class("huge") else "wide"

    def _widen(self, axis: int, by: int) -> None:
        panel = self.focused
        if panel and panel.id in PANELS and not self.query_one(PanelGrid).widen(panel, axis, by * STEPS[axis]):
            self.app.notify(NO_BORDER, markup=False)
