"""A question with one field, for a training in another process."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from ...core.typed_number import number
from ..panels.key_line import KeyLine
from ..text.safe import safe
from .base_screen import Dialog


class Prompt(Dialog[str | None]):
    """A field; the result is the text, once it is valid."""

    BINDINGS = [Binding("ctrl+s", "submit", "Done", key_display="enter"), Binding("escape", "dismiss", "Cancel")]

    def __init__(self, title: str, value: str, hint: str, check: Callable[[str], object]) -> None:
        """Ask for a text.

        Args:
            title: the question.
            value: the first text of the field.
            hint: the form of the answer.
            check: raises ValueError for an invalid text.
        """
        super().__init__()
        self._title, self._value, self._hint, self._check = title, value, hint, check

    def compose(self) -> ComposeResult:
        """The field, and the error message."""
        with Vertical(classes="form") as form:
            form.border_title = safe(self._title)
            with Horizontal(classes="form-row"):
                yield Input(self._value, compact=True, id="prompt")
            yield Static(classes="form-fault")
            yield Static(Content(safe(self._hint)), classes="form-hint")
        yield KeyLine()

    def on_mount(self) -> None:
        """Focus the field."""
        self.set_focus(self.query_one(Input))

    async def action_submit(self) -> None:
        """Close with the text."""
        await self.query_one(Input).action_submit()

    @on(Input.Submitted)
    def leave(self, event: Input.Submitted) -> None:
        """Close with the text, or show what is wrong."""
        try:
            self._check(event.value)
        except ValueError as error:
            self.query_one(".form-fault", Static).update(Content(safe(str(error))))
        else:
            self.dismiss(event.value)


def learning_rate_of(text: str) -> float:
    """The learning rate in a text.

    Raises:
        ValueError: the text is not a learning rate.
    """
    rate = number(text, "0.1")
    if rate < 0:
        raise ValueError("expected a number from 0 up, such as 0.01")
    return rate
