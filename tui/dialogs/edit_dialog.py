"""The edit: one number is given another value."""

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from ...core.quantities.quantity import Quantity
from ...core.training.changes import Change, typed_change
from ..panels.key_line import KeyLine
from ..text.numbers import MINUS, count
from ..text.safe import safe
from .base_screen import Dialog

TYPED = rf"[ -~{MINUS}]*"
"""What a line takes: visible ASCII, and the minus sign that numbers are shown with."""


class Edit(Dialog[Change | None]):
    """A line for a number; its result is the change, or None where nothing is to change."""

    BINDINGS = [
        Binding("ctrl+s", "apply", "Apply", key_display="enter"),
        Binding("escape", "leave", "Keep the old value"),
    ]

    def __init__(
        self,
        what: Quantity,
        value: float,
        check: Callable[[Change], object] = lambda change: None,
        row: int | None = None,
    ) -> None:
        """Ask for another value.

        Args:
            what: a parameter, an input or a target.
            value: what it is now.
            check: called with the change before it is taken; its ValueError refuses it.
            row: of the data, that it is in.
        """
        super().__init__()
        self._what = what
        self._value = value
        self._check = check
        self._row = row

    def compose(self) -> ComposeResult:
        """The number's name and value, a line for the new one, and what is wrong with it."""
        now = repr(self._value).replace("-", MINUS)
        with Vertical(classes="form"):
            title = str(self._what) if self._row is None else f"{self._what}, row {count(self._row)} of the data"
            yield Static(Content(safe(title)), classes="form-title")
            with Horizontal(classes="form-row"):
                yield Static(Content("now"), classes="form-label")
                yield Static(Content(now), classes="form-hint", id="edit-now")
            with Horizontal(classes="form-row"):
                yield Static(Content("becomes"), classes="form-label")
                yield Input(now, restrict=TYPED, compact=True, id="edit-value")
            yield Static(id="edit-told", classes="form-fault")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin in the line, before a key can come."""
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def forget_fault(self) -> None:
        """What was wrong no longer counts."""
        self.query_one("#edit-told", Static).update()

    @on(Input.Submitted)
    def action_apply(self) -> None:
        """Take the value that was typed, or say why not."""
        try:
            change = typed_change(self._what, self.query_one(Input).value)
            self._check(change)
        except ValueError as error:
            self.query_one("#edit-told", Static).update(Content(safe(str(error))))
            return
        self.dismiss(change if change.value != self._value else None)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)
