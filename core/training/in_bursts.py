"""Training in bursts, each as long as a person waits for an answer, up to the step that only events can explain."""

from collections.abc import Callable
from itertools import islice
from time import perf_counter

from ..steps.events import Failed, Finished, Updated
from ..steps.state import State
from ..steps.stop import Stop
from .trainer import Trainer

SECONDS = 0.05
"""About as long as a burst takes."""
FIRST, MOST = 64, 2**17
"""Updates of the first burst, and of the longest."""


class BurstLength:
    """How many updates take about so many seconds, by those of the last burst."""

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
        """Learn how many the burst has made."""
        took = max(perf_counter() - self._began, 1e-6)
        if updates == self.updates:
            self.updates = max(1, min(int(updates * min(4.0, self.seconds / took)), MOST))


def state_before_end(trainer: Trainer, state: State, stop: Stop, show: Callable[[State], object] = id) -> State:
    """The state at which a training ends, by its stop or because it fails: its events from there on say which.

    Args:
        trainer: what to train.
        state: where to begin.
        stop: where to end; a training without one ends only where it fails.
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
    """The state at a later step, which training does reach."""
    while state.step < step:
        state = trainer.burst(state, min(step - state.step, MOST)).state
        if state.step < step:  # a gradient that is not finite need not break anything
            state = next(event.state for event in trainer.events(state) if isinstance(event, Updated))
    return state


def _ends_and_updates(trainer: Trainer, state: State, stop: Stop) -> "filter[Updated | Finished | Failed]":
    events = islice(trainer.events(state, stop), 3)
    return filter(lambda event: isinstance(event, Updated | Finished | Failed), events)  # type: ignore[arg-type]
