"""The form for a new network, with the checks of a preset file."""

from pathlib import Path
from typing import NamedTuple, get_args

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Select, Static

from ...core.functions.activations import ACTIVATIONS
from ...core.functions.losses import LOSSES
from ...core.functions.optimizers import OPTIMIZERS
from ...presets import user
from ...presets.build import build
from ...presets.errors import PresetError
from ...presets.form import FILE, PresetForm
from ...presets.preset_file import check_preset, preset_of_tables
from ...presets.schema import DatasetName, Preset
from ..panels.key_line import KeyLine
from ..terminal.dropdown import Dropdown
from ..text.safe import safe
from .base_screen import Dialog
from .edit_dialogs import TYPED


class Field(NamedTuple):
    """A row of the form."""

    name: str
    """The name of the field in the draft."""
    label: str
    value: str
    choices: tuple[str, ...] = ()
    """The words to choose from; empty for a text field."""


FIELDS = (
    Field("name", "name", "my-net"),
    Field("layers", "layers, inputs first", "2-3-1"),
    Field("activation", "hidden activation", "tanh", tuple(ACTIVATIONS)),
    Field("loss", "loss function", "bce", tuple(LOSSES)),
    Field("optimizer", "optimizer", "sgd", tuple(OPTIMIZERS)),
    Field("learning_rate", "learning rate", "0.5"),
    Field("data", "data", "xor", (*get_args(DatasetName), FILE)),
    Field("samples", "examples", "200"),
    Field("noise", "noise", "0.1"),
    Field("file", "CSV file", ""),
)
FOR_DATA = {"samples": False, "noise": False, "file": True}
"""Whether a field belongs to a file or to a generated data set."""


class NewNetwork(Dialog[tuple[str, Preset] | None]):
    """A row for each choice; the result is the network's name and preset, or None."""

    BINDINGS = [
        Binding("ctrl+o", "open", "Open"),
        Binding("ctrl+s", "save", "Save and open"),
        Binding("escape", "leave", "Cancel"),
    ]

    def __init__(self) -> None:
        """Begin without a draft."""
        super().__init__()
        self._told_of: PresetForm | None = None
        """The draft of the last message; an event from an earlier draft does not hide it."""
        self._to_replace: PresetForm | None = None
        """The draft that the next save may write over a preset."""

    def compose(self) -> ComposeResult:
        """The rows, the error message, and the buttons."""
        with Vertical(classes="form narrow") as form:
            form.border_title = "New network"
            for field in FIELDS:
                with Horizontal(classes="form-row", id=f"new-row-{field.name}"):
                    yield Static(Content(field.label), classes="form-label")
                    yield _widget(field)
            yield Static(id="new-told", classes="form-fault")
            with Horizontal(classes="form-buttons"):
                yield Button("Open", compact=True, id="new-open")
                yield Button("Save and open", compact=True, id="new-save")
                yield Button("Cancel", compact=True, id="new-leave")
        yield KeyLine()

    def on_mount(self) -> None:
        """Focus the first field before the first key."""
        self.set_focus(self.query(Input).first())

    @on(Input.Changed)
    @on(Select.Changed)
    def forget(self) -> None:
        """Hide the last error, and show the rows that the data needs."""
        if self._draft != self._told_of:
            self._to_replace = None
            self._tell("")
        for name, is_for_file in FOR_DATA.items():
            self.query_one(f"#new-row-{name}").display = is_for_file == (self._draft.data == FILE)

    @on(Input.Submitted)
    @on(Button.Pressed, "#new-open")
    def action_open(self) -> None:
        """Return the network, or show what is wrong."""
        try:
            preset = self._checked()
        except PresetError as error:
            self._tell(str(error))
            return
        self.dismiss((preset.name, preset))

    @on(Button.Pressed, "#new-save")
    def action_save(self) -> None:
        """Save the network as a user's preset; to replace one of the same name, the user must ask twice."""
        try:
            preset = self._checked()
            is_replacing = self._draft == self._to_replace
            if user.user_path(preset.name).exists() and not is_replacing:
                self._to_replace = self._draft
                self._tell(f"{user.user_path(preset.name)} exists: save again to replace it, or type another name")
                return
            user.save_user_preset(preset.name, self._draft.tables(), replace=is_replacing)
        except PresetError as error:
            self._tell(str(error))
            return
        self.dismiss((preset.name, preset))

    @on(Button.Pressed, "#new-leave")
    def action_leave(self) -> None:
        """Close without a network."""
        self.dismiss(None)

    @property
    def _draft(self) -> PresetForm:
        return PresetForm(**{field.name: self._text(field) for field in FIELDS})

    def _text(self, field: Field) -> str:
        name = f"#new-{field.name}"
        return str(self.query_one(name, Select).value) if field.choices else self.query_one(name, Input).value

    def _checked(self) -> Preset:
        """The preset of the form, checked for training."""
        draft = self._draft
        name = draft.name.strip()
        user.check_user_name(name)
        preset = check_preset(preset_of_tables(draft.tables(), name), name)
        build(preset, Path())
        return preset

    def _tell(self, line: str) -> None:
        self._told_of = self._draft
        self.query_one("#new-told", Static).update(Content(safe(line)))


def _widget(field: Field) -> Widget:
    """A text field or a list."""
    name = f"new-{field.name}"
    if not field.choices:
        return Input(field.value, restrict=TYPED, compact=True, id=name)
    return Dropdown.from_values(field.choices, value=field.value, allow_blank=False, compact=True, id=name)
