"""The drawer of networks: what a drawing needs of earlier ones, its plan, its inputs' scale and its heat maps."""

from time import monotonic

from textual.app import App
from textual.geometry import Size

from ...core.quantities.notation import Notation
from ...core.quantities.quantity import Kind, Quantity
from ...core.training.state import State
from ...core.training.trainer import Trainer
from ..dashboard.view import View
from ..text.network.brush import Look
from ..text.network.drawing import draw_network, need_of
from ..text.network.heat_map import Levels, heat_maps, learns_a_plane
from ..text.network.input_scale import InputScale, input_scale
from ..text.network.network_plan import NetworkPlan, plan_of
from ..text.network.network_values import NetworkValues
from ..text.network.selection import Selection
from ..text.spans import Lines, Page

MAPS_EVERY = 0.25
"""Seconds between two heat maps while training runs."""


class NetworkDrawer:
    """Draws one network after another; what stays the same is worked out once."""

    def __init__(self) -> None:
        """Draw values and weights, and heat maps where the network learns a data set of two inputs."""
        self.gradients = False
        """Connections show ∂L/∂w, not w; neurons ∂L/∂z, not a."""
        self.wants_maps = True
        self._plan: NetworkPlan | None = None
        self._scale: tuple[Trainer, InputScale] | None = None
        self._maps: tuple[State, NetworkPlan, list[Levels]] | None = None
        self._mapped = 0.0
        """When the heat maps were made."""

    def page(self, view: View, size: Size, selected: Quantity | None, look: Look) -> Page:
        """The network of a view in so much room, with the lines of a quantity lit."""
        values, trainer = self.values(view, look), view.trainer
        if values is None or trainer is None:
            return Lines([])
        if self._scale is None or self._scale[0] is not trainer:
            self._scale = trainer, input_scale(trainer)
        has_maps = self.wants_maps and not self.gradients and learns_a_plane(trainer)
        room, decimals = (size.width, size.height), view.decimals
        need = need_of(values, room, self._scale[1], has_maps=has_maps, decimals=decimals)
        if self._plan is None or self._plan.need != need:
            self._plan = plan_of(need)
        first = Quantity(Kind.A, len(values.sizes) - 2, 0)
        selection = Selection.of(values.sizes, selected or first, view.lit)
        maps = self._maps_of(trainer, values.snapshot.state, self._plan, is_running=view.running) if has_maps else None
        return draw_network(self._plan, values, selection, look, self._scale[1], maps)

    def values(self, view: View, look: Look) -> NetworkValues | None:
        """The numbers of a view."""
        if view.snapshot is None:
            return None
        notation = Notation.INDEXED if look.ascii else view.notation
        return NetworkValues(view.snapshot, view.example, notation, self.gradients, view.names)

    def _maps_of(self, trainer: Trainer, state: State, plan: NetworkPlan, *, is_running: bool) -> list[Levels]:
        """The heat maps of a state; while training runs, those of a state shortly before."""
        known = self._maps
        is_recent = is_running and monotonic() - self._mapped < MAPS_EVERY
        if known is None or known[1] is not plan or (known[0] is not state and not is_recent):
            self._mapped = monotonic()
            known = self._maps = state, plan, heat_maps(trainer, state, plan.pixels)
        return known[2]


def look_of(app: App[object], *, has_focus: bool, flash: bool) -> Look:
    """How drawings look in an app: a terminal's own colours cannot be mixed, and neither can those in ASCII."""
    config = getattr(app, "config", None)
    is_ascii = bool(config and config.ascii)
    has_shades = not (app.no_color or app.current_theme.ansi or is_ascii)
    return Look(ascii=is_ascii, has_colours=has_shades, has_focus=has_focus, flash=flash)
