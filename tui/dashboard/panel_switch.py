"""The panel switch: the visible panels, their sizes, and the focus."""

from collections.abc import Sequence

from msgspec.structs import replace
from textual.message import Message
from textual.widget import Widget

from ...core.quantities.quantity import Kind, Quantity
from ..action import perform
from ..panel_layout import Grid, PanelLayout, rows_like
from ..panels.explain_panel import ExplainStrip
from ..panels.header_lines import StatusPanel, TabLine
from ..panels.loss_panel import LossPanel
from ..panels.page_view import PageView, seek
from ..panels.panel import Neighbours, PagePanel
from ..panels.panel_grid import ACROSS, DOWN, PanelGrid
from ..panels.panel_list import PANELS, SPEC_OF
from ..text.data_names import data_remarks
from ..text.safe import safe
from .desk import Desk
from .regions import Arrangement, Room, are_steps_first, is_picture_first, room_of

STEPS = {ACROSS: 2, DOWN: 1}
"""Cells by which a key moves a border: a character is about twice as high as it is wide."""
ROOMS = ("-one", "-large", "-several")
"""The style sheet's classes of a dashboard by the panels that it shows."""
PRESENTING = "-presenting"
"""The style sheet's class of a dashboard that shows one number."""
ONE_PANEL = "one panel fills the screen already; several fit from 118×34 up"
PRESENTED = "a number fills the screen; P shows the panels"
NO_BORDER = "no border to move; several panels fit from 118×34 up"


