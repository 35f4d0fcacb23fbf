"""The network panel: the drawing of the network."""

from typing import Any, ClassVar

from textual.events import MouseMove
from textual.geometry import Size

from ...core.debugger.stage import Stage
from ...core.quantities.quantity import Quantity
from ..dashboard.action import Action, Group
from ..keymap import bindings
from ..text.captions import data_row, example_values
from ..text.hover_text import hover_text
from ..text.network.sheet import Sheet
from ..text.numbers import count
from ..text.spans import Page, placed_of
from .network_drawer import NetworkDrawer, look_of
from .panel import PagePanel
from .panel_spec import PanelSpec, Region

LEAST_LINE = 18
"""Columns of the upper border beside what it says of the example."""
FLASH = 0.35
"""Seconds for which the numbers of a new phase are lit."""


class NetworkPanel(PagePanel):
    """Every neuron with its value, every connection with its weight or its gradient."""

    BORDER_TITLE = "Network"
    ACTIONS: ClassVar[tuple[Action[Any], ...]] = (
        Action(
            "values-gradients",
            "d",
            "Values/gradients",
            "in the network: show values and weights, or all gradients",
            Group.LOOK,
            lambda panel: panel.switch(gradients=True),
        ),
        Action(
            "maps-numbers",
            "z",
            "Heat maps/numbers",
            "in a network of two inputs: heat maps, or all weights",
            Group.LOOK,
            lambda panel: panel.switch(maps=True),
        ),
    )
    BINDINGS = bindings(ACTIONS)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.drawer = NetworkDrawer()
        self._hovered: Quantity | None = None
        """The number under the mouse; None where it is over none."""
        self._stage: tuple[int, Stage] | None = None
        """The step and the stage that were shown last."""
        self._flash = 0
        """How many phases are lit still."""

    def shows(self) -> tuple[object, ...]:
        """The numbers of a step, for one example, and which of them is chosen."""
        view = self.view
        return (
            view.snapshot,
            view.example,
            view.lit,
            view.notation,
            view.decimals,
            view.running,
            self.drawer.gradients,
            self.drawer.wants_maps,
            self._selected,
            self.has_focus,
            self._flash > 0,
        )

    def make_page(self, size: Size) -> Page:
        """The drawing in so much room."""
        look = look_of(self.app, has_focus=self.has_focus, flash=self._flash > 0)
        return self.drawer.page(self.view, size, self._selected, look)

    def above(self) -> str:
        """Which numbers they are."""
        return "Network: gradients" if self.drawer.gradients else "Network"

    def aside(self) -> str:
        """Of which example they are; while training runs not its row: Textual paints all anew for another text."""
        view = self.view
        examples = len(view.snapshot.forward.X) if view.snapshot else 1
        if view.snapshot is None or view.trainer is None or examples == 1:
            return ""
        n = min(view.example, examples - 1)
        row = None if view.running else data_row(view.trainer, view.snapshot, n)
        said = f"example {n + 1} of {examples}{f', row {count(row)}' if row else ''}"
        values = example_values(view.snapshot, n, view.names) if view.names and not view.running else ""
        room = self.size.width - len(said) - LEAST_LINE
        return f"{said}: {values}" if values and len(values) <= room else said

    def below(self) -> str:
        """What the mouse is over, though not while training runs, as nobody could read it; else what is not drawn."""
        values = self.drawer.values(self.view, look_of(self.app, has_focus=False, flash=False))
        if self._hovered and not self.view.running and values:
            return hover_text(values, self._hovered, self.content_size.width - 4, self.view.decimals)
        sheet = placed_of(self.page)
        return sheet.note if isinstance(sheet, Sheet) else ""

    def switch(self, *, gradients: bool = False, maps: bool = False) -> None:
        """Show gradients instead of weights, or numbers instead of heat maps; or what there was before."""
        self.drawer.gradients ^= gradients
        self.drawer.wants_maps ^= maps
        self.look()

    def look(self) -> None:
        """Draw anew where something has changed; what a new phase has brought is lit for a moment."""
        snapshot = self.view.snapshot
        stage = (snapshot.step, snapshot.stage) if snapshot else None
        if stage != self._stage:
            is_first, self._stage = self._stage is None, stage
            if not (is_first or self.view.running):
                self._flash += 1

                def calm() -> None:
                    self._flash -= 1
                    self.look()

                self.set_timer(FLASH, calm)
        super().look()

    def repaint(self) -> None:
        """Show the cursor too, which lights the lines of what it is on."""
        if self.shows() != self._shown:
            self.look()
        else:
            super().repaint()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Say what the number under the mouse is made of, and light its lines."""
        cell = self.cell_under(event)
        if (quantity := cell.quantity if cell else None) != self._hovered:
            self._hovered = quantity
            self.look()

    def on_leave(self) -> None:
        """Forget the mouse."""
        self._hovered = None
        self.look()

    @property
    def _selected(self) -> Quantity | None:
        """The number whose lines are lit: under the mouse, under the cursor, or that of another panel."""
        own = self._cursor.quantity if self.has_focus else None
        return self._hovered or own or self.view.cursor


SPEC = PanelSpec(
    widget=NetworkPanel,
    key="1",
    help="Every neuron with its value, every weight as a line, for one example of the batch. Blue lines are positive, "
    "orange and dashed ones negative; the brighter and thicker, the larger. The cursor lights the lines of its neuron "
    "or weight. A neuron is filled by the range of its activation. With two inputs each neuron is a heat map: its "
    "value over the plane of the inputs. In gradients every number is one: ∂L/∂x of inputs, ∂L/∂w of weights, "
    "∂L/∂z of neurons.",
    region=Region.NETWORK,
    short="Net",
)
