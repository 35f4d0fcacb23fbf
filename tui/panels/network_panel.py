"""The network panel: the drawing of the network."""

from dataclasses import replace
from textwrap import wrap
from time import monotonic
from typing import Any, ClassVar

from textual.app import App
from textual.events import MouseMove
from textual.geometry import Size

from ...core.debugger.stage import Stage
from ...core.notation.notation import Notation
from ...core.quantities.quantity import OF_THE_BATCH, Kind, Quantity, When
from ...core.steps.state import State
from ...core.training.trainer import Trainer
from ...presets.printed_figures import NO_FIGURES
from ..action import Action, Group
from ..keymap import bindings
from ..text.brief import brief
from ..text.finding import is_among
from ..text.network.brush import Look
from ..text.network.drawing import draw_network, layer_needs, need_of
from ..text.network.figures import InputScale, input_scale
from ..text.network.heat_map import Levels, heat_maps, learns_a_plane
from ..text.network.layer_plan import LayerNeed
from ..text.network.network_plan import NetworkPlan, plan_of
from ..text.network.network_values import NetworkValues
from ..text.network.selection import Selection
from ..text.network.sheet import Sheet
from ..text.spans import Lines, Page, Span, label, mark_styles, placed_of
from ..themes import has_shades
from ..view import View
from .page_view import tell_cell
from .panel import NUMBER_ACTIONS, NothingDone, PagePanel, PanelSpec, Region

