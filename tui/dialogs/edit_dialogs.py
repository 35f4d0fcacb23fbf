"""Dialogs for a number and for the settings of a training, which can change at any step."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

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
from ...core.quantities.quantity import Quantity
from ...core.steps.state import State
from ...core.training.changes import Change, Changed, apply_all, typed_change
from ...core.training.trainer import Trainer
from ...core.training.training import Training
from ..panels.key_line import KeyLine
from ..terminal.dropdown import Dropdown
from ..text.numbers import MINUS, count
from ..text.preset_summary import other_settings
from ..text.safe import safe
from .base_screen import Dialog

TYPED = rf"[ -~{MINUS}]*"
"""The characters that a field accepts: visible ASCII, and the minus sign of the numbers on the screen."""


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
            value: the current value.
            check: called with the change; its ValueError refuses it.
            row: its row in the data.
        """
        super().__init__()
        self._what = what
        self._value = value
        self._check = check
        self._row = row

    def compose(self) -> ComposeResult:
        """The current value, a field for the new one, and the error message."""
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
        """Focus the field before the first key."""
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def forget_fault(self) -> None:
        """Hide the last error."""
        self.query_one("#edit-told", Static).update()

    @on(Input.Submitted)
    def action_apply(self) -> None:
        """Close with the value that was typed, or show why it is refused."""
        try:
            change = typed_change(self._what, self.query_one(Input).value)
            self._check(change)
        except ValueError as error:
            self.query_one("#edit-told", Static).update(Content(safe(str(error))))
            return
        self.dismiss(change if change.value != self._value else None)

    def action_leave(self) -> None:
        """Close without a change."""
        self.dismiss(None)


class Setting(NamedTuple):
    """A row of the form."""

    what: str
    """The name of its change."""
    label: str
    now: str
    """The current value."""
    choices: tuple[str, ...] = ()
    """The names to choose from; empty for a number."""


def settings_of(trainer: Trainer) -> Iterator[Setting]:
    """The settings of a training, in the order in which they are shown and changed."""
    activations = [layer.activation.name for layer in trainer.network.layers]
    yield Setting("learning_rate", "learning rate", repr(trainer.optimizer.learning_rate))
    yield Setting("optimizer", "optimizer", trainer.optimizer.name, tuple(OPTIMIZERS))
    yield Setting("batch_size", f"batch size of {len(trainer.train)}", str(trainer.batches.size))
    if hidden := list(dict.fromkeys(activations[:-1])):
        yield Setting("activation", "hidden activation", ", ".join(hidden), tuple(ACTIVATIONS))
    yield Setting(f"activation{len(activations)}", "output activation", activations[-1], tuple(ACTIVATIONS))
    yield Setting("loss", "loss function", trainer.output.loss.name, tuple(LOSSES))


class Settings(Dialog[tuple[Change, ...]]):
    """A form with the current settings; the result is the list of changes."""

    BINDINGS = [
        Binding("ctrl+s", "apply", "Apply"),
        Binding("escape", "leave", "Cancel"),
    ]

    def __init__(self, trainer: Trainer, state: State) -> None:
        """Show the settings of a training at a state."""
        super().__init__()
        self._trainer = trainer
        self._state = state
        self._settings = tuple(settings_of(trainer))
        self._filled_in = repr(trainer.optimizer.learning_rate)

    def compose(self) -> ComposeResult:
        """A row for each setting, a message, and the buttons."""
        with Vertical(classes="form narrow") as form:
            form.border_title = f"Settings from step {count(self._state.step)} on"
            for setting in self._settings:
                with Horizontal(classes="form-row"):
                    yield Static(Content(setting.label), classes="form-label")
                    yield _field(setting)
            if others := [f"{name:<24}{value}" for name, value in other_settings(self._trainer)]:
                yield Static(Content("\n".join(others)), classes="form-hint", id="settings-others")
            yield Static(id="settings-told")
            with Horizontal(classes="form-buttons"):
                yield Button("Apply", compact=True, id="settings-apply")
                yield Button("Cancel", compact=True, id="settings-leave")
        yield KeyLine()

    def on_mount(self) -> None:
        """Focus the first field before the first key."""
        self.set_focus(self.query(Input).first())

    @on(Select.Changed, "#settings-optimizer")
    def fill_in_usual_learning_rate(self, event: Select.Changed) -> None:
        """Set the usual learning rate of another optimizer, unless the user typed one."""
        rate, own = self.query_one("#settings-learning_rate", Input), self._trainer.optimizer
        if rate.value == self._filled_in:
            name = str(event.value)
            usual = own.learning_rate if name == own.name else OPTIMIZERS[name].learning_rate
            self._filled_in = rate.value = repr(usual)

    @on(Input.Changed)
    @on(Select.Changed)
    def show_what_is_lost(self) -> None:
        """Warn about numbers that are lost; errors are shown on apply."""
        try:
            told = self._outcome()[1].note
        except ValueError:
            told = ""
        self._tell(told)

    @on(Input.Submitted)
    @on(Button.Pressed, "#settings-apply")
    def action_apply(self) -> None:
        """Return the changes, or show why they are impossible."""
        try:
            changes, _ = self._outcome()
        except ValueError as error:
            self._tell(str(error), is_fault=True)
            return
        self.dismiss(changes)

    @on(Button.Pressed, "#settings-leave")
    def action_leave(self) -> None:
        """Close without a change."""
        self.dismiss(())

    def _outcome(self) -> tuple[tuple[Change, ...], Changed]:
        """The changes in a possible order, and their result.

        If a loss and an output activation need each other, the reverse order is tried too.
        """
        changes, training = tuple(self._changes()), Training(self._trainer, self._state)
        try:
            return changes, apply_all(changes, training)
        except ValueError:
            return changes[::-1], apply_all(changes[::-1], training)

    def _changes(self) -> Iterator[Change]:
        """The changes to the current settings."""
        for setting in self._settings:
            text = self._text(setting)
            if text.strip() != setting.now:
                yield typed_change(setting.what, text)

    def _text(self, setting: Setting) -> str:
        name = f"#settings-{setting.what}"
        return str(self.query_one(name, Select).value) if setting.choices else self.query_one(name, Input).value

    def _tell(self, line: str, is_fault: bool = False) -> None:
        told = self.query_one("#settings-told", Static)
        told.update(Content(safe(line)))
        told.set_class(is_fault, "form-fault")


def _field(setting: Setting) -> Widget:
    """A field for a number, a list for names."""
    name = f"settings-{setting.what}"
    if not setting.choices:
        return Input(setting.now, restrict=TYPED, compact=True, id=name)
    choices = dict.fromkeys((*setting.choices, setting.now))
    return Dropdown.from_values(choices, value=setting.now, allow_blank=False, compact=True, id=name)
