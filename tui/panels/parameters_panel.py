"""The parameters panel: every W and b."""

from typing import TYPE_CHECKING

from textual.geometry import Size

from ...core.quantities.quantity import Kind, Quantity
from ..text.captions import stale_label
from ..text.spans import Lines, Page, mark_styles
from .panel import NUMBER_ACTIONS, PagePanel, PanelSpec, Region

if TYPE_CHECKING:
    from ..text.parameter_table import ParameterTable


class ParametersPanel(PagePanel):
    """Each parameter with its value, its gradient and its last change."""

    BORDER_TITLE = "Parameters"
    _table: "ParameterTable | None" = None
    """The last table."""

    def shows(self) -> tuple[object, ...]:
        """The parameters of a step, and the verdicts on their gradients."""
        view = self.view
        return view.trainer, view.snapshot, view.notation, view.decimals, view.checks, view.printed, view.cursor

    def make_page(self, size: Size) -> Page:
        """The table."""
        view = self.view
        if view.snapshot is None or view.trainer is None:
            return Lines([])
        from ..text.parameter_table import DECIMALS, ParameterTable

        self._table = ParameterTable(
            snapshot=view.snapshot,
            trainer=view.trainer,
            notation=view.notation,
            checks=view.checks,
            decimals=view.decimals or DECIMALS,
            printed=view.printed,
            selected=parameter_under(view.cursor),
            # A scrollbar needs a column, and one beside it stays free.
            room=size.width - 2 * (view.snapshot.state.parameters.size >= size.height),
            earlier=self._table.every_column if self._table else None,
        )
        return self._table

    def below(self) -> str:
        """The meaning of the marks, and the step of the dim numbers."""
        snapshot = self.view.snapshot
        if snapshot is None:
            return ""
        has_marks = self._table is not None and self._table.has_marks
        legend = self.view.printed.legend(mark_styles(self.page)) if has_marks else ""
        return " · ".join(filter(None, [legend, stale_label(snapshot)]))


OF_A_PARAMETER = (
    *(Kind.W, Kind.B, Kind.DW, Kind.DB),
    *(Kind.PENALTY_DW, Kind.PENALTY_DB, Kind.CLIPPED_DW, Kind.CLIPPED_DB, Kind.SLOT),
)


def parameter_under(cursor: Quantity | None) -> Quantity | None:
    """The parameter of the number under the cursor."""
    return cursor.parameter if cursor and cursor.kind in OF_A_PARAMETER else None


SPEC = PanelSpec(
    widget=ParametersPanel,
    key="2",
    help="Every weight and bias: its value, its gradient with a bar for the size, and its value after the next update. "
    "✓ marks a number as printed, a red ✗ one that differs, a yellow ✗ one whose difference is explained under the "
    "cursor. After c, the verdict of the gradient check. Where there is room, the penalty's part and the state of the "
    "optimizer. Names stay visible when the table scrolls.",
    region=Region.UPPER,
    actions=(*NUMBER_ACTIONS, "notation"),
    short="Params",
)
