"""The help: the keys that matter first, then all keys by task, and how to read the screen."""

from collections.abc import Iterator, Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.geometry import Size

from ..dashboard.action import Group
from ..dashboard.key_table import key_table
from ..panels.key_line import KeyLine
from ..text.key_help import KeySection, help_page
from ..text.safe import safe
from ..text.spans import Page
from .base_screen import Dialog
from .reading_view import ReadingView

FIRST = (
    ("space", "run the training, pause it"),
    ("s", "step by one update"),
    ("f", "step by one phase: a layer, the loss or the update"),
    ("b", "step back"),
    ("enter", "explain the number under the cursor"),
    ("a", "edit the number under the cursor"),
    ("1 … 7", "go to a panel; arrows move in it"),
    ("p", "choose another preset"),
)
"""The eight keys that matter most."""
READING = (
    "A step is one update. The step that is shown is the number of updates done.",
    "Bright numbers are new in this phase. Dim numbers belong to the previous step. · is not computed yet.",
    "A line is blue for a positive weight, orange and dashed for a negative one.",
    "An edit after stepping back begins a branch.",
    "dW, db, dz and da are the derivatives of the loss.",
)


class Help(Dialog[None]):
    """One page."""

    HORIZONTAL_BREAKPOINTS = [(0, "-one-column"), (118, "-two-columns")]
    BINDINGS = [Binding("escape,question_mark,q,enter,space", "dismiss", "Close", key_display="esc")]

    def __init__(self, other_keys: Mapping[str, str] | None = None) -> None:
        """Show the keys, and those that a configuration changed, by action."""
        super().__init__()
        self._other_keys = other_keys or {}

    def compose(self) -> ComposeResult:
        """The sections."""
        with Vertical(classes="dialog", id="help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "↑ ↓ scroll   F1 help for the panel"
            yield ReadingView(self._page, id="help-page")
        yield KeyLine()

    def _page(self, size: Size) -> Page:
        return help_page(tuple(self._sections()), size.width)

    def _sections(self) -> Iterator[KeySection]:
        yield KeySection("The eight keys that matter most", FIRST)
        if self._other_keys:
            other = [(safe(key), action) for action, key in self._other_keys.items()]
            yield KeySection("Your own keys, from the configuration", other)
        for group in Group:
            rows = [row for row in key_table(group) if row[0] not in dict(FIRST)]
            yield KeySection(group.value, rows)
        yield KeySection("How to read the screen", [("", sentence) for sentence in READING])