class PanelSwitch:
    """Shows panels, and changes their sizes."""

    class Arranged(Message):
        """The user has changed the sizes of the panels."""

        def __init__(self, layout: PanelLayout) -> None:
            super().__init__()
            self.layout = layout

    def __init__(self, dashboard: Desk, layout: PanelLayout) -> None:
        """Begin with the first panel, in the sizes of the last session."""
        self._dashboard = dashboard
        self.layout = replace(layout, panel=PANELS[0].name, large=False)
        self._latest: list[str] = []
        """The panels that were shown, the latest first."""
        self._origin = self.layout.panel
        """The panel from which the user came to the last detour."""
        self.is_touring = False
        """Whether the card of a tour has its own region."""
        self._below = 0
        """Rows that the lower panels need while an explanation is open."""

    @property
    def has_begun(self) -> bool:
        """Whether a panel has been shown."""
        return bool(self._latest)

    @property
    def focused(self) -> Widget | None:
        """The panel with the focus."""
        focused = self._dashboard.screen.focused
        return focused if focused and focused.id in SPEC_OF else None

    @property
    def is_alone(self) -> bool:
        """Whether one panel has the whole screen."""
        return self.layout.large or self._room is Room.ONE

    @property
    def notice_width(self) -> int:
        """The columns for an answer in the header, or in the line under the tabs."""
        width = self._dashboard.app.size.width
        return width - 2 if self._room is Room.ONE else width - 44

    def begin(self) -> None:
        """Show the last panel, with the cursor on the first prediction."""
        if trainer := self._dashboard.view.trainer:
            view = self._dashboard.view
            rows = len(view.snapshot.forward.X) if view.snapshot else 1
            prediction = Quantity(Kind.A, len(trainer.network.layers) - 1, example=view.example % rows)
            is_new = view.snapshot is not None and view.snapshot.step == 0 and not self.is_touring
            notice = safe(data_remarks(trainer.train.origin, self.notice_width)) if is_new else ""
            self._dashboard.see(cursor=prediction, notice=view.notice or notice)
            seek(self._dashboard.screen.query_one("#network", PageView), prediction)
        self.show(self.layout.panel)

    def show(self, name: str) -> None:
        """Show a panel in its region."""
        if self._dashboard.view.is_presenting:
            self.present()
        focused = self.focused
        if SPEC_OF[name].is_detour and focused and focused.id and focused.id != name:
            self._origin = focused.id
        self._latest = [name, *(each for each in self._latest if each != name)]
        if not SPEC_OF[name].is_detour:
            self._keep(replace(self.layout, panel=name))
        self._display()
        self._dashboard.screen.query_one(f"#{name}").focus()

    def choose(self, name: str) -> None:
        """Show the panel of a key; if the user is in it already, say so."""
        focused = self.focused
        if focused is not None and focused.id == name and not self._dashboard.view.is_presenting:
            self._dashboard.say(f"this is {SPEC_OF[name].title}: the arrows move in it")
        self.show(name)

    async def do_in(self, name: str, action: str) -> None:
        """Carry out an action of a panel in that panel; a detour is not shown for it."""
        if not SPEC_OF[name].is_detour:
            self.show(name)
        await perform(self._dashboard.screen.query_one(f"#{name}"), action)

    def stand_on(self, quantity: Quantity) -> None:
        """Put the cursor of the focused panel on a number, if it is visible there."""
        if isinstance(panel := self._dashboard.screen.query_one(f"#{self.layout.panel}"), PageView):
            panel.move(to=quantity)

    def go_to(self, quantity: Quantity, names: Sequence[str]) -> None:
        """Put the cursor on a number in the first visible panel that has it, otherwise in the last panel."""
        panels = [self._dashboard.screen.query_one(f"#{name}", PageView) for name in names]
        seen = [panel for panel in panels if panel.display and panel.move(to=quantity)]
        if panel := next(iter([*seen, *panels[-1:]]), None):
            panel.move(to=quantity)  # so that no frame and no key finds the cursor on another number
            self.show(str(panel.id))
        # The dialog closes first, and returns the focus to the panel, which moves the cursor.
        later = self._dashboard.screen.call_after_refresh
        later(later, self._stand_in, panel, quantity)

    def _stand_in(self, panel: PageView | None, quantity: Quantity) -> None:
        """Move the cursor to a number of a panel; if no panel has it, explain the number without a cursor."""
        if panel is None or not panel.move(to=quantity):
            self._dashboard.see(cursor=quantity)

    def go_back(self) -> None:
        """Return from a detour to the panel from which the user came."""
        self._latest = [each for each in self._latest if not SPEC_OF[each].is_detour]
        self.show(self._origin)

    def fit(self) -> None:
        """Show as many panels as fit on the screen, in the chosen sizes."""
        if self._latest:
            self._display()
        self._dashboard.screen.call_after_refresh(self._focus_again)

    def make_room(self, below: int) -> None:
        """Give the lower panels at least this many rows, if possible."""
        if below != self._below:
            self._below = below
            self._resize()

    def enlarge(self) -> None:
        """Give the focused panel the whole screen, or show all panels again."""
        if self._dashboard.view.is_presenting:
            self._dashboard.say(PRESENTED)
            return
        if self._room is Room.ONE and not self.layout.large:
            self._dashboard.say(ONE_PANEL)
            return
        self._keep(replace(self.layout, large=not self.layout.large))
        if self.focused and self.focused.id:
            self.show(self.focused.id)

    def present(self) -> None:
        """Show one number in large figures, or the panels again."""
        begins = not self._dashboard.view.is_presenting
        self._dashboard.see(is_presenting=begins)
        self._dashboard.screen.set_class(begins, PRESENTING)
        panel = "#presentation" if begins else f"#{self.layout.panel}"
        self._dashboard.screen.query_one("#presentation").display = begins
        self._display()
        self._dashboard.screen.query_one(panel).focus()

    def widen(self, axis: int, by: int) -> None:
        """Make the focused panel wider or higher, or narrower or lower."""
        panel = self.focused
        if self._dashboard.view.is_presenting:
            self._dashboard.say(PRESENTED)
        elif self.is_alone or panel and not self._grid.widen(panel, axis, by * STEPS[axis]):
            self._dashboard.say(NO_BORDER)

    def keep_sizes(self) -> None:
        """Remember the current borders."""
        self._keep(replace(self.layout, **{self._grid_name: self._grid.sizes}))

    def reset_sizes(self) -> None:
        """Give all panels their default sizes."""
        self._dashboard.say(NO_BORDER if self.is_alone else "the panels have their default sizes")
        self._keep(replace(self.layout, wide=Grid(), huge=Grid()))
        self._resize()

    @property
    def _grid(self) -> PanelGrid:
        return self._dashboard.screen.query_one(PanelGrid)

    @property
    def _room(self) -> Room:
        return room_of(*self._dashboard.app.size)

    @property
    def _grid_name(self) -> str:
        return "huge" if self._room is Room.HUGE else "wide"

    @property
    def arrangement(self) -> Arrangement:
        """The region of each panel."""
        trainer = self._dashboard.view.trainer
        room = Room.ONE if self.layout.large else self._room
        return Arrangement(
            room,
            is_picture_first=trainer is not None and is_picture_first(trainer),
            are_steps_first=trainer is not None and are_steps_first(trainer),
            is_touring=self.is_touring,
        )

    def _display(self) -> None:
        """Show the visible panels, with the titles of their neighbours in the borders."""
        dashboard, arrangement = self._dashboard, self.arrangement
        is_one = self._room is Room.ONE
        seen = arrangement.seen(self._latest)
        self.count_panels()
        for spec in PANELS:
            panel = dashboard.screen.query_one(f"#{spec.name}")
            region = arrangement.region_of(spec)
            titles = [each.title for each in arrangement.tabs[region]] if region else [spec.title]
            n = titles.index(spec.title)
            neighbours = Neighbours(tuple(titles[:n]), tuple(titles[n + 1 :]))
            is_new = spec.name in seen and not panel.display
            panel.display = spec.name in seen
            if isinstance(panel, PagePanel | LossPanel) and (is_new or panel.frame.neighbours != neighbours):
                panel.frame.neighbours = neighbours
                panel.watch_view()
            panel.styles.row_span = arrangement.rows_of(spec)
        is_large = self.layout.large and not is_one
        if dashboard.view.is_large is not is_large:
            dashboard.see(is_large=is_large)
        dashboard.screen.query_one("#status", StatusPanel).is_whole = not is_one
        dashboard.screen.query_one(TabLine).shown = next(iter(self._latest), PANELS[0].name)
        has_strip = arrangement.room is Room.ONE and not arrangement.is_touring and not dashboard.view.is_presenting
        says_it = "explain" in seen or (is_large and "network" in seen)  # the network's border shows the first line
        dashboard.screen.query_one(ExplainStrip).display = has_strip and not says_it
        self._resize()

    def count_panels(self) -> None:
        """Give the dashboard the class for the number of panels; all panels are styled once for it."""
        name = "-one" if self._room is Room.ONE else "-large" if self.layout.large else "-several"
        if not (screen := self._dashboard.screen).has_class(name):
            screen.remove_class(*ROOMS, update=False)
            screen.add_class(name)

    def _resize(self) -> None:
        """Give the columns and rows the chosen sizes, or those that suit the network."""
        arrangement, grid = self.arrangement, self._grid
        if arrangement.room is Room.ONE:
            return
        chosen = getattr(self.layout, self._grid_name)
        trainer = self._dashboard.view.trainer
        width, height = self._dashboard.app.size
        usual = arrangement.sizes(width, height - 2, trainer.network if trainer else None, self._below)
        assert usual.rows
        has_columns = chosen.columns and len(chosen.columns) == 2
        rows = rows_like(chosen.rows, usual.rows) if chosen.rows else None
        grid.take_sizes(Grid(chosen.columns if has_columns else None, rows), usual)

    def _focus_again(self) -> None:
        """Return the focus, which a panel loses while there is no room for it."""
        panel = self._dashboard.screen.query_one(f"#{self.layout.panel}")
        if self._dashboard.screen.focused is None and panel.region:
            panel.focus()

    def _keep(self, layout: PanelLayout) -> None:
        if layout != self.layout:
            self.layout = layout
            self._dashboard.screen.post_message(self.Arranged(layout))
