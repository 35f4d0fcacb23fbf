"""The gradients panel: z, a, and every gradient."""

from textual.geometry import Size

from ..text.captions import stale_label
from ..text.gradient_table import DECIMALS, GradientTable
from ..text.spans import Lines, Page
from .panel import PagePanel
from .panel_spec import PanelSpec, Region


class GradientsPanel(PagePanel):
    """Each neuron's z, a, da, dz and db, and each connection's dW."""

    BORDER_TITLE = "Gradients"

    def shows(self) -> tuple[object, ...]:
        """The gradients of a step, for one example."""
        view = self.view
        return view.trainer, view.snapshot, view.example, view.notation, view.decimals

    def make_page(self, size: Size) -> Page:
        """The table."""
        view = self.view
        if view.snapshot is None or view.trainer is None:
            return Lines([])
        labels = view.trainer.network.names.labels(view.notation)
        return GradientTable(view.snapshot, view.example, labels, view.decimals or DECIMALS)

    def above(self) -> str:
        """Its name."""
        return str(self.BORDER_TITLE)

    def aside(self) -> str:
        """Which example's numbers it shows, and which are of the whole batch."""
        examples = len(self.view.snapshot.forward.X) if self.view.snapshot else 1
        number = min(self.view.example, examples - 1) + 1
        return f"example {number} of {examples}; db, dW: batch" if examples > 1 else ""

    def below(self) -> str:
        """Which step the dim numbers are of."""
        return stale_label(self.view.snapshot) if self.view.snapshot else ""


SPEC = PanelSpec(
    widget=GradientsPanel,
    key="3",
    help="Of each neuron z, a, ∂L/∂a and ∂L/∂z for one example of the batch; n shows the next one. "
    "∂L/∂b, and ∂L/∂W below it, are of the whole batch.",
    region=Region.UPPER,
    short="Grads",
)
