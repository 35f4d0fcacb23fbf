"""The export dialog: a step, the history, weights, the screen, a shared line, a worksheet, an explanation."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ...core.quantities.quantity import Quantity
from ...presets.export.export_format import Contents, ExportFormat, formats, tabular_formats
from ..exports import EXPLANATIONS
from ..panels.key_line import KeyLine
from ..terminal.patient_lists import PatientList
from .base_screen import Dialog


class Item(NamedTuple):
    """An item of the list."""

    id: str
    what: str
    form: str
    ending: str
    """The ending of the file's name."""
    is_text: bool = True
    """Whether it is copied to the clipboard too."""

    @property
    def part(self) -> str:
        """The kind in the file's name; empty for the step itself."""
        kind = self.id.partition("-")[0]
        return "" if kind == "step" else f"-{kind}"


FOLDED = "the same, standardization folded in"
HISTORY = "history: losses, accuracy, gradients"


def _items() -> Iterator[Item]:
    """All items; of items with the same contents, only the first is named."""
    for contents in Contents:
        of_these = [each for each in formats().values() if each.contents is contents]
        yield from _of_formats("step", contents.value, of_these)
        if contents is Contents.STEP:
            yield from _of_formats("history", HISTORY, tabular_formats().values())
        if contents is Contents.WEIGHTS:
            yield from _of_formats("folded", FOLDED, (each for each in of_these if each.can_fold))
    for kind, what in (("worksheet", "worksheet of this update, blank"), ("answers", "worksheet with the answers")):
        yield Item(f"{kind}-markdown", what, "Markdown", ".md")
        yield Item(f"{kind}-latex", "", "LaTeX", ".tex")
    yield Item("screen", "the screen as a picture", "SVG", ".svg", is_text=False)
    yield Item("line", "share line: opens this elsewhere", "nn2:…", ".txt")
    yield Item("line-short", "", "nn3:…, short", ".txt")
    for n, (name, each) in enumerate(EXPLANATIONS.items()):
        yield Item(f"explanation-{name}", "" if n else "explanation of {}", each.title, each.ending)


def _of_formats(kind: str, what: str, offered: Iterable[ExportFormat]) -> Iterator[Item]:
    for n, each in enumerate(offered):
        yield Item(f"{kind}-{each.name}", "" if n else what, each.title, each.ending, each.is_text)


ITEMS = tuple(_items())
WIDTH = 38
"""Columns of an item's name; its format follows."""


class Export(Dialog[Item | None]):
    """A list; the result is the chosen item, or None."""

    BINDINGS = [Binding("enter", "export", "Export"), Binding("escape,q", "dismiss", "Cancel")]

    def __init__(self, quantity: Quantity | None, *, is_standardized: bool = False) -> None:
        """List all items; an explanation needs a quantity, and folded weights need a standardization."""
        super().__init__()
        self._quantity = quantity
        self._is_standardized = is_standardized

    def compose(self) -> ComposeResult:
        """The list, and the destinations."""
        with Vertical(classes="dialog", id="export") as dialog:
            dialog.border_title = "Export"
            yield PatientList(*map(self._option, ITEMS), id="export-list", markup=False, compact=True)
            yield Static(
                Content("A new file in this folder; text goes to the clipboard too."),
                classes="form-hint",
                id="export-hint",
            )
        yield KeyLine()

    def on_mount(self) -> None:
        """Focus the list before the first key."""
        self.set_focus(self.query_one(OptionList))

    def action_export(self) -> None:
        """Choose the item under the cursor."""
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def take(self, event: OptionList.OptionSelected) -> None:
        """Close with the chosen item."""
        self.dismiss(ITEMS[event.option_index])

    def _option(self, item: Item) -> Option:
        kind = item.id.partition("-")[0]
        missing = (kind == "explanation" and self._quantity is None) or (kind == "folded" and not self._is_standardized)
        what = item.what.format(str(self._quantity or "the number under the cursor"))
        return Option(Content(f"{what[: WIDTH - 1]:<{WIDTH}}{item.form}"), item.id, disabled=missing)
