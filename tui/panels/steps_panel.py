"""The steps panel: the results at each step, beside the source's figures."""

from typing import TYPE_CHECKING

from textual.geometry import Size

from ..text.spans import Lines, Page
from .panel import PagePanel, PanelSpec, Region

if TYPE_CHECKING:
    from ..text.steps_table import StepsTable


class StepsPanel(PagePanel):
    """The outputs, the printed figures and the loss of the steps around the current one."""

    BORDER_TITLE = "Steps"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._table: StepsTable | None = None
        """The table that is shown."""

    def shows(self) -> tuple[object, ...]:
        """A step and the steps before it."""
        view = self.view
        return view.trainer, view.snapshot, view.curves, view.printed, view.notation

    def make_page(self, size: Size) -> Page:
        """The table."""
        view, self._table = self.view, None
        if view.snapshot is None or view.trainer is None:
            return Lines([])
        from ..text.steps_table import StepsTable

        self._table = StepsTable(view.snapshot, view.trainer, view.curves, view.printed, view.notation)
        return self._table.page(size.width, size.height)

    def below(self) -> str:
        """The meaning of the check mark."""
        return self.view.printed.legend if self._table and self._table.has_figures else ""


SPEC = PanelSpec(
    widget=StepsPanel,
    key="7",
    help="The steps around the current step, each with its loss and a bar for its size. With a single example also its "
    "outputs and the printed numbers, ✓ if they agree and ✗ if not. With several examples, the accuracy of the batch.",
    region=Region.LOWER,
    actions=("go-to-step", "first-step", "newest-step", "notation"),
    short="Step",
)
