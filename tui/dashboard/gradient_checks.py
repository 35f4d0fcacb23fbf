"""Gradient checks: a thread checks the gradients of a step while the training is paused."""

from collections.abc import Mapping
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual.worker import get_current_worker

from ...core.debugger.snapshot import Snapshot
from ...core.quantities.quantity import Quantity
from ...core.training.trainer import Trainer
from .desk import Desk

if TYPE_CHECKING:
    from ...core.gradient_check import Check

ON = "the gradients of each step are checked now; the same key ends this"
LATER, OFF = "the gradients are checked when the training pauses", "the gradients are no longer checked"
TELL_EVERY = 0.25
"""Seconds between two updates of a gradient check's verdicts on the screen."""


class GradientChecks:
    """A check that is on or off; it starts again at each step."""

    def __init__(self, dashboard: Desk) -> None:
        """Begin without a check."""
        self._dashboard = dashboard

    def toggle(self) -> None:
        """Show or hide the verdicts."""
        self._dashboard.see(checks=None if self._dashboard.view.checks is not None else {})
        self._dashboard.renew_status()
        on = LATER if self._dashboard.view.running else ON
        self._dashboard.say(on if self._dashboard.view.checks is not None else OFF)
        self.begin()

    def begin(self) -> None:
        """Check the gradients of a step while paused; only the newest request counts."""
        view = self._dashboard.view
        if view.checks is not None and not view.running and view.snapshot and view.trainer:
            check = partial(self._check, view.trainer, view.snapshot)
            self._dashboard.screen.run_worker(check, thread=True, group="checks", exclusive=True)

    def _check(self, trainer: Trainer, snapshot: Snapshot) -> None:
        """Check the gradients; this runs in a thread of its own."""
        from ...core.gradient_check import check_snapshot  # here, so that the first frame need not wait for it

        worker, checks, told = get_current_worker(), {}, monotonic()
        for check in check_snapshot(trainer, snapshot):
            if worker.is_cancelled:
                return
            checks[check.quantity] = check
            if monotonic() - told > TELL_EVERY:
                self._dashboard.later(partial(self._show, snapshot, dict(checks)))
                told = monotonic()
        self._dashboard.later(partial(self._show, snapshot, checks))

    def _show(self, snapshot: Snapshot, checks: "Mapping[Quantity, Check]") -> None:
        """Show the verdicts, unless the step has changed or the check is off."""
        if self._dashboard.view.checks is not None and snapshot is self._dashboard.view.snapshot:
            self._dashboard.see(checks=checks)
            self._dashboard.renew_status()
