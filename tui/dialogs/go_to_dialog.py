"""Go to a step by its number."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from ..panels.key_line import KeyLine
from ..text.numbers import count
from ..text.safe import safe
from .base_screen import Dialog

FARTHEST = 100_000_000
"""The last step that can be asked for."""


class GoTo(Dialog[int | None]):
    """A field for a step; the result is the step, or None."""

    BINDINGS = [Binding("ctrl+s", "submit", "Go", key_display="enter"), Binding("escape", "dismiss", "Cancel")]

    def __init__(self, newest: int) -> None:
        """Offer the steps up to the newest, and those beyond it."""
        super().__init__()
        self._newest = newest

    def compose(self) -> ComposeResult:
        """The field, and what is wrong with it."""
        with Vertical(classes="form narrow") as form:
            form.border_title = "Go to a step"
            with Horizontal(classes="form-row"):
                yield Static("step", classes="form-label")
                yield Input(placeholder=f"0 to {count(self._newest)}", compact=True, id="step")
            yield Static(classes="form-fault")
            yield Static("A step beyond the newest one trains up to it.", classes="form-hint")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin in the field, before a key can come."""
        self.set_focus(self.query_one(Input))

    async def action_submit(self) -> None:
        """Go to the step that was typed."""
        await self.query_one(Input).action_submit()

    @on(Input.Changed)
    def forget_fault(self) -> None:
        """Hide what was wrong with the last text."""
        self.query_one(".form-fault", Static).update()

    @on(Input.Submitted)
    def go(self, event: Input.Submitted) -> None:
        """Leave with a step, or say why it is none."""
        try:
            self.dismiss(step_of(event.value))
        except ValueError as error:
            self.query_one(".form-fault", Static).update(Content(safe(str(error))))


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
