"""A queue of requested steps: each is made when the previous one is done."""

from collections.abc import Callable

from .messages import TrainingActivity
from .orders import StepUpdates


class StepQueue:
    """A training has room for only one order to step, so later ones wait here."""

    def __init__(self, send: Callable[[StepUpdates], object]) -> None:
        """Use this function to send steps."""
        self._send = send
        self._end: int | None = None
        """The step at which the current order ends; None if there is none."""
        self._waiting = 0

    def ask(self, here: int, updates: int = 1) -> None:
        """Ask for updates after the last reported step."""
        if self._end is None:
            self._end = here + updates
            self._send(StepUpdates(updates=updates))
        else:
            self._waiting += updates

    def forget(self) -> None:
        """Drop all queued steps."""
        self._end, self._waiting = None, 0

    def see(self, activity: TrainingActivity) -> None:
        """Send the next step if the last is done; drop all if something else has ended it."""
        if activity.now == "running" or self._end is None:
            return
        if activity.now != "paused" or activity.why:
            self.forget()
        elif activity.step >= self._end:
            self._end = None
            if self._waiting:
                self._waiting -= 1
                self.ask(activity.step)
