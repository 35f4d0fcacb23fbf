"""The help of the focused panel: what it shows, and its keys."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from .staying import Dialog

ABOUT = {
    "network": "Every neuron with its value, every connection with its weight, for one example of the batch.\n"
    "Whole strokes are positive weights, dashed ones negative; the thicker, the stronger. A neuron is the fuller, "
    "the greater its value in its layer. What an explanation is about is lit. In a large network each "
    "connection is a bead on a wire, or each neuron a shade: go closer, or further off. In gradients every "
    "number is one: ∂L/∂x of inputs, ∂L/∂w of connections, ∂L/∂z of neurons.",
    "parameters": "Every weight and bias: its value, ∂L/∂ of it, its last change; what the optimizer remembers; "
    "the penalty's share; and with c the verdict of the gradient check.",
    "gradients": "Of each neuron z, a, ∂L/∂a, ∂L/∂z and ∂L/∂b for one example of the batch; below it ∂L/∂W.",
    "loss": "The loss over the steps; the upright line is the step that is shown, where it is not the newest. "
    "Arrows and the mouse tell the values at a step; enter goes there. "
    "The other charts are of what came to the screen, at most twelve moments a second.",
    "picture": "Two inputs: the output over their plane, orange low and blue high, and the examples on it, "
    "× and * (of several classes letters) where the network takes one for another class. One input: the "
    "fitted curve. More: the examples with what they are taken for; targets by predictions.",
    "explain": "An equation in symbols, the same with the numbers, and the result. What is underlined "
    "can be gone into.",
}
"""What each panel shows, by its id."""


class PanelHelp(Dialog[None]):
    """One page."""

    BINDINGS = [Binding("escape,f1,q,enter,space", "dismiss", "Close")]

    def __init__(self, panel: Widget) -> None:
        """Explain a panel."""
        super().__init__()
        self._panel = panel

    def compose(self) -> ComposeResult:
        """What it shows, and its keys."""
        with VerticalScroll(classes="dialog tall"):
            yield Static(Content(str(self._panel.border_title or "Keys")), classes="dialog-title")
            yield Static(Content(ABOUT.get(self._panel.id or "", "")))
            yield Static(Content("\n".join(self._keys())), classes="dialog-keys")

    def _keys(self) -> list[str]:
        """A line for each key of the panel itself."""
        keys: dict[str, list[str]] = {}
        for _, binding in self._panel._bindings:
            if binding.description:
                keys.setdefault(binding.description, []).append(self.app.get_key_display(binding))
        return [f"{' '.join(shown):<12}{description}" for description, shown in keys.items()]
