"""The picker: the last session to go on with, a preset to open, a file, or a new network."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ...presets.schema import Preset
from ..panels.key_line import KeyLine
from ..terminal.patient_lists import PatientList
from ..text.numbers import count
from ..text.picture.layer_sketch import sketch
from ..text.preset_summary import facts, parameter_count
from ..text.safe import safe
from .base_screen import BaseScreen
from .new_network import NewNetwork
from .picker_items import PickerItem, examples_of, picker_items, picture_of

SKETCH = (13, 8)
"""Columns and rows of a network's sketch."""
PICTURE = (52, 9)
"""Columns and rows of the data's picture beside it, where there is room."""


class Choice(NamedTuple):
    """What was chosen."""

    target: str
    preset: Preset | None = None
    """A new one, which is in no file."""
    session: Path | None = None
    """The file of a session of it."""


class Picker(BaseScreen[Choice | None]):
    """A list of the presets with what there is to know of each; its result is what was chosen."""

    AUTO_FOCUS = "#picker-list"
    """Not the filter, which comes first: it would take a key that is pressed at once, as in `n`, for text."""
    BINDINGS = [
        Binding("slash", "filter", "Filter", key_display="/"),
        Binding("o", "name_file", "Open a file"),
        Binding("n", "new", "New network"),
        Binding("escape", "leave", "Back"),
        Binding("q", "app.quit", "Quit"),
    ]

    def __init__(self) -> None:
        """Look what presets there are."""
        super().__init__()
        self._entries = picker_items()
        self._described: PickerItem | None = None
        self._filters = False
        """Letters belong to the filter, though it may not have the focus yet: some type quickly."""

    def compose(self) -> ComposeResult:
        """The filter, the list, what is chosen, and a line for a file's name."""
        hint = "choose a preset: type to filter, enter opens"
        yield Input(placeholder=hint, select_on_focus=False, compact=True, id="picker-filter")
        with Horizontal(id="picker-body"):
            yield PatientList(id="picker-list", markup=False)
            with VerticalScroll(id="picker-detail"):
                yield Static(id="picker-text")
        yield Input(placeholder="a preset's file, such as my-net.toml, a session, or a shared line", id="picker-file")
        yield KeyLine()

    def on_mount(self) -> None:
        """List every preset."""
        self.query_one("#picker-file").display = False
        self._list(self._entries)

    def on_resize(self) -> None:
        """Tell as much as there is room for now."""
        self.call_after_refresh(self._describe_again)

    @on(OptionList.OptionHighlighted)
    def describe(self, event: OptionList.OptionHighlighted) -> None:
        """Tell about the preset under the cursor; the filter may have taken it from the list since."""
        entry = self._entry(event.option)
        if entry in self._shown:
            self._describe(entry)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Open the preset under the cursor."""
        self._choose(self._entry(event.option))

    @on(Input.Changed, "#picker-filter")
    def narrow(self, event: Input.Changed) -> None:
        """List what fits the filter."""
        self._list([entry for entry in self._entries if entry.fits(event.value)])

    @on(Input.Submitted, "#picker-filter")
    def choose_first(self) -> None:
        """Open the preset under the cursor of the list."""
        if self._shown:
            self._choose(self._shown[self.query_one(OptionList).highlighted or 0])

    @on(Input.Submitted, "#picker-file")
    def choose_file(self, event: Input.Submitted) -> None:
        """Open the file whose name was typed."""
        if event.value.strip():
            self.dismiss(Choice(event.value.strip()))

    def on_key(self, event: events.Key) -> None:
        """Begin to filter with a letter that is no key of the list, and move in the list from the filter."""
        line, rows = self.query_one("#picker-filter", Input), self.query_one(OptionList)
        if line.has_focus and event.key in ("down", "up"):
            rows.action_cursor_down() if event.key == "down" else rows.action_cursor_up()
        elif rows.has_focus and event.is_printable and (self._filters or event.key not in self.active_bindings):
            self._filters = True
            line.focus()
            line.insert_text_at_cursor(event.character or "")
        else:
            self._filters |= rows.has_focus and event.key == "slash"
            return
        event.stop()

    def action_filter(self) -> None:
        """Go to the filter."""
        self.query_one("#picker-filter").focus()

    def action_name_file(self) -> None:
        """Ask for a file's name."""
        line = self.query_one("#picker-file", Input)
        line.display = True
        line.focus()

    def action_new(self) -> None:
        """Ask for a new network."""
        self.app.push_screen(NewNetwork(), self._open_new)

    def action_leave(self) -> None:
        """Go back to the list, or leave the picker."""
        rows, line = self.query_one(OptionList), self.query_one("#picker-filter", Input)
        if not rows.has_focus or line.value:
            self.query_one("#picker-file").display = False
            line.clear()
            rows.focus()
            self._filters = False
        else:
            self.dismiss(None)

    def _open_new(self, made: tuple[str, Preset] | None) -> None:
        if made:
            self.dismiss(Choice(*made))

    def _choose(self, entry: PickerItem) -> None:
        if entry.preset:
            self.dismiss(Choice(entry.target, session=entry.session))
        else:
            self.app.notify(safe(entry.fault), severity="error", timeout=10, markup=False)

    def _list(self, shown: list[PickerItem]) -> None:
        self._shown = shown
        rows = self.query_one(OptionList)
        width = max((len(safe(entry.target)) for entry in self._entries if not entry.session), default=0) + 2
        rows.set_options(Option(_row(entry, width), id=str(self._entries.index(entry))) for entry in shown)
        rows.highlighted = 0 if shown else None
        if not shown:
            self.query_one("#picker-text", Static).update(Content("No preset has all these words."))

    def _entry(self, option: Option) -> PickerItem:
        """What an option stands for, whatever is listed by now."""
        return self._entries[int(option.id or 0)]

    def _describe_again(self) -> None:
        if self._described:
            self._describe(self._described)

    def _describe(self, entry: PickerItem) -> None:
        self._described, detail = entry, self.query_one("#picker-detail")
        self.query_one("#picker-text", Static).update(_description(entry, detail.scrollable_content_region.width))


