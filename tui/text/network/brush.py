"""The brush: the tools of every part of a drawing, and the styles of its numbers."""

from collections.abc import Sequence

from msgspec import Struct

from ....core.debugger.snapshot import Freshness
from .braille import Styles
from .figures import InputScale, sign_style, strength_level
from .heat_map import Levels
from .layer_plan import DENSE
from .network_plan import NetworkPlan
from .network_values import NetworkValues
from .selection import Selection
from .sheet import Sheet


class Look(Struct, frozen=True, kw_only=True):
    """The look of a drawing."""

    ascii: bool = False
    has_colours: bool = True
    """Whether shades can be mixed; if not, heat maps are glyphs, and even many lines are dashed."""
    has_focus: bool = False
    """Whether the cursor is in the panel."""
    flash: bool = False
    """Whether numbers that are new in this phase are lit."""


class Brush(Struct, frozen=True, eq=False):
    """A sheet, and the data to draw on it."""

    sheet: Sheet
    plan: NetworkPlan
    values: NetworkValues
    selection: Selection
    look: Look
    scale: InputScale
    maps: Sequence[Levels] | None = None

    @property
    def cursor(self) -> Styles:
        """The styles of the number under the cursor: a block if the panel has the focus."""
        return ("cursor",) if self.look.has_focus else ("accent", "new")

    def value_styles(self, n: int, k: int, freshness: Freshness) -> Styles:
        """The styles of a neuron's value."""
        if self.selection.is_selected(n, k):
            return self.cursor
        if freshness is Freshness.ABSENT or not self.selection.has_neuron(n, k):
            return ("faint",)
        if freshness is Freshness.NEW and self.look.flash:
            return ("accent", "new")
        if freshness is Freshness.STALE:
            return ("second",)
        if self.values.gradients:
            return (sign_style(float(self.values.values[n][k]), 3), "new")
        return ("neuron",)

    def number_styles(self, n: int, to: int, source: int, number: float) -> Styles:
        """The styles of a weight's number."""
        if self.selection.weight == (n, to, source):
            return self.cursor
        if self.values.is_compared and self.values.is_wrong(n, to, source):
            return ("wrong",)
        if not self.selection.has_line(n, to, source):
            return ("faint",)
        freshness = self.values.edges_freshness[n]
        if freshness is Freshness.NEW and self.look.flash:
            return ("accent", "new")
        if freshness is Freshness.STALE:
            return ("second",)
        share = self.values.strengths[n].item(to, source)
        is_dense = self.plan.lines(n) > DENSE
        style = sign_style(number, max(strength_level(share, dense=is_dense), 2))
        is_own = self.selection.is_at(n, to, source) and self.plan.layers[n + 1].weights is None
        return (style, "new") if is_own or self.selection.weight else (style,)
