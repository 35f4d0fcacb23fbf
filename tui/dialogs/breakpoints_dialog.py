"""The breakpoints: a list to switch, shorten and lengthen."""

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from ...core.debugger.breakpoints import FORMS, Placed, breakpoint_of, has_passed
from ..panels.key_line import KeyLine
from ..terminal.patient_lists import PatientList
from ..text.safe import safe
from .base_screen import Dialog
from .edit_dialog import TYPED

PASSED = "has passed: step back, and it pauses again"
"""What there is to say of a step that a run does not come to."""


class Breakpoints(Dialog[tuple[Placed, ...]]):
    """The list and a line to add to it; its result is the list as it is left."""

    BINDINGS = [
        Binding("space", "switch", "On/off"),
        Binding("d,delete", "remove", "Delete"),
        Binding("a", "add", "Add"),
        Binding("escape", "leave", "Done"),
    ]

    def __init__(self, placed: tuple[Placed, ...], step: int = 0) -> None:
        """Begin with these; those that a run from this step never comes to say so."""
        super().__init__()
        self._placed = list(placed)
        self._step = step

    def compose(self) -> ComposeResult:
        """The list, a line for another one, and what is wrong with it."""
        with Vertical(classes="form"):
            yield Static(Content("Breakpoints: a run rests where one comes true"), classes="form-title")
            yield PatientList(id="breakpoints-list", markup=False)
            with Horizontal(classes="form-row"):
                yield Static(Content("add"), classes="form-label")
                yield Input(
                    placeholder="one of these forms, then enter", restrict=TYPED, compact=True, id="breakpoints-new"
                )
            yield Static(id="breakpoints-told", classes="form-fault")
            yield Static(Content(_forms()), classes="form-hint", id="breakpoints-forms")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin in the list where there is one, in the line where there is none."""
        self._show(at=0)

    @on(OptionList.OptionSelected)
    def action_switch(self) -> None:
        """Switch the breakpoint under the cursor on or off."""
        at = self._cursor
        if at is not None:
            self._placed[at] = replace(self._placed[at], enabled=not self._placed[at].enabled)
            self._show(at)

    def action_remove(self) -> None:
        """Take the breakpoint under the cursor from the list."""
        at = self._cursor
        if at is not None:
            del self._placed[at]
            self._show(at)

    def action_add(self) -> None:
        """Go to the line for another one."""
        self.set_focus(self.query_one(Input))

    def action_leave(self) -> None:
        """Hand back the list."""
        self.dismiss(tuple(self._placed))

    @on(Input.Changed)
    def forget_fault(self) -> None:
        """What was wrong no longer counts."""
        self._tell("")

    @on(Input.Submitted)
    def add(self, event: Input.Submitted) -> None:
        """Add the breakpoint that was typed, or say why not."""
        try:
            new = breakpoint_of(event.value)
        except ValueError as error:
            self._tell(str(error))
            return
        if any(each.breakpoint == new for each in self._placed):
            self._tell(f"{new.text} is in the list; expected another one")
            return
        self._placed.append(Placed(new))
        event.input.clear()
        self._show(len(self._placed) - 1)
        self.set_focus(event.input)

    @property
    def _cursor(self) -> int | None:
        return self.query_one(OptionList).highlighted

    def _show(self, at: int) -> None:
        """The list with the cursor at a place, or as near as there is one."""
        rows = self.query_one(OptionList)
        rows.set_options(Content(self._row(each)) for each in self._placed)
        rows.display = bool(self._placed)
        rows.highlighted = min(at, len(self._placed) - 1) if self._placed else None
        self.set_focus(rows if self._placed else self.query_one(Input))

    def _row(self, placed: Placed) -> str:
        row = f"{'●' if placed.enabled else '○'} {placed.breakpoint.text}"
        return f"{row}   {PASSED}" if has_passed(placed.breakpoint, self._step) else row

    def _tell(self, fault: str) -> None:
        self.query_one("#breakpoints-told", Static).update(Content(safe(fault)))


def _forms() -> str:
    """How breakpoints are written, in two lines."""
    half = len(FORMS) // 2
    return "\n".join("".join(f"{form:<16}" for form in row).rstrip() for row in (FORMS[:half], FORMS[half:]))
