"""The picker: everything that can be opened, and a preview that trains the item under the cursor."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ...presets.data_budget import DataBudget
from ..panels.key_line import KeyLine
from ..terminal.patient_lists import PatientList
from ..text.numbers import counted
from ..text.safe import safe
from .base_screen import BaseScreen
from .picker_items import ItemKind, PickerItem, best_fit, grouped, picker_items, whole
from .picker_rows import group_row, item_row
from .preview_pane import PreviewPane

if TYPE_CHECKING:
    from ...presets.opened import Opened
    from ...presets.schema import Preset

FEW, SOON = 4, 0.01
"""Items that are read whole at once after the first frame, and the seconds between them, so that keys stay quick."""
MOVES = {
    "up": "cursor_up",
    "down": "cursor_down",
    "pageup": "page_up",
    "pagedown": "page_down",
    "ctrl+home": "first",
    "ctrl+end": "last",
}
"""Actions of keys in the list while the filter has the focus."""


class Choice(NamedTuple):
    """The choice of the user."""

    target: str
    preset: "Preset | None" = None
    """A new preset, which is in no file."""
    session: Path | None = None
    """The session file."""
    opened: "Opened | None" = None
    """A file that is already open."""
    is_tour: bool = False


class Picker(BaseScreen[Choice | None]):
    """A filter, a list and a preview; the result is the choice."""

    CSS_PATH = ["../app.tcss", "../picker.tcss"]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium"), (118, "-wide"), (180, "-huge")]
    BINDINGS = [
        Binding("enter", "choose", "Open", priority=True, tooltip="open what is under the cursor"),
        Binding("ctrl+n", "new", "New network", tooltip="choose layers, functions and data", key_display="ctrl+n"),
        Binding("ctrl+o", "name_file", "Open a file", tooltip="a preset, a session, a line", key_display="ctrl+o"),
        Binding("f2", "tour", "Tour", tooltip="cards that name the keys to press"),
        Binding("ctrl+q", "app.quit", "Quit", tooltip="quit", key_display="ctrl+q"),
        Binding("escape", "clear", "Clear", tooltip="clear the filter"),
        Binding("escape", "leave", "Back", tooltip="return to the training"),
        Binding("escape", "end", "Quit", tooltip="quit"),
    ]

    def __init__(self, budget: int, data_budget: DataBudget, *, is_over_training: bool) -> None:
        """List the presets and sessions; files open with this many bytes for past states, and this data budget."""
        super().__init__()
        self._is_over_training = is_over_training
        self._budget, self._data_budget = budget, data_budget
        self._items = picker_items()
        """Each is replaced by the whole one once it is read."""
        self._reading: Timer | None = None

    def compose(self) -> ComposeResult:
        """A title, the filter over the list, and the preview."""
        yield Static(
            Content.assemble(("nn-tui", "bold $accent"), "  a debugger for gradient descent"), id="picker-head"
        )
        with Widget(id="picker-side") as side:
            side.border_title = "Open"
            yield Input(placeholder="type to filter", select_on_focus=False, compact=True, id="picker-filter")
            yield PatientList(id="picker-list", markup=False)
            yield Static(">", id="picker-prompt", markup=False)
        yield PreviewPane(id="picker-preview")
        yield KeyLine()

    def on_mount(self) -> None:
        """List everything, and read it after the first frame; the filter gets every letter from the first key on."""
        self.query_one(OptionList).can_focus = False
        self.set_focus(self.query_one(Input))
        self._list()
        self.call_after_refresh(self._begin_to_read)

    @on(OptionList.OptionHighlighted)
    def preview(self, event: OptionList.OptionHighlighted) -> None:
        """Preview the item under the cursor, unless the filter has removed it meanwhile."""
        item = self._item(event.option)
        if item is self.highlighted:
            self.query_one(PreviewPane).show_item(item)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Open the clicked item."""
        self._choose(self._item(event.option))

    @on(Input.Changed, "#picker-filter")
    def narrow(self) -> None:
        """List the items that match the filter, which may be words of the whole files."""
        self.refresh_bindings()
        self._items = list(map(whole, self._items))
        self._list(is_new=True)

    def on_key(self, event: events.Key) -> None:
        """Move in the list from the filter."""
        if move := MOVES.get(event.key):
            getattr(self.query_one(OptionList), f"action_{move}")()
            event.stop()

    def action_choose(self) -> None:
        """Open the item under the cursor."""
        if item := self.highlighted:
            self._choose(item)

    def action_name_file(self) -> None:
        """Ask for a file's name."""
        from .open_dialog import OpenFile

        self.app.push_screen(OpenFile(self._budget, self._data_budget), self._open_file)

    def action_new(self) -> None:
        """Ask for a new network."""
        from .new_network import NewNetwork

        self.app.push_screen(NewNetwork(), self._open_new)

    def action_tour(self) -> None:
        """Begin the first tour."""
        self._leave(Choice("", is_tour=True))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether escape does this now: it clears the filter first, and then returns to the training or quits."""
        if action not in ("clear", "leave", "end") or not self.is_mounted:
            return True
        if self.query_one(Input).value:
            return action == "clear"
        return action == ("leave" if self._is_over_training else "end")

    def action_clear(self) -> None:
        """Clear the filter."""
        self.query_one(Input).clear()

    def action_leave(self) -> None:
        """Return to the training."""
        self._leave(None)

    def action_end(self) -> None:
        """Quit, because there is no training to return to."""
        self._leave(None)

    def _open_new(self, made: "tuple[str, Preset] | None") -> None:
        if made:
            self._leave(Choice(*made))

    def _open_file(self, opened: "Opened | None") -> None:
        if opened:
            self._leave(Choice(opened.preset.name, opened=opened))

    def _choose(self, item: PickerItem) -> None:
        item = whole(item)
        match item.kind:
            case ItemKind.NEW:
                self.action_new()
            case ItemKind.FILE:
                self.action_name_file()
            case ItemKind.TOUR:
                self._leave(Choice(item.target, is_tour=True))
            case _ if item.preset:
                self._leave(Choice(item.target, session=item.session))
            case _:
                self.app.notify(safe(item.fault), severity="error", timeout=10, markup=False)

    def _leave(self, choice: Choice | None) -> None:
        self.query_one(PreviewPane).stop()
        self.dismiss(choice)

    @property
    def highlighted(self) -> PickerItem | None:
        """The item under the cursor."""
        rows = self.query_one(OptionList)
        return None if rows.highlighted is None else self._item(rows.get_option_at_index(rows.highlighted))

    def _list(self, *, is_new: bool = False) -> None:
        """List the items that match the filter; the cursor stays on its item, or goes to a new filter's best match."""
        rows, text = self.query_one(OptionList), self.query_one(Input).value
        before = self.highlighted if rows.option_count else None
        shown = [item for item in self._items if item.fits(text)]
        numbered = next((item.group for item in shown if item.kind is ItemKind.PRESET), None)
        rows.set_options(
            Option(group_row(each, names_numbers=each == numbered), disabled=True)
            if isinstance(each, str)
            else Option(item_row(each), id=str(self._items.index(each)))
            for each in grouped(shown)
        )
        kept = before if before in shown and not (is_new and text) else best_fit(shown, text)
        rows.highlighted = rows.get_option_index(str(self._items.index(kept))) if kept else None
        presets = sum(item.kind is ItemKind.PRESET for item in shown)
        self.query_one("#picker-side").border_subtitle = counted(presets, "network") if presets else ""
        self.query_one(PreviewPane).show_item(kept)

    def _begin_to_read(self) -> None:
        self._reading = self.set_interval(SOON, self._read)

    def _read(self) -> None:
        """Read a few items, that under the cursor first; the rows change once all are read."""
        here, unread = self.highlighted, [item for item in self._items if not item.is_whole]
        unread.sort(key=lambda item: item is not here)
        for item in unread[:FEW]:
            self._items[self._items.index(item)] = whole(item)
        self.query_one(PreviewPane).show_item(self.highlighted)
        if not unread and self._reading:
            self._reading.stop()
            rows = self.query_one(OptionList)
            for n, option in enumerate(rows.options):
                if not option.disabled:
                    rows.replace_option_prompt_at_index(n, item_row(self._item(option)))

    def _item(self, option: Option) -> PickerItem:
        return self._items[int(option.id or 0)]
