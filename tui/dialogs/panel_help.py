"""The help of the focused panel: what it shows, and its keys."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from ..terminal.private_parts import bindings_of
from ..text.safe import safe
from .base_screen import Dialog

ABOUT = {
    "network": "Every neuron with its value, every connection with its weight, for one example of the batch.\n"
    "Whole strokes are positive weights, dashed ones negative; the thicker, the stronger. A neuron is the fuller, "
    "the greater its value in its layer. What an explanation is about is lit. In a large network each "
    "connection is a bead on a wire, or each neuron a shade: go closer, or further off. In gradients every "
    "number is one: ∂L/∂x of inputs, ∂L/∂w of connections, ∂L/∂z of neurons.",
    "parameters": "Every weight and bias: with c the verdict of the gradient check; its value, ∂L/∂ of it, its last "
    "change; the penalty's share; and what the optimizer remembers. Names stay where the table is scrolled.",
    "gradients": "Of each neuron z, a, ∂L/∂a and ∂L/∂z for one example of the batch; n shows the next one. "
    "∂L/∂b, and ∂L/∂W below it, are of the whole batch.",
    "loss": "The loss of each batch over the steps, and of the held-out examples at the end of each epoch; the upright "
    "line is the step that is shown, where it is not the newest. Arrows and the mouse show the values at a step; enter "
    "goes there. Where curves overlap, each is seen for some columns in turn.",
    "picture": "Two inputs: the output over their plane, orange low and blue high, and the examples on it, "
    "× and * (of several classes letters) where one is misclassified. One input: the fitted "
    "curve. More: the examples with their predictions; actual by predicted classes.",
    "explain": "An equation in symbols, the same with the numbers, and the result. What is underlined "
    "can be gone into.",
}
"""What each panel shows, by its id."""


class PanelHelp(Dialog[None]):
    """One page."""

    BINDINGS = [Binding("escape,f1,q,enter,space", "dismiss", "Close")]

    def __init__(self, panel: Widget, data: str = "") -> None:
        """Explain a panel, and say how the data file was read that it is about."""
        super().__init__()
        self._panel = panel
        self._data = data

    def compose(self) -> ComposeResult:
        """What it shows, and its keys."""
        with VerticalScroll(classes="dialog tall"):
            yield Static(Content(str(self._panel.border_title or "Keys")), classes="dialog-title")
            yield Static(Content(ABOUT.get(self._panel.id or "", "")))
            yield Static(Content("\n".join(self._keys())), classes="dialog-keys")
            if self._data:
                yield Static(Content(f"\nThe data are from {safe(self._data)}."), classes="dialog-data")

    def _keys(self) -> list[str]:
        """A line for each key of the panel itself."""
        keys: dict[str, list[str]] = {}
        for binding in bindings_of(self._panel):
            if binding.description:
                keys.setdefault(binding.description, []).append(self.app.get_key_display(binding))
        return [f"{' '.join(shown):<12}{description}" for description, shown in keys.items()]
