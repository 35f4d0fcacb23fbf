"""The comparison of two branches."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size

from ...core.debugger.branch_comparison import Comparison
from ...core.quantities.notation import Notation
from ..keymap import bindings
from ..panels.key_line import KeyLine
from ..panels.page_view import PageView
from ..text.branch_table import DECIMALS, ComparisonTable
from ..text.spans import Page
from .base_screen import Dialog


class ComparisonView(PageView, inherit_bindings=False):
    """The table; enter closes the dialog, as there is nothing to explain."""

    BINDINGS = bindings(each for each in PageView.ACTIONS if each.name != "explain")

    def __init__(self, comparison: Comparison, notation: Notation, decimals: int) -> None:
        super().__init__(id="comparison")
        self._compared = comparison, notation, decimals

    def make_page(self, size: Size) -> Page:
        """The table in so much room."""
        return ComparisonTable(*self._compared, size.width)


class Compare(Dialog[None]):
    """What was changed in two branches, and what came of it."""

    BINDINGS = [Binding("escape,q,enter,space", "dismiss", "Close", key_display="esc")]

    def __init__(self, comparison: Comparison, notation: Notation, decimals: int | None) -> None:
        """Show this comparison."""
        super().__init__()
        self._compared = comparison, notation, decimals or DECIMALS

    def compose(self) -> ComposeResult:
        """The table, with the names of both branches over it."""
        with Vertical(classes="dialog tall") as dialog:
            ours, theirs = ComparisonTable(*self._compared).names
            dialog.border_title = Content(f"Compare {ours} with {theirs}")
            yield ComparisonView(*self._compared)
        yield KeyLine()
