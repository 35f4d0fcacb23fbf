"""Training in bursts, each short enough for a quick answer, up to the end of training."""

from collections.abc import Callable
from itertools import islice
from time import perf_counter

from ..steps.events import Failed, Finished, Updated
from ..steps.state import State
from ..steps.stop import Stop
from .trainer import Trainer

SECONDS = 0.05
"""Seconds of a burst, about."""
FEWEST, FIRST, MOST = 8, 64, 2**17
"""Updates of the shortest burst that is worth one, of the first, and of the longest."""


class BurstLength:
    """The number of updates that take about a given time, estimated from the last burst."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Begin with a few."""
        self.seconds = seconds
        self.updates = FIRST
        self._began = 0.0

    def begin(self) -> int:
        """The updates of the next burst, whose time is measured from now on."""
        self._began = perf_counter()
        return self.updates

    def end(self, updates: int) -> None:
        """Note how many updates the burst has made."""
        took = max(perf_counter() - self._began, 1e-6)
        if updates == self.updates or took > self.seconds:
            self.updates = max(FEWEST, min(int(updates * min(4.0, self.seconds / took)), MOST))


def state_before_end(trainer: Trainer, state: State, stop: Stop, show: Callable[[State], object] = id) -> State:
    """The state at which a training ends, by its stop or because it fails; its events from there on show which.

    Args:
        trainer: what to train.
        state: where to begin.
        stop: the end of training; without a stop, training ends only if it fails.
        show: called with a state now and then.
    """
    length = BurstLength()
    while True:
        burst = trainer.burst(state, length.begin(), stop)
        length.end(len(burst.losses))
        state = burst.state
        show(state)
        if burst.is_ended:
            following = next(_ends_and_updates(trainer, state, stop))
            if not isinstance(following, Updated):
                return state
            state = following.state


def state_at(trainer: Trainer, state: State, step: int) -> State:
    """The state at a later step, if training reaches it."""
    while state.step < step:
        state = trainer.burst(state, min(step - state.step, MOST)).state
        if state.step < step:  # a gradient that is not finite may have no effect
            state = next(event.state for event in trainer.events(state) if isinstance(event, Updated))
    return state


def _ends_and_updates(trainer: Trainer, state: State, stop: Stop) -> "filter[Updated | Finished | Failed]":
    events = islice(trainer.events(state, stop), 3)
    return filter(lambda event: isinstance(event, Updated | Finished | Failed), events)  # type: ignore[arg-type]
