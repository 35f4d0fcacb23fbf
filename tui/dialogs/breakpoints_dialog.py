"""The breakpoints dialog: a list, and a field that adds to it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from textwrap import wrap

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from ...core.debugger.breakpoints import FORMS, Breakpoint, Placed, UnknownFormError, breakpoint_of, has_passed
from ...core.typed_number import quoted
from ..panels.key_line import KeyLine
from ..terminal.patient_lists import PatientList
from ..text.safe import safe
from .base_screen import Dialog
from .edit_dialogs import TYPED

UNBROKEN = "\xa0"
WIDEST, MARGINS = 76, 6
"""The most columns of the dialog, and the columns of its border and margins."""
PASSED = "already passed; a run pauses there again after you step back"
"""The remark on a step that a run will not reach."""


class Breakpoints(Dialog[tuple[Placed, ...]]):
    """The list, and a field that adds to it; the result is the edited list."""

    BINDINGS = [
        Binding("ctrl+s", "submit", "Add", key_display="enter"),
        Binding("up", "list", "To the list", key_display="↑"),
        Binding("space", "switch", "On/off"),
        Binding("d,delete", "remove", "Delete"),
        Binding("a", "add", "Add"),
        Binding("escape", "leave", "Done"),
    ]

    def __init__(
        self,
        placed: tuple[Placed, ...],
        step: int = 0,
        read: Callable[[str], Breakpoint] = breakpoint_of,
        forms: Sequence[str] = FORMS,
    ) -> None:
        """Show these breakpoints.

        Args:
            placed: the breakpoints.
            step: the current step; breakpoints that a run from here does not reach are marked.
            read: parses a breakpoint.
            forms: an example of each kind.
        """
        super().__init__()
        self._read, self._forms = read, forms
        self._placed = list(placed)
        self._step = step

    def compose(self) -> ComposeResult:
        """The list, the field, and the error message."""
        with Vertical(classes="form") as form:
            form.border_title = "Breakpoints"
            yield Static(Content("A run pauses as soon as one of these is true.\n"), classes="form-hint")
            yield PatientList(id="breakpoints-list", markup=False)
            with Horizontal(classes="form-row"):
                yield Static(Content("new"), classes="form-label")
                yield Input(placeholder="loss < 0.1", restrict=TYPED, compact=True, id="breakpoints-new")
            yield Static(id="breakpoints-told", classes="form-fault")
            yield Static(classes="form-hint", id="breakpoints-forms")
        yield KeyLine()

    def on_resize(self) -> None:
        """Write the forms as wide as the dialog."""
        self.query_one("#breakpoints-forms", Static).update(
            Content(_written(self._forms, min(self.size.width, WIDEST) - MARGINS))
        )

    def on_mount(self) -> None:
        """Focus the list; the field if the list is empty."""
        self._show(at=0)
        self.set_focus(self.query_one(OptionList) if self._placed else self.query_one(Input))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Offer the keys of the focused widget."""
        in_field = isinstance(self.focused, Input)
        return action == "leave" or in_field == (action in ("submit", "list"))

    @on(OptionList.OptionSelected)
    def action_switch(self) -> None:
        """Switch the breakpoint under the cursor on or off."""
        at = self._cursor
        if at is not None:
            self._placed[at] = replace(self._placed[at], enabled=not self._placed[at].enabled)
            self._show(at)

    def action_remove(self) -> None:
        """Delete the breakpoint under the cursor."""
        at = self._cursor
        if at is not None:
            del self._placed[at]
            self._show(at)
            if not self._placed:
                self.action_add()

    def action_add(self) -> None:
        """Focus the field."""
        self.set_focus(self.query_one(Input))

    def action_list(self) -> None:
        """Focus the list."""
        if self._placed:
            self.set_focus(self.query_one(OptionList))

    async def action_submit(self) -> None:
        """Add the breakpoint that was typed."""
        await self.query_one(Input).action_submit()

    def action_leave(self) -> None:
        """Return the list."""
        self.dismiss(tuple(self._placed))

    @on(Input.Changed)
    def forget_fault(self) -> None:
        """Hide the last error."""
        self._tell("")

    @on(Input.Submitted)
    def add(self, event: Input.Submitted) -> None:
        """Add the breakpoint that was typed, or show the error."""
        try:
            new = self._read(event.value)
        except UnknownFormError:
            self._tell(f"expected a condition like those below, got {quoted(event.value.strip())}")
            return
        except ValueError as error:
            self._tell(str(error))
            return
        if any(each.breakpoint == new for each in self._placed):
            self._tell(f"{new.text} is in the list already")
            return
        self._placed.append(Placed(new))
        event.input.clear()
        self._show(len(self._placed) - 1)

    @property
    def _cursor(self) -> int | None:
        return self.query_one(OptionList).highlighted

    def _show(self, at: int) -> None:
        """List the breakpoints, with the cursor on one of them; the focus does not change."""
        rows = self.query_one(OptionList)
        rows.set_options(Content(self._row(each)) for each in self._placed)
        rows.display = bool(self._placed)
        rows.highlighted = min(at, len(self._placed) - 1) if self._placed else None

    def _row(self, placed: Placed) -> str:
        row = f"{'●' if placed.enabled else '○'} {placed.breakpoint.text}"
        return f"{row}   {PASSED}" if has_passed(placed.breakpoint, self._step) else row

    def _tell(self, fault: str) -> None:
        self.query_one("#breakpoints-told", Static).update(Content(safe(fault)))


def _written(forms: Sequence[str], width: int) -> str:
    """The forms of breakpoints, in lines that break between two of them."""
    text = " · ".join(form.replace(" ", UNBROKEN) for form in forms)
    return "\n".join(wrap(text, width, break_on_hyphens=False)).replace(UNBROKEN, " ")
