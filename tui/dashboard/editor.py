"""The editor: the keys that change a training, and those that set breakpoints.

Dialogs are imported when they are needed, so that a dashboard is painted earlier.
"""

from functools import partial
from typing import TYPE_CHECKING

from ...core.quantities.quantity import Kind
from ...core.training.changes import Change, apply
from ...core.training.training import Training
from ..text.editable import Editable, editable
from .desk import Desk
from .foreign import Foreign

if TYPE_CHECKING:
    from ...core.debugger.breakpoints import Placed

NUDGE = 0.01
"""The share of a parameter by which a key nudges it."""


class Editor:
    """Numbers, settings and breakpoints."""

    def __init__(self, dashboard: Desk, foreign: Foreign, placed: "tuple[Placed, ...]") -> None:
        """Begin with these breakpoints."""
        self._dashboard = dashboard
        self._foreign = foreign
        self.placed: tuple[Placed, ...] = ()
        """The breakpoints, enabled or not."""
        self.break_at(placed)

    def ask_for_number(self) -> None:
        """Ask for another value of the parameter, input or target under the cursor."""
        view, number = self._dashboard.view, self._editable()
        if number and view.trainer and view.snapshot:
            from ..dialogs.edit_dialogs import Edit

            check = partial(apply, training=Training(view.trainer, view.snapshot.state))
            self._dashboard.app.push_screen(Edit(number.what, number.value, check, number.row), self._edit)

    def nudge(self, direction: int) -> None:
        """Nudge the parameter under the cursor."""
        number = self._editable()
        if number and self._dashboard.view.running:
            self._dashboard.say("pause first: a nudge compares the loss with the loss before it")
        elif number and number.what.kind not in (Kind.W, Kind.B):
            self._dashboard.say("only weights and biases can be nudged; a edits this number")
        elif number:
            self._dashboard.verbs.nudge(number.what, direction * NUDGE * max(abs(number.value), 0.1))

    def ask_for_settings(self) -> None:
        """Ask for other settings of the training."""
        view = self._dashboard.view
        if view.snapshot and view.trainer:
            from ..dialogs.edit_dialogs import Settings

            self._dashboard.app.push_screen(Settings(view.trainer, view.snapshot.state), self._set)

    def ask_for_breakpoints(self) -> None:
        """Ask for breakpoints."""
        snapshot, foreign = self._dashboard.view.snapshot, self._foreign.is_on
        from ...core.debugger.breakpoints import FORMS, breakpoint_of
        from ...presets.live.conditions import OF_NETWORKS as FOREIGN_FORMS
        from ...presets.live.conditions import foreign_breakpoint_after
        from ..dialogs.breakpoints_dialog import Breakpoints

        step = snapshot.step if snapshot else 0
        newest = self._dashboard.recorder.timeline.newest
        read, forms = (partial(foreign_breakpoint_after, newest), FOREIGN_FORMS) if foreign else (breakpoint_of, FORMS)
        self._dashboard.app.push_screen(Breakpoints(self.placed, step, read, forms), self.break_at)

    def break_at(self, placed: "tuple[Placed, ...] | None") -> None:
        """Set the breakpoints."""
        if placed is not None:
            self.placed = placed
            self._dashboard.verbs.break_at(tuple(each.breakpoint for each in placed if each.enabled))

    def _editable(self) -> Editable | None:
        """The editable number under the cursor; a notice shows why there is none."""
        view = self._dashboard.view
        if view.snapshot is None or view.trainer is None or view.cursor is None:
            return None
        try:
            return editable(view.trainer, view.snapshot, view.cursor)
        except ValueError as error:
            self._dashboard.say(str(error), severity="warning")
            return None

    def _edit(self, change: Change | None) -> None:
        if change:
            self._dashboard.verbs.change(change)

    def _set(self, changes: tuple[Change, ...] | None) -> None:
        if changes:
            self._dashboard.verbs.change(*changes)
