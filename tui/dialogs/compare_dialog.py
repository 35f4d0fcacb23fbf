"""The comparison of two branches."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from ...core.debugger.branch_comparison import Comparison
from ...core.quantities.notation import Notation
from ..panels.key_line import KeyLine
from ..text.branch_table import DECIMALS, ComparisonTable
from .base_screen import Dialog
from .reading_view import ReadingView


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
            yield ReadingView(lambda size: ComparisonTable(*self._compared, size.width), id="comparison")
        yield KeyLine()
