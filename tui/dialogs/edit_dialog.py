"""The edit of one number."""

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
"""What a field takes: visible ASCII, and the minus sign of the numbers on the screen."""


class Edit(Dialog[Change | None]):
    """A field for a number; the result is the change, or None for no change."""

    BINDINGS = [
        Binding("ctrl+s", "apply", "Apply", key_display="enter"),
        Binding("escape", "leave", "Cancel"),
    ]

    def __init__(
        self,
        what: Quantity,
        value: float,
        check: Callable[[Change], object] = lambda change: None,
        row: int | None = None,
    ) -> None:
        """Ask for a new value.

        Args:
            what: a parameter, an input or a target.
            value: the present one.
            check: called with the change; its ValueError refuses it.
            row: the row of the data that it is in.
        """
        super().__init__()
        self._what = what
        self._value = value
        self._check = check
        self._row = row

    def compose(self) -> ComposeResult:
        """The present value, a field for the new one, and what is wrong with it."""
        now = repr(self._value).replace("-", MINUS)
        with Vertical(classes="form narrow") as form:
            title = str(self._what) if self._row is None else f"{self._what}, row {count(self._row)} of the data"
            form.border_title = Content(f"Edit {safe(title)}")
            with Horizontal(classes="form-row"):
                yield Static(Content("now"), classes="form-label")
                yield Static(Content(now), classes="form-hint", id="edit-now")
            with Horizontal(classes="form-row"):
                yield Static(Content("new"), classes="form-label")
                yield Input(now, restrict=TYPED, compact=True, id="edit-value")
            yield Static(id="edit-told", classes="form-fault")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin in the field, before a key can come."""
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def forget_fault(self) -> None:
        """Hide what was wrong with the last text."""
        self.query_one("#edit-told", Static).update()

    @on(Input.Submitted)
    def action_apply(self) -> None:
        """Leave with the value that was typed, or say why it is refused."""
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
