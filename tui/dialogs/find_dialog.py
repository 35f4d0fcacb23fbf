"""Find a number by its name, as w2[1,1] or w²₁₁, with what the name can become."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from ...core.network.network import Network
from ...core.quantities.notation import Labels
from ...core.quantities.quantity import Quantity
from ..panels.key_line import KeyLine
from ..text.finding import matches, quantities_of
from ..text.safe import safe
from .base_screen import Dialog

MOST_NAMES = 20_000
"""Numbers that are offered; of more, those of the last layers can still be typed."""


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
        """The field, and what its text can become."""
        with Vertical(classes="form narrow") as form:
            form.border_title = "Find a number"
            yield Input(placeholder="a name, such as w2[1,1], a1[3], loss", compact=True, id="name")
            yield Static(id="find-names")
            yield Static(classes="form-fault")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin in the field, before a key can come."""
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def show_matches(self, event: Input.Changed) -> None:
        """Show what the text can become."""
        self._found = matches(event.value, self._quantities, self._labels)
        names = [f"{quantity!s:<14}{self._labels.text(quantity)}" for quantity in self._found]
        self.query_one("#find-names", Static).update(Content("\n".join(names)))
        self.query_one(".form-fault", Static).update()

    def action_complete(self) -> None:
        """Write the first name out."""
        if self._found:
            field = self.query_one(Input)
            field.value = str(self._found[0])
            field.cursor_position = len(field.value)

    def action_take(self) -> None:
        """Leave with the first match, or with any number that the text names exactly."""
        text = self.query_one(Input).value.strip()
        if self._found:
            self.dismiss(self._found[0])
            return
        try:
            self.dismiss(Quantity.parse(text))
        except ValueError:
            fault = "no number of this network has such a name" if text else "expected a name"
            self.query_one(".form-fault", Static).update(Content(safe(fault)))
