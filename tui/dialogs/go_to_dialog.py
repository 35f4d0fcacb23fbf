"""The way to a step: one asks for its number."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, Label

from ..text.numbers import count
from ..text.safe import safe
from .base_screen import Dialog

FARTHEST = 100_000_000
"""The last step that one can go to."""


class GoTo(Dialog[int | None]):
    """A field for a step; it leaves with the step, or with None."""

    BINDINGS = [Binding("escape", "dismiss", "Close")]

    def __init__(self, newest: int) -> None:
        """Offer the steps up to the newest, and those beyond it."""
        super().__init__()
        self._newest = newest

    def compose(self) -> ComposeResult:
        """The field."""
        with Vertical(classes="dialog"):
            yield Label("Go to step", classes="dialog-title")
            yield Input(placeholder=f"0 … {count(self._newest)} at once; beyond it by training", id="step")
            yield Label("", classes="dialog-fault", markup=False)

    def on_mount(self) -> None:
        """Begin in the field, before a key can come."""
        self.set_focus(self.query_one(Input))

    @on(Input.Submitted)
    def go(self, event: Input.Submitted) -> None:
        """Leave with a step, or say why it is none."""
        try:
            self.dismiss(step_of(event.value))
        except ValueError as error:
            self.query_one(".dialog-fault", Label).update(safe(str(error)))


def step_of(text: str) -> int:
    """The step that a text names.

    Raises:
        ValueError: it names none, in one line.
    """
    digits = text.strip().replace("\u202f", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise ValueError(f"expected a step, a whole number from 0 to {count(FARTHEST)}, got {text[:20]!r}")
    if int(digits) > FARTHEST:
        raise ValueError(f"expected a step up to {count(FARTHEST)}, got {count(int(digits))}")
    return int(digits)
