"""The help: all keys, and how to read the screen."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

KEYS = (
    ("space", "run, and pause"),
    ("s", "one update: on to the next step, whole"),
    ("f", "one phase: forward pass, loss, backward pass, update"),
    ("e", "one epoch: every example once"),
    ("r", "reset: same seed, same start"),
    ("+  −", "learning rate up, down (by a quarter, by a fifth)"),
    ("n  N", "next, previous example of the batch"),
    ("1 2 3 4", "network, parameters, gradients, loss"),
    ("w  z Z", "network: weights or gradients; closer, further off"),
    ("tab", "next panel; arrows and page keys scroll it"),
    ("p", "presets"),
    ("ctrl+p", "command palette"),
    ("?", "this help"),
    ("q  ctrl+c", "quit"),
)
LEGEND = """\
A step is one update; the step shown is the number of updates done.
Bright numbers are new in this phase, dim ones belong to earlier
parameters, · is not computed yet.
Strokes: whole for positive weights, dashed for negative ones.
dW, db, dz, da are the derivatives of the loss that is shown."""


class Help(ModalScreen[None]):
    """One page."""

    BINDINGS = [Binding("escape,question_mark,q,enter,space", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        """The keys and the legend."""
        with VerticalScroll(id="help"):
            yield Static(Content("\n".join(f"{key:<11}{what}" for key, what in KEYS)))
            yield Static(Content(LEGEND), id="help-legend")
