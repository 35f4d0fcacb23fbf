"""The parameters panel: every W and b."""

from collections.abc import Mapping

from textual.geometry import Size
from textual.reactive import var

from ...core.checking.gradient_check import Check
from ...core.debugger.snapshot import Snapshot
from ...core.quantities.notation import Notation
from ...core.quantities.quantity import Quantity
from ...core.training.trainer import Trainer
from ..text.captions import stale_label
from ..text.parameter_table import DECIMALS, ParameterTable
from ..text.spans import Lines, Page
from .page_view import PageView


class ParametersPanel(PageView):
    """Each parameter with its value, its gradient and its last change."""

    BORDER_TITLE = "Parameters"

    snapshot: var[Snapshot | None] = var(None)
    trainer: var[Trainer | None] = var(None)
    notation: var[Notation] = var(Notation.SUPERSCRIPT)
    decimals: var[int | None] = var(None)
    """Of each number; None for as many as this panel shows by itself."""
    checks: var[Mapping[Quantity, Check] | None] = var(None)

    def watch_snapshot(self) -> None:
        """Show the new moment."""
        self.say_below(lambda: stale_label(self.snapshot) if self.snapshot else "")
        self.renew()

    def watch_notation(self) -> None:
        """Take the other labels."""
        self.renew()

    def watch_checks(self) -> None:
        """Show the verdicts, or hide them."""
        self.renew()

    def make_page(self, size: Size) -> Page:
        """The table."""
        if self.snapshot is None or self.trainer is None:
            return Lines([])
        return ParameterTable(self.snapshot, self.trainer, self.notation, self.checks, self.decimals or DECIMALS)
