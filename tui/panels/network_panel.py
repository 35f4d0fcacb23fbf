"""The network panel: the picture of the network."""

from textual.binding import Binding
from textual.events import MouseMove
from textual.geometry import Size
from textual.reactive import var

from ...core.debugger.snapshot import Snapshot
from ...core.explaining.explanation import Connection
from ...core.quantities.notation import Notation
from ...core.quantities.quantity import Quantity
from ...core.training.trainer import Trainer
from ..text.captions import data_row
from ..text.diagram.diagram import Diagram, Zoom, diagram
from ..text.diagram.network_values import NetworkValues
from ..text.hover_text import hover_text
from ..text.numbers import count
from ..text.spans import Lines, Page
from .page_view import PageView


class NetworkPanel(PageView):
    """Every neuron with its value, every connection with its weight or its gradient."""

    BORDER_TITLE = "Network"
    BINDINGS = [
        Binding("d", "gradients", "Values/gradients", show=False),
        Binding("z", "zoom(1)", "Closer", show=False),
        Binding("Z", "zoom(-1)", "Further off", show=False),
    ]

    trainer: var[Trainer | None] = var(None)
    snapshot: var[Snapshot | None] = var(None)
    example: var[int] = var(0)
    lit: var[frozenset[Connection]] = var(frozenset())
    """Connections that are to be seen before all others."""
    running: var[bool] = var(False)
    notation: var[Notation] = var(Notation.SUPERSCRIPT)
    decimals: var[int | None] = var(None)
    """Of each number; None for as many as this panel shows by itself."""
    gradients: var[bool] = var(False)
    """Connections show ∂L/∂w, not w; neurons ∂L/∂z, not a."""
    zoom: var[Zoom | None] = var(None)
    """How much of each connection is shown; as much as there is room for, where that is None."""

    hovered: var[Quantity | None] = var(None)
    """The number under the mouse; None where it is over none."""

    def watch_snapshot(self) -> None:
        """Draw the new moment."""
        self._draw()

    def watch_example(self) -> None:
        """Draw the other example."""
        self._draw()

    def watch_lit(self) -> None:
        """Light other connections."""
        self.renew()

    def watch_notation(self) -> None:
        """Take the other labels."""
        self._draw()

    def watch_running(self) -> None:
        """Say what the cursor is on only at rest."""
        self._tell_hovered()

    def watch_hovered(self) -> None:
        """Say what the number under the mouse is made of."""
        self._tell_hovered()

    def watch_gradients(self) -> None:
        """Show the other numbers."""
        self._draw()

    def watch_zoom(self) -> None:
        """Show more of each connection, or less."""
        self.renew()

    def make_page(self, size: Size) -> Page:
        """The picture in so much room."""
        return self._drawn(self.zoom) or Lines([])

    def action_gradients(self) -> None:
        """Show gradients instead of weights, or weights again."""
        self.gradients = not self.gradients

    def action_zoom(self, by: int) -> None:
        """Go closer, or further off."""
        if drawn := self._drawn(self.zoom):
            self.zoom = Zoom(min(max(drawn.zoom + by, min(Zoom)), max(Zoom)))

    def on_page_view_chosen(self) -> None:
        """Say what the number under the cursor is made of."""
        self._tell_hovered()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Follow the mouse."""
        cell = self.cell_under(event)
        self.hovered = cell.quantity if cell else None

    def on_leave(self) -> None:
        """Forget the mouse."""
        self.hovered = None

    def watch_has_focus(self, has_focus: bool) -> None:
        """Say what the cursor is on only where there is one: without the focus it is hidden."""
        super().watch_has_focus(has_focus)
        self._tell_hovered()

    def _draw(self) -> None:
        self.say_above(self._title)
        self.renew()
        self._tell_hovered()

    def _drawn(self, zoom: Zoom | None) -> Diagram | None:
        if self.snapshot is None:
            return None
        return diagram(
            self.snapshot,
            self.example,
            *self.content_size,
            self.lit,
            notation=self.notation,
            gradients=self.gradients,
            zoom=zoom,
            decimals=self.decimals,
        )

    def _title(self) -> str:
        examples = len(self.snapshot.forward.X) if self.snapshot else 1
        number = min(self.example, examples - 1) + 1
        example = f"  example {number} of {examples}{self._row(number)}" if examples > 1 else ""
        shown = "gradients ∂L/∂x, ∂L/∂w, ∂L/∂z" if self.gradients else "weights"
        return f"Network: {shown}{example}"

    def _row(self, number: int) -> str:
        """The example's row in the data, where that has another number."""
        row = data_row(self.trainer, self.snapshot, number - 1) if self.trainer and self.snapshot else None
        return f", row {count(row)}" if row else ""

    def _tell_hovered(self) -> None:
        self.say_below(self._hover_text)

    def _hover_text(self) -> str:
        """What the mouse is over, or else the cursor; not while training runs, as nobody could read it."""
        if self.snapshot is None or self.running:
            return ""
        here = self.cell if self.has_focus else None
        quantity = self.hovered or (here.quantity if here else None)
        if quantity is None:
            return ""
        figures = NetworkValues(self.snapshot, self.example, notation=self.notation, gradients=self.gradients)
        return hover_text(figures, quantity, self.content_size.width - 4, self.decimals)
