"""The comparison of two branches."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.geometry import Size
from textual.widgets import Label

from ...core.debugger.timeline import Comparison
from ...core.network.network import Network
from ...core.quantities.notation import Notation
from ..panels.page_view import PageView
from ..text.branch_table import DECIMALS, ComparisonTable
from ..text.spans import Page
from .base_screen import Dialog


class ComparisonView(PageView):
    """The table."""

    def __init__(self, table: ComparisonTable) -> None:
        super().__init__(id="comparison")
        self._table = table

    def make_page(self, size: Size) -> Page:
        """The table."""
        return self._table


class Compare(Dialog[None]):
    """Both branches' parameters side by side."""

    BINDINGS = [Binding("escape,q,enter,space", "dismiss", "Close")]

    def __init__(self, comparison: Comparison, network: Network, notation: Notation, decimals: int | None) -> None:
        """Show this comparison."""
        super().__init__()
        self._table = ComparisonTable(comparison, network, notation, decimals or DECIMALS)

    def compose(self) -> ComposeResult:
        """A title and the table."""
        with Vertical(classes="dialog tall"):
            yield Label("This branch and the other", classes="dialog-title")
            yield ComparisonView(self._table)
