"""The gradients panel: z, a, and every gradient."""

from msgspec.structs import replace
from textual.geometry import Size

from ...core.quantities.quantity import Quantity
from ...presets.printed_figures import NO_FIGURES
from ..text.captions import stale_label
from ..text.spans import Lines, Page, mark_styles
from .panel import NUMBER_ACTIONS, PagePanel, PanelSpec, Region


class GradientsPanel(PagePanel):
    """Each neuron's z, a, da, dz and db, and each connection's dW."""

    BORDER_TITLE = "Gradients"

    def shows(self) -> tuple[object, ...]:
        """The gradients of a step, for one example."""
        view = self.view
        return view.trainer, view.snapshot, view.example, view.notation, view.decimals, view.cursor, view.printed

    def make_page(self, size: Size) -> Page:
        """The table."""
        view = self.view
        if view.snapshot is None or view.names is None:
            return Lines([])
        from ..text.gradient_table import GradientTable

        table = GradientTable(
            snapshot=view.snapshot,
            example=view.example,
            names=view.names,
            decimals=view.decimals,
            selected=neuron_under(view.cursor),
            room=size.width,
            printed=view.printed if view.printed.are_users else NO_FIGURES,
        )
        return replace(table, room=size.width - 2) if table.height > size.height else table  # beside a scrollbar

    def above(self) -> str:
        """The title of the panel."""
        return str(self.BORDER_TITLE)

    def below(self) -> str:
        """The example of the numbers, and the step of the dim ones."""
        if self.view.snapshot is None:
            return ""
        examples = len(self.view.snapshot.forward.X)
        number = min(self.view.example, examples - 1) + 1
        shown = f"example {number} of {examples}" if examples > 1 else ""
        printed = self.view.printed
        legend = printed.legend(mark_styles(self.page)) if printed.are_users else ""
        parts = [each for each in (shown, legend, stale_label(self.view.snapshot)) if each]
        if len("  ".join(parts)) > self.size.width - len("─  ─"):  # the network names the example too
            parts = [each for each in parts if each != shown] or parts
        return "  ".join(parts)


def neuron_under(cursor: Quantity | None) -> Quantity | None:
    """A number of the neuron under the cursor."""
    from ..text.gradient_table import OF_A_NEURON

    return cursor if cursor and cursor.kind in OF_A_NEURON and cursor.layer >= 0 else None


SPEC = PanelSpec(
    widget=GradientsPanel,
    key="3",
    help="For each neuron z, a, ∂L/∂a and ∂L/∂z of one example; n shows the next example. The bar shows the size of "
    "∂L/∂z. Columns and matrices named batch are sums over the whole batch.",
    region=Region.UPPER,
    actions=(*NUMBER_ACTIONS, "next-example", "notation"),
    short="Grads",
)
