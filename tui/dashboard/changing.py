"""Changing: the keys that alter a training, and say where it rests."""

from functools import partial

from ...core.debugger.breakpoints import Placed
from ...core.quantities.quantity import Kind
from ...core.training.changes import Change, apply
from ...presets.sessions.opened import Opened
from ..config import Config
from ..dialogs.breakpoints_dialog import Breakpoints
from ..dialogs.edit_dialog import Edit
from ..dialogs.settings_dialog import Settings
from ..text.editable import Editable, editable
from ..text.safe import safe
from .training import Training

NUDGE = 0.01
"""The part of a parameter by which a key moves it."""


class Changing(Training):
    """Numbers, settings and breakpoints."""

    def __init__(self, opened: Opened, config: Config) -> None:
        """Begin with the breakpoints that there were."""
        super().__init__(opened, config)
        self._break_at(self._placed)

    def action_alter(self) -> None:
        """Ask for another value of the parameter, input or target under the cursor."""
        number = self._editable()
        if number and self.trainer and self.snapshot:
            check = partial(apply, trainer=self.trainer, state=self.snapshot.state)
            self.app.push_screen(Edit(number.what, number.value, check, number.row), self._alter)

    def _alter(self, change: Change | None) -> None:
        if change:
            self._runner.change(change)

    def action_nudge(self, direction: int) -> None:
        """Move the parameter under the cursor a little."""
        number = self._editable()
        if number and number.what.kind in (Kind.W, Kind.B):
            self._runner.nudge(number.what, direction * NUDGE * max(abs(number.value), 0.1))

    def _editable(self) -> Editable | None:
        """What is under the cursor; a notice says why it cannot be altered."""
        if self.snapshot is None or self.trainer is None or self._cursor is None:
            return None
        try:
            return editable(self.trainer, self.snapshot, self._cursor)
        except ValueError as error:
            self.app.notify(safe(str(error)), severity="warning", markup=False)
            return None

    def action_settings(self) -> None:
        """Ask how training shall go on."""
        if self.snapshot and self.trainer:
            self.app.push_screen(Settings(self.trainer, self.snapshot.state), self._set)

    def _set(self, changes: tuple[Change, ...] | None) -> None:
        if changes:
            self._runner.change(*changes)

    def action_breakpoints(self) -> None:
        """Ask where a run shall rest."""
        step = self.snapshot.step if self.snapshot else 0
        self.app.push_screen(Breakpoints(self._placed, step), self._break_at)

    def _break_at(self, placed: tuple[Placed, ...] | None) -> None:
        if placed is not None:
            self._placed = placed
            self._runner.break_at(tuple(each.breakpoint for each in placed if each.enabled))
