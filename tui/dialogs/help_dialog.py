"""The help: all keys, and how to read the screen."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ..dashboard.key_table import key_table
from ..text.safe import safe
from .base_screen import Dialog

KEY_COLUMNS = 14
LEGEND = """\
A step is one update; the step shown is the number of updates done.
Bright numbers are new in this phase, dim numbers belong to the previous step,
· is not computed yet. An edit in the past begins a new branch.
Lines: solid for positive weights, dashed for negative weights.
dW, db, dz, da are the derivatives of the loss on the screen."""


class Help(Dialog[None]):
    """One page."""

    BINDINGS = [Binding("escape,question_mark,q,enter,space", "dismiss", "Close")]

    def __init__(self, other_keys: Mapping[str, str] | None = None) -> None:
        """Show the keys, and the configured ones by action."""
        super().__init__()
        self._other_keys = other_keys or {}

    def compose(self) -> ComposeResult:
        """The keys and the legend."""
        with VerticalScroll(id="help"):
            yield Static(Content("\n".join(f"{keys:<{KEY_COLUMNS}}{what}" for keys, what in key_table())))
            if self._other_keys:
                other = "\n".join(f"{safe(key):<{KEY_COLUMNS}}{action}" for action, key in self._other_keys.items())
                yield Static(Content(f"\nOther keys, as configured:\n{other}"), id="help-other-keys")
            yield Static(Content(LEGEND), id="help-legend")
