"""Steps that are asked for while another one is under way: each is made when the one before is done."""

from collections.abc import Callable

from .messages import TrainingActivity
from .orders import StepUpdates


class StepQueue:
    """A training that is asked for a step forgets the one that it is about to make; so they wait here."""

    def __init__(self, send: Callable[[StepUpdates], object]) -> None:
        """Hand steps over to a function that sends them."""
        self._send = send
        self._end: int | None = None
        """The step at which the one under way ends; None where none is."""
        self._waiting = 0

    def ask(self, here: int, updates: int = 1) -> None:
        """Ask for updates, from the step that was reported last."""
        if self._end is None:
            self._end = here + updates
            self._send(StepUpdates(updates=updates))
        else:
            self._waiting += updates

    def forget(self) -> None:
        """Let none wait any longer."""
        self._end, self._waiting = None, 0

    def see(self, activity: TrainingActivity) -> None:
        """Send the next one where the last is done; forget them all where something else has ended it."""
        if activity.now == "running" or self._end is None:
            return
        if activity.now != "paused" or activity.why:
            self.forget()
        elif activity.step >= self._end:
            self._end = None
            if self._waiting:
                self._waiting -= 1
                self.ask(activity.step)
