"""The network panel: the picture of the network."""

from typing import Any, ClassVar

from textual.events import MouseMove
from textual.geometry import Size

from ...core.quantities.quantity import Quantity
from ..dashboard.action import Action, Group
from ..keymap import bindings
from ..text.captions import data_row
from ..text.diagram.diagram import Diagram, Zoom, diagram
from ..text.diagram.network_values import NetworkValues
from ..text.hover_text import hover_text
from ..text.numbers import count
from ..text.spans import Lines, Page
from .frame import say_below
from .panel import PagePanel
from .panel_spec import PanelSpec, Region

ZOOM = "in the network: zoom in, zoom out"


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
            lambda panel: panel.switch_gradients(),
        ),
        Action("zoom-in", "z", "Zoom in", ZOOM, Group.LOOK, lambda panel: panel.zoom_by(1)),
        Action("zoom-out", "Z", "Zoom out", ZOOM, Group.LOOK, lambda panel: panel.zoom_by(-1)),
    )
    BINDINGS = bindings(ACTIONS)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.gradients = False
        """Connections show ∂L/∂w, not w; neurons ∂L/∂z, not a."""
        self.zoom: Zoom | None = None
        """How much of each connection is shown; as much as there is room for, where that is None."""
        self._hovered: Quantity | None = None
        """The number under the mouse; None where it is over none."""

    def shows(self) -> tuple[object, ...]:
        """The numbers of a step, for one example."""
        view = self.view
        return view.snapshot, view.example, view.lit, view.notation, view.decimals, self.gradients, self.zoom

    def make_page(self, size: Size) -> Page:
        """The picture in so much room."""
        return self._diagram() or Lines([])

    def above(self) -> str:
        """Which numbers they are."""
        return "Network: gradients" if self.gradients else "Network"

    def aside(self) -> str:
        """Of which example they are."""
        snapshot = self.view.snapshot
        examples = len(snapshot.forward.X) if snapshot else 1
        if snapshot is None or examples == 1:
            return ""
        number = min(self.view.example, examples - 1) + 1
        row = data_row(self.view.trainer, snapshot, number - 1) if self.view.trainer else None
        return f"example {number} of {examples}{f', row {count(row)}' if row else ''}"

    def below(self) -> str:
        """What the mouse is over; not while training runs, as nobody could read it."""
        view = self.view
        if view.snapshot is None or view.running:
            return ""
        quantity = self._hovered
        if quantity is None:
            return ""
        values = NetworkValues(view.snapshot, view.example, notation=view.notation, gradients=self.gradients)
        return hover_text(values, quantity, self.content_size.width - 4, view.decimals)

    def switch_gradients(self) -> None:
        """Show gradients instead of weights, or weights again."""
        self.gradients = not self.gradients
        self.look()

    def zoom_by(self, by: int) -> None:
        """Show more of each connection, or less."""
        if drawn := self._diagram():
            self.zoom = Zoom(min(max(drawn.zoom + by, min(Zoom)), max(Zoom)))
            self.look()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Say what the number under the mouse is made of."""
        cell = self.cell_under(event)
        if (quantity := cell.quantity if cell else None) != self._hovered:
            self._hovered = quantity
            say_below(self, self.below)

    def on_leave(self) -> None:
        """Forget the mouse."""
        self._hovered = None
        say_below(self, self.below)

    def _diagram(self) -> Diagram | None:
        view = self.view
        if view.snapshot is None:
            return None
        return diagram(
            view.snapshot,
            view.example,
            *self.content_size,
            view.lit,
            notation=view.notation,
            gradients=self.gradients,
            zoom=self.zoom,
            decimals=view.decimals,
        )


SPEC = PanelSpec(
    widget=NetworkPanel,
    key="1",
    help="Every neuron with its value, every connection with its weight, for one example of the batch.\n"
    "Whole strokes are positive weights, dashed ones negative; the thicker, the stronger. A neuron is the fuller, "
    "the greater its value in its layer. What an explanation is about is lit. In a large network each "
    "connection is a bead on a wire, or each neuron a shade: zoom in or out. In gradients every "
    "number is one: ∂L/∂x of inputs, ∂L/∂w of connections, ∂L/∂z of neurons.",
    region=Region.NETWORK,
    short="Net",
)