def _row(entry: PickerItem, width: int) -> Content:
    """The name and the size, and below them the title."""
    if entry.session:
        return Content.assemble(f"go on: {safe(entry.target)}\n  ", (entry.place, "dim"))
    name = f"{safe(entry.target):<{width}}"
    if entry.preset is None:
        return Content.assemble(f"{name}broken\n  ", (safe(entry.fault), "dim"))
    network = entry.preset.network
    size = f"{'-'.join(map(str, network.layers)):<9} {count(parameter_count(network)):>5}"
    return Content.assemble(f"{name}{size}\n  {'own: ' * entry.is_own}", (safe(entry.preset.title), "dim"))


def _pictures(entry: PickerItem, preset: Preset, width: int) -> Iterator[str]:
    """The network, and beside it the data."""
    network, indent = sketch(preset.network.layers, *SKETCH), SKETCH[0] + 2
    room = min(width - indent, PICTURE[0])
    data = picture_of(entry, room, PICTURE[1]) if room > 0 else []
    for left, right in zip_longest(network, data, fillvalue=""):
        yield f"{left:<{indent}}{right}".rstrip()


def _description(entry: PickerItem, width: int) -> Content:
    """What there is to know of a preset, in so many columns; of a broken one, what is wrong."""
    preset = entry.preset
    if preset is None:
        return Content.assemble((safe(entry.target), "bold"), "\n\n", safe(entry.fault))
    left = {"left at": entry.place} if entry.session else {}
    told = {**left, **dict(facts(preset)), "data": examples_of(entry)}
    return Content.assemble(
        (safe(preset.title or preset.name), "bold"),
        "\n\n",
        "\n".join(_pictures(entry, preset, width)),
        "\n\n",
        "\n".join(f"{name}: {value}" for name, value in told.items()),
        f"\n\n{safe(preset.summary)}" if preset.summary else "",
        (f"\n\nSource: {safe(preset.source)}" if preset.source else "", "dim"),
        (f"\n\n{safe(str(entry.session))}" if entry.session else "", "dim"),
    )
