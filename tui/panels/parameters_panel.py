"""The parameters panel: every W and b."""

from textual.geometry import Size

from ..text.captions import stale_label
from ..text.parameter_table import DECIMALS, ParameterTable
from ..text.spans import Lines, Page
from .panel import PagePanel
from .panel_spec import PanelSpec, Region


class ParametersPanel(PagePanel):
    """Each parameter with its value, its gradient and its last change."""

    BORDER_TITLE = "Parameters"

    def shows(self) -> tuple[object, ...]:
        """The parameters of a step, and the verdicts on their gradients."""
        view = self.view
        return view.trainer, view.snapshot, view.notation, view.decimals, view.checks

    def make_page(self, size: Size) -> Page:
        """The table."""
        view = self.view
        if view.snapshot is None or view.trainer is None:
            return Lines([])
        return ParameterTable(view.snapshot, view.trainer, view.notation, view.checks, view.decimals or DECIMALS)

    def below(self) -> str:
        """Which step the dim numbers are of."""
        return stale_label(self.view.snapshot) if self.view.snapshot else ""


SPEC = PanelSpec(
    widget=ParametersPanel,
    key="2",
    help="Every weight and bias: with c the verdict of the gradient check; its value, ∂L/∂ of it, its last "
    "change; the penalty's share; and what the optimizer remembers. Names stay where the table is scrolled.",
    region=Region.UPPER,
    short="Params",
)
