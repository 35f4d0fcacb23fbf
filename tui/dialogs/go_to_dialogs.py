"""Dialogs that go to a step by its number, and to a quantity by its name, such as w2[1,1] or w²₁₁."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from ...core.network.network import Network
from ...core.notation.labels import Labels
from ...core.quantities.quantity import Quantity
from ...core.typed_number import quoted
from ..panels.key_line import KeyLine
from ..text.finding import matches, quantities_of
from ..text.numbers import count
from ..text.safe import safe
from .base_screen import Dialog

FARTHEST = 100_000_000
"""The last step that the dialog accepts."""
MOST_NAMES = 20_000
"""The most names that are offered; the names of other layers can still be typed."""


class GoTo(Dialog[int | None]):
    """A field for a step; the result is the step, or None."""

    BINDINGS = [Binding("ctrl+s", "submit", "Go", key_display="enter"), Binding("escape", "dismiss", "Cancel")]

    def __init__(self, newest: int) -> None:
        """Offer the steps up to the newest, and those beyond it."""
        super().__init__()
        self._newest = newest

    def compose(self) -> ComposeResult:
        """The field, and the error message."""
        with Vertical(classes="form narrow") as form:
            form.border_title = "Go to a step"
            with Horizontal(classes="form-row"):
                yield Static("step", classes="form-label")
                yield Input(placeholder=f"0 to {count(self._newest)}", compact=True, id="step")
            yield Static(classes="form-fault")
            yield Static("A step beyond the newest one trains up to it.", classes="form-hint")
        yield KeyLine()

    def on_mount(self) -> None:
        """Focus the field before the first key."""
        self.set_focus(self.query_one(Input))

    async def action_submit(self) -> None:
        """Go to the step that was typed."""
        await self.query_one(Input).action_submit()

    @on(Input.Changed)
    def forget_fault(self) -> None:
        """Hide the last error."""
        self.query_one(".form-fault", Static).update()

    @on(Input.Submitted)
    def go(self, event: Input.Submitted) -> None:
        """Close with a step, or show what is wrong."""
        try:
            self.dismiss(step_of(event.value))
        except ValueError as error:
            self.query_one(".form-fault", Static).update(Content(safe(str(error))))


def step_of(text: str) -> int:
    """The step in a text.

    Raises:
        ValueError: the text names no step; the message is one line.
    """
    digits = text.strip().replace("\u202f", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise ValueError(f"expected a step, a whole number from 0 to {count(FARTHEST)}, got {text[:20]!r}")
    if int(digits) > FARTHEST:
        raise ValueError(f"expected a step up to {count(FARTHEST)}, got {count(int(digits))}")
    return int(digits)


class Find(Dialog[Quantity | None]):
    """A field for a name; the result is the number that it names."""

    BINDINGS = [
        Binding("enter", "take", "Go there", priority=True),
        Binding("tab,down", "complete", "Complete", priority=True),
        Binding("escape", "dismiss", "Cancel"),
    ]

    def __init__(self, network: Network, labels: Labels) -> None:
        """Offer the numbers of a network."""
        super().__init__()
        self._quantities = [quantity for quantity, _ in zip(quantities_of(network), range(MOST_NAMES), strict=False)]
        self._labels = labels
        self._found: list[Quantity] = []

    def compose(self) -> ComposeResult:
        """The field, and the names that match."""
        with Vertical(classes="form narrow") as form:
            form.border_title = "Find a number"
            yield Input(placeholder="a name, such as w2[1,1], a1[3], loss", compact=True, id="name")
            yield Static(id="find-names")
            yield Static(classes="form-fault")
        yield KeyLine()

    def on_mount(self) -> None:
        """Focus the field before the first key."""
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def show_matches(self, event: Input.Changed) -> None:
        """Show the names that match."""
        self._found = matches(event.value, self._quantities, self._labels)
        names = [f"{quantity!s:<14}{self._labels.text(quantity)}" for quantity in self._found]
        self.query_one("#find-names", Static).update(Content("\n".join(names)))
        self.query_one(".form-fault", Static).update()

    def action_complete(self) -> None:
        """Complete the first name."""
        if self._found:
            field = self.query_one(Input)
            field.value = str(self._found[0])
            field.cursor_position = len(field.value)

    def action_take(self) -> None:
        """Close with the first match, or with any number whose exact name was typed."""
        text = self.query_one(Input).value.strip()
        if self._found:
            self.dismiss(self._found[0])
            return
        try:
            self.dismiss(Quantity.parse(text))
        except ValueError:
            names = "expected a name such as w2[1,1], a1[3] or loss"
            fault = f"no number is named {quoted(text)}: {names}" if text else names
            self.query_one(".form-fault", Static).update(Content(safe(fault)))
