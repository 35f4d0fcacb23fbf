"""The panel switch: which panels are seen, in which sizes, and which one has the focus."""

from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.widget import Widget
from textual.widgets import Tabs

from ...core.quantities.quantity import Quantity
from ..panel_layout import Grid, PanelLayout
from ..panels.page_view import PageView
from ..panels.panel_grid import ACROSS, DOWN, PanelGrid
from .panel_list import PANELS, SPEC_OF, Room, panel_cells, room_of, seen_in

if TYPE_CHECKING:
    from .dashboard import Dashboard

STEPS = {ACROSS: 2, DOWN: 1}
"""Cells by which a key moves a border: a character is some twice as high as it is wide."""
NO_BORDER = "no border to move here: several panels are seen from 118×34 on, where l has made none large"


class PanelSwitch:
    """Brings panels to the front, and gives them more room or less."""

    def __init__(self, dashboard: "Dashboard", layout: PanelLayout) -> None:
        """Begin as the panels were left."""
        self._dashboard = dashboard
        self.layout = layout if layout.panel in SPEC_OF else replace(layout, panel=PANELS[0].name)
        self._latest: list[str] = []
        """The panels that were shown, the last one first."""
        self._origin = self.layout.panel
        """The panel from which somebody came to the last detour."""

    @property
    def focused(self) -> Widget | None:
        """The panel that has the focus."""
        focused = self._dashboard.focused
        return focused if focused and focused.id in SPEC_OF else None

    def begin(self) -> None:
        """Show the panel that was left."""
        self._dashboard.query_one(Tabs).can_focus = False
        self._dashboard.set_class(self.layout.large, "large")
        self.show(self.layout.panel)

    def show(self, name: str) -> None:
        """Bring a panel to the front, in the place of one that shares its room."""
        focused = self.focused
        if SPEC_OF[name].is_detour and focused and focused.id and focused.id != name:
            self._origin = focused.id
        self._latest = [name, *(each for each in self._latest if each != name)]
        self._dashboard.query_one(Tabs).active = f"tab-{name}"
        if not SPEC_OF[name].is_detour:
            self._keep(replace(self.layout, panel=name))
        self._display()
        self._dashboard.query_one(f"#{name}").focus()

    def stand_on(self, quantity: Quantity) -> None:
        """Put the cursor of the focused panel on a number, where it is shown."""
        if isinstance(panel := self._dashboard.query_one(f"#{self.layout.panel}"), PageView):
            panel.move(to=quantity)

    def go_back(self) -> None:
        """Leave a detour for the panel that one came from."""
        self._latest = [each for each in self._latest if not SPEC_OF[each].is_detour]
        self.show(self._origin)

    def fit(self) -> None:
        """Show as many panels as the screen has room for, in the sizes that were chosen for it."""
        self._dashboard.set_class(self._room is Room.HUGE, "huge")
        if self._latest:
            self._display()
        self._grid.take_sizes(getattr(self.layout, self._grid_name))
        self._dashboard.call_after_refresh(self._focus_again)

    def enlarge(self) -> None:
        """Give the focused panel the whole screen, or let all be seen again."""
        self._keep(replace(self.layout, large=not self.layout.large))
        self._dashboard.set_class(self.layout.large, "large")
        if self.focused and self.focused.id:
            self.show(self.focused.id)

    def widen(self, axis: int, by: int) -> None:
        """Make the focused panel wider or higher, or narrower or lower."""
        panel = self.focused
        if panel and not self._grid.widen(panel, axis, by * STEPS[axis]):
            self._dashboard.tell(NO_BORDER)

    def keep_sizes(self) -> None:
        """Remember where the borders are by now."""
        self._keep(replace(self.layout, **{self._grid_name: self._grid.sizes}))

    def reset_sizes(self) -> None:
        """Give all panels the sizes that they have at first."""
        self._keep(replace(self.layout, wide=Grid(), huge=Grid()))
        self._grid.take_sizes(Grid())

    @property
    def _grid(self) -> PanelGrid:
        return self._dashboard.query_one(PanelGrid)

    @property
    def _room(self) -> Room:
        return room_of(*self._dashboard.app.size)

    @property
    def _grid_name(self) -> str:
        return "huge" if self._room is Room.HUGE else "wide"

    def _display(self) -> None:
        room = Room.ONE if self.layout.large else self._room
        seen = seen_in(room, self._latest)
        for spec in PANELS:
            panel = self._dashboard.query_one(f"#{spec.name}")
            panel.styles.column_span = len(panel_cells(spec, room))
            panel.display = spec.name in seen

    def _focus_again(self) -> None:
        """Give the focus back, which the panel loses where there is no room to see it."""
        panel = self._dashboard.query_one(f"#{self.layout.panel}")
        if self._dashboard.focused is None and panel.region:
            panel.focus()

    def _keep(self, layout: PanelLayout) -> None:
        if layout != self.layout:
            self.layout = layout
            self._dashboard.post_message(self._dashboard.Arranged(layout))
