"""The choice of what to take away: a step, the history, weights, the screen, a line that shares it, explanations."""

from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList, Static
from textual.widgets.option_list import Option

from ..text.safe import safe
from .base_screen import Dialog
from .lists import PatientList


class Item(NamedTuple):
    """Something that can be taken away."""

    id: str
    what: str
    form: str
    ending: str
    """Of the file's name."""

    @property
    def part(self) -> str:
        """What the file's name says of it, where it is not the step itself."""
        kind = self.id.partition("-")[0]
        return "" if kind == "step" else f"-{kind}"


ITEMS = (
    Item("step-csv", "this step, every number", "CSV", ".csv"),
    Item("step-json", "", "JSON", ".json"),
    Item("history-csv", "history: batch and test loss, gradients", "CSV", ".csv"),
    Item("history-json", "", "JSON", ".json"),
    Item("step-toml", "preset with the present weights", "TOML", ".toml"),
    Item("step-npz", "weights and biases", "npz", ".npz"),
    Item("step-safetensors", "", "safetensors", ".safetensors"),
    Item("screen", "the screen as a picture", "SVG", ".svg"),
    Item("line", "the line that shares it", "nn2:…", ".txt"),
    Item("explanation-text", "explanation of {}", "text", ".txt"),
    Item("explanation-markdown", "", "Markdown", ".md"),
    Item("explanation-latex", "", "LaTeX", ".tex"),
)
WIDTH = 46
"""Columns of what an item is; its form follows."""


class Export(Dialog[Item | None]):
    """A list; its result is what was chosen, or None."""

    BINDINGS = [Binding("escape,q", "dismiss", "Close")]

    def __init__(self, quantity: str) -> None:
        """Offer everything, and the explanation of a quantity where one is named."""
        super().__init__()
        self._quantity = quantity

    def compose(self) -> ComposeResult:
        """The list, and where things go."""
        with Vertical(classes="dialog", id="export"):
            yield Label("Export / copy", classes="dialog-title")
            yield PatientList(*map(self._option, ITEMS), id="export-list", markup=False, compact=True)
            yield Static(
                Content("to a new file in this folder; texts to the clipboard too"),
                classes="form-hint",
                id="export-hint",
            )

    def on_mount(self) -> None:
        """Begin in the list, before a key can come."""
        self.set_focus(self.query_one(OptionList))

    @on(OptionList.OptionSelected)
    def take(self, event: OptionList.OptionSelected) -> None:
        """Leave with what was chosen."""
        self.dismiss(ITEMS[event.option_index])

    def _option(self, item: Item) -> Option:
        explains = item.id.startswith("explanation")
        what = item.what.format(safe(self._quantity) or "the number under the cursor")
        return Option(
            Content(f"{what[: WIDTH - 1]:<{WIDTH}}{item.form}"), item.id, disabled=explains and not self._quantity
        )
