"""The gradients panel: z, a, and every gradient."""

from textual.geometry import Size
from textual.reactive import var

from ...core.debugger.snapshot import Snapshot
from ...core.quantities.notation import Notation
from ...core.training.trainer import Trainer
from ..text.captions import stale_label
from ..text.gradient_table import DECIMALS, GradientTable
from ..text.spans import Lines, Page
from .page_view import PageView


class GradientsPanel(PageView):
    """Each neuron's z, a, da, dz and db, and each connection's dW."""

    BORDER_TITLE = "Gradients"

    snapshot: var[Snapshot | None] = var(None)
    trainer: var[Trainer | None] = var(None)
    example: var[int] = var(0)
    notation: var[Notation] = var(Notation.SUPERSCRIPT)
    decimals: var[int | None] = var(None)
    """Of each number; None for as many as this panel shows by itself."""

    def watch_snapshot(self) -> None:
        """Show the new moment."""
        self.say_above(self._title)
        self.say_below(lambda: stale_label(self.snapshot) if self.snapshot else "")
        self.renew()

    def watch_example(self) -> None:
        """Show the other example."""
        self.say_above(self._title)
        self.renew()

    def watch_notation(self) -> None:
        """Take the other labels."""
        self.renew()

    def make_page(self, size: Size) -> Page:
        """The table."""
        if self.snapshot is None or self.trainer is None:
            return Lines([])
        labels = self.trainer.network.names.labels(self.notation)
        return GradientTable(self.snapshot, self.example, labels, self.decimals or DECIMALS)

    def _title(self) -> str:
        """Which example's numbers it shows, and which are of the whole batch."""
        examples = len(self.snapshot.forward.X) if self.snapshot else 1
        number = min(self.example, examples - 1) + 1
        return "Gradients" + (f": example {number} of {examples}; db, dW of the batch" if examples > 1 else "")
