"""The picture panel: what the network does with its inputs."""

from time import monotonic

from rich.style import Style
from textual.binding import Binding
from textual.geometry import Size
from textual.reactive import var

from ...core.debugger.snapshot import Snapshot
from ...core.training.trainer import Trainer
from ..text.picture.neuron_choice import Neuron
from ..text.picture.picture import DECIMALS, View, neurons_of, picture
from ..text.spans import Lines, Page
from .page_view import PageView

EVERY = 0.25
"""Seconds between two drawings: each holds the screen's thread for some milliseconds."""


class PicturePanel(PageView):
    """The decision, the curve, or the examples; of the network, or of one of its neurons."""

    BORDER_TITLE = "Picture"
    BINDINGS = [
        Binding("h", "neuron(1)", "Next neuron"),
        Binding("H", "neuron(-1)", "Neuron before", show=False),
    ]

    trainer: var[Trainer | None] = var(None)
    snapshot: var[Snapshot | None] = var(None)
    decimals: var[int | None] = var(None)
    """Of each number; None for as many as this panel shows by itself."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._neuron: Neuron | None = None
        self._drawn = 0.0
        self._is_old = False

    def on_mount(self) -> None:
        """Catch up with what came between two drawings."""
        self.set_interval(EVERY, self._catch_up)

    def on_show(self) -> None:
        """Catch up with what came while it was hidden."""
        self._catch_up()

    def watch_trainer(self) -> None:
        """Draw what the new training is given."""
        self._is_old = True

    def watch_snapshot(self) -> None:
        """Draw now, or soon."""
        self._is_old = True
        if monotonic() - self._drawn > EVERY:
            self._catch_up()

    def make_page(self, size: Size) -> Page:
        """The picture in so much room."""
        if self.snapshot is None or self.trainer is None:
            return Lines([])
        self._title()
        has_shades = not self.app.no_color and not self.app.current_theme.ansi  # a terminal's own cannot be mixed
        view = View(self.trainer, self.snapshot, self._neuron, has_shades, self.decimals or DECIMALS)
        return picture(view, size.width, size.height)

    def action_neuron(self, by: int) -> None:
        """Show the next neuron, and after the last one the decision."""
        if self.trainer:
            shown = [None, *neurons_of(self.trainer.network)]
            self._neuron = shown[(shown.index(self._neuron) + by) % len(shown)]
            self.scroll_home(animate=False)
            self.renew()

    def style_of(self, name: str) -> Style:
        """A colour mixed with what is behind the panel; that of on-shade3 is the ground that shade3 is drawn on."""
        if name.startswith("on-"):
            return Style(bgcolor=self.ink(name.removeprefix("on-")).rich_style.color)
        if name.rstrip("0123456789") in ("shade", "ink", "class"):
            return Style(color=self.ink(name).rich_style.color)
        return super().style_of(name)

    def _catch_up(self) -> None:
        if self._is_old and self.display and self.size:
            self._drawn, self._is_old = monotonic(), False
            self.renew()

    def _title(self) -> None:
        assert self.snapshot
        self.border_title = f"Picture  {self._neuron.text}" if self._neuron else "Picture"
        self.border_subtitle = f"step {self.snapshot.step}"
