"""The help: all keys, and how to read the screen."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ..terminal.signals import HAS_JOB_CONTROL
from ..text.safe import safe
from .base_screen import Dialog

KEYS = (
    ("space", "run, and pause"),
    (",  .", "run slower, faster: from 1 update a second to as many as it can"),
    ("s", "one update: on to the next step, whole"),
    ("f", "one phase: a layer of a pass, the loss, the update"),
    ("x", "one factor of the chain rule, of the gradient under the cursor"),
    ("e", "one epoch: every example once"),
    ("b", "back by what was gone on by last; over a change, which undoes it"),
    ("g", "go to a step; home and end: the first, the newest"),
    ("r", "reset: same seed, same start, no changes"),
    ("arrows", "from number to number; tab: the next panel"),
    ("enter", "explain the number under the cursor; backspace: back up"),
    ("a", "alter the weight, bias, input or target under the cursor"),
    ("[  ]", "nudge a parameter: what its gradient predicts, what comes of it"),
    ("m", "settings: learning rate, optimizer, batch size, functions, loss"),
    ("+  −", "learning rate up, down (by a quarter, by a fifth)"),
    ("c", "gradient check: each gradient beside the slope of the loss"),
    ("k", "breakpoints: where a run rests"),
    ("o  O", "over to the other branch; both side by side"),
    ("t", "notation: w²₁₁, w5, w31, W2[1,1]"),
    ("n  N", "next, previous example of the batch"),
    ("1 … 6", "network, parameters, gradients, loss, explanation, picture"),
    ("h  y", "picture: next neuron; loss: next chart"),
    ("l", "the focused panel large, and back"),
    ("<  >", "the focused panel narrower, wider; or pull its border"),
    ("(  )  0", "the same lower, higher; all sizes as at first"),
    ("d  z Z", "network: values or gradients; closer, further off"),
    ("w", "save as a session file; nn-tui open FILE goes on from there"),
    ("E  C", "export: tables, weights, picture …; copy the number"),
    ("p", "presets"),
    ("ctrl+p", "command palette"),
    ("?  f1", "this help; help of the focused panel with its keys"),
    ("ctrl+l", "draw the screen anew" + ("; ctrl+z: to the shell, fg comes back" if HAS_JOB_CONTROL else "")),
    ("q  ctrl+c", "quit"),
)
LEGEND = """\
A step is one update; the step shown is the number of updates done.
Bright numbers are new in this phase, dim ones belong to the step before,
· is not computed yet. A change made after going back begins a branch.
Strokes: whole for positive weights, dashed for negative ones.
dW, db, dz, da are the derivatives of the loss that is shown."""


class Help(Dialog[None]):
    """One page."""

    BINDINGS = [Binding("escape,question_mark,q,enter,space", "dismiss", "Close")]

    def __init__(self, other_keys: Mapping[str, str] | None = None) -> None:
        """Tell the keys, and which are other ones as configured, by action."""
        super().__init__()
        self._other_keys = other_keys or {}

    def compose(self) -> ComposeResult:
        """The keys and the legend."""
        with VerticalScroll(id="help"):
            yield Static(Content("\n".join(f"{key:<11}{what}" for key, what in KEYS)))
            if self._other_keys:
                other = "\n".join(f"{safe(key):<11}{action}" for action, key in self._other_keys.items())
                yield Static(Content(f"\nOther keys, as configured:\n{other}"), id="help-other-keys")
            yield Static(Content(LEGEND), id="help-legend")