NO_STEP = "Start with smaller weights, biases or inputs. q quits; p chooses another preset."
NO_MAPS = "heat maps are for data sets of two inputs"
LEAST_LINE = 18
"""Columns of the upper border that remain beside the example."""
FLASH = 0.35
"""Seconds for which the numbers of a new phase are lit."""
MAPS_EVERY = 0.25
"""Seconds between two heat maps while training runs."""


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
        """The number under the mouse; None if it is over none."""
        self._stage: tuple[int, Stage] | None = None
        """The step and the stage of the last drawing."""
        self._flash = 0
        """The number of phases that are still lit."""

    def shows(self) -> tuple[object, ...]:
        """The numbers of a step for one example, and the selected number."""
        view = self.view
        return (
            view.snapshot,
            view.failure,
            view.example,
            view.lit,
            view.notation,
            view.decimals,
            view.running,
            view.printed,
            self.drawer.gradients,
            self.drawer.wants_maps,
            self._selected,
            self.has_focus,
            self._flash > 0,
        )

    def make_page(self, size: Size) -> Page:
        """The drawing in this many columns and rows, or the reason why there is no first step."""
        if self.view.snapshot is None and self.view.failure:
            why = [[Span(line, ("failed",))] for line in wrap(f"Training failed at {self.view.failure}.", size.width)]
            return Lines([*why, [], *([label(line)] for line in wrap(NO_STEP, size.width))])
        look = look_of(self.app, has_focus=self.has_focus, flash=self._flash > 0)
        return self.drawer.page(self.view, size, self._selected, look)

    def above(self) -> str:
        """The kind of the numbers."""
        return "Network: gradients" if self.drawer.gradients else "Network"

    def aside(self) -> str:
        """The example of the numbers."""
        room = self.size.width - LEAST_LINE
        return next((each for each in self.view.example_texts if len(each) <= room), "")

    def below(self) -> str:
        """The number under the mouse while paused; otherwise the note on lines that are not drawn, and on marks."""
        values = self.drawer.values(self.view, look_of(self.app))
        if self._hovered and not self.view.running and values:
            from ..text.hover_text import hover_text

            return hover_text(values, self._hovered, self.content_size.width - 4, self.view.decimals)
        briefing = self.view.briefing
        if self.view.is_large and briefing:
            first = brief(briefing, self.content_size.width - 8 - len(briefing.remark), 1)[0]
            return f"{''.join(span.text for span in first)}   {briefing.remark}".rstrip()
        sheet = placed_of(self.page)
        note = sheet.note if isinstance(sheet, Sheet) else ""
        printed = self.view.printed
        legend = printed.legend(mark_styles(self.page)) if printed.are_users else ""
        return "  ".join(filter(None, (note, legend)))

    def switch(self, *, gradients: bool = False, maps: bool = False) -> None:
        """Show gradients instead of weights, or numbers instead of heat maps; or switch back."""
        trainer = self.view.trainer
        if maps and (trainer is None or not learns_a_plane(trainer)):
            self.post_message(NothingDone(NO_MAPS))
        elif maps and self.drawer.gradients:
            self.post_message(NothingDone("the gradients have no heat maps: d shows the values"))
        else:
            self.drawer.wants_maps ^= maps
        self.drawer.gradients ^= gradients
        self.look()
        if self.has_focus:
            tell_cell(self)  # another number may be under the cursor

    def look(self) -> None:
        """Draw a change; numbers that are new in a phase are lit for a moment."""
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
        """Show the cursor too, which lights the lines of its number."""
        if self.shows() != self._shown:
            self.look()
        else:
            super().repaint()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Show the equation of the number under the mouse, and light its lines."""
        cell = self.cell_under(event)
        if (quantity := cell.quantity if cell else None) != self._hovered:
            self._hovered = quantity
            self.look()

    def on_leave(self) -> None:
        """Hide the number under the mouse."""
        self._hovered = None
        self.look()

    @property
    def _selected(self) -> Quantity | None:
        """The number whose lines are lit: under the mouse, under the cursor, or of another panel."""
        is_named = self.view.cursor is not None and self.view.cursor.kind in OF_THE_BATCH  # the loss is not here
        own = self._cursor.quantity if self.has_focus and not is_named else None
        chosen = self._hovered or own or self.view.cursor
        network = self.view.trainer.network if self.view.trainer else None
        named = replace(chosen, example=None, when=When.NOW) if chosen else None
        return chosen if named and network and is_among(named, network) else None


SPEC = PanelSpec(
    widget=NetworkPanel,
    key="1",
    help="Every neuron with its value, every weight as a line, for one example of the batch. Blue lines are positive, "
    "orange and dashed ones negative; the brighter and thicker, the larger. The cursor lights the lines of its neuron "
    "or weight. A neuron is filled by the range of its activation. With two inputs each neuron is a heat map: its "
    "value over the plane of the inputs. With d every number is a gradient: ∂L/∂x of "
    "inputs, ∂L/∂w of weights, ∂L/∂z of neurons. With --against, ✓ marks a number as in your file, ✗ one that differs.",
    region=Region.NETWORK,
    actions=(*NUMBER_ACTIONS, "next-example", "notation"),
    short="Net",
)


class NetworkDrawer:
    """Draws networks; parts that stay the same are computed once."""

    def __init__(self) -> None:
        """Draw values and weights, and heat maps if the network learns a data set of two inputs."""
        self.gradients = False
        """Whether connections show ∂L/∂w and neurons ∂L/∂z, not w and a."""
        self.wants_maps = True
        self._values: tuple[tuple[object, ...], NetworkValues] | None = None
        """The last numbers, and what they depend on."""
        self._needs: tuple[NetworkValues, tuple[LayerNeed, ...]] | None = None
        self._plan: NetworkPlan | None = None
        self._scale: tuple[Trainer, InputScale] | None = None
        self._maps: tuple[State, NetworkPlan, list[Levels]] | None = None
        self._mapped = 0.0
        """The time of the last heat maps."""

    def page(self, view: View, size: Size, selected: Quantity | None, look: Look) -> Page:
        """The network of a view in this many columns and rows, with the lines of a quantity lit."""
        values, trainer = self.values(view, look), view.trainer
        if values is None or trainer is None:
            return Lines([])
        if self._scale is None or self._scale[0] is not trainer:
            self._scale = trainer, input_scale(trainer)
        has_maps = self.wants_maps and not self.gradients and learns_a_plane(trainer)
        room, decimals = (size.width, size.height), view.decimals
        if self._needs is None or self._needs[0] is not values:
            self._needs = values, layer_needs(values, self._scale[1])
        need = need_of(values, self._needs[1], room, has_maps=has_maps, decimals=decimals)
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
        user_figures = view.printed if view.printed.are_users else NO_FIGURES
        about = view.snapshot, view.example, notation, self.gradients, user_figures, view.trainer, view.notation
        if self._values is None or self._values[0] != about:
            made = NetworkValues(view.snapshot, view.example, notation, self.gradients, view.names, user_figures)
            self._values = about, made
        return self._values[1]

    def _maps_of(self, trainer: Trainer, state: State, plan: NetworkPlan, *, is_running: bool) -> list[Levels]:
        """The heat maps of a state; while training runs, those of a slightly earlier state."""
        known = self._maps
        is_recent = is_running and monotonic() - self._mapped < MAPS_EVERY
        if known is None or known[1] is not plan or (known[0] is not state and not is_recent):
            self._mapped = monotonic()
            known = self._maps = state, plan, heat_maps(trainer, state, plan.pixels)
        return known[2]


def look_of(app: App[object], *, has_focus: bool = False, flash: bool = False) -> Look:
    """The look of drawings in an app: neither a terminal's own colours nor ASCII can be mixed."""
    config = getattr(app, "config", None)
    is_ascii = bool(config and config.ascii)
    return Look(ascii=is_ascii, has_colours=has_shades(app) and not is_ascii, has_focus=has_focus, flash=flash)
