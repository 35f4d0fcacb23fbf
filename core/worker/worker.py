"""The worker: a debugger in its own thread, which takes verbs and puts facts into an inbox."""

from collections.abc import Callable, Mapping
from functools import partial
from threading import Thread
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..debugger.debugger import Debugger
from ..debugger.stage import WHOLE_BACKWARD, WHOLE_FORWARD, Stage, StepUnit
from ..quantities.quantity import Quantity
from ..timeline.dump import dump
from ..timeline.timeline import BUDGET, Timeline
from ..training.changes import Change
from ..training.training import Experiment
from .inbox import Inbox
from .verbs import Ability
from .worker_loop import WorkerLoop

if TYPE_CHECKING:
    from ..debugger.breakpoints import Breakpoint


class Worker:
    """A training in a thread. Each of the `Verbs` is an order to the loop in the thread."""

    lacks: Mapping[Ability, str] = MappingProxyType({})
    """Nothing: its past is known."""

    def __init__(
        self,
        experiment: Experiment,
        on_pause: Callable[[], None] = lambda: None,
        budget: int = BUDGET,
        timeline: Timeline | None = None,
        first: Stage = WHOLE_FORWARD,
    ) -> None:
        """Start the thread, which shows the first numbers and pauses.

        Args:
            experiment: what to train.
            on_pause: called in the worker's thread whenever training pauses or ends, or an answer was put.
            budget: bytes for past states, where the timeline is a new one.
            timeline: one of the experiment, to continue; all numbers of its step are shown at first.
            first: how far the first step of a new training is shown.
        """
        self.inbox = Inbox()
        """Facts that are put together are taken together."""
        self._debugger = Debugger(experiment, budget, timeline)
        self._loop = WorkerLoop(self._debugger, self.inbox, on_pause)
        first = WHOLE_BACKWARD if timeline and timeline.position.step else first
        self._thread = Thread(target=self._loop.serve, args=(first,), name="trainer", daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Run until a pause, a breakpoint or a stop; from a stop, run beyond it."""
        self._order(self._loop.run)

    def pause(self) -> None:
        """Pause as soon as every number of the current step is known, and drop the queued steps."""
        self._order(self._loop.pause)

    def step(self, unit: StepUnit) -> None:
        """Train for one more phase, update or epoch, after the steps that are queued."""
        self._order(self._loop.do_or_wait, partial(self._loop.step, unit))

    def back(self, unit: StepUnit) -> None:
        """Step back by one phase, update or epoch; a change that was made there is undone."""
        self._order(self._loop.do_or_wait, partial(self._loop.back, unit))

    def go_to(self, step: int | None) -> None:
        """Go to a step, back or forward; without a step, to the newest of the branch."""
        self._order(self._loop.go_to, step)

    def reset(self) -> None:
        """Go back to the start, and remove all changes."""
        self._order(self._loop.reset)

    def change(self, *changes: Change) -> None:
        """Make a change, and continue from here; a run continues too."""
        self._order(self._loop.change, changes)

    def nudge(self, what: Quantity, by: float) -> None:
        """Move a parameter a little, and report the predicted and the actual change of the loss."""
        self._order(self._loop.nudge, what, by)

    def switch(self) -> None:
        """Switch to the next branch."""
        self._order(self._loop.switch)

    def compare(self) -> None:
        """Compare this branch with the last other one."""
        self._order(self._loop.answer, self._debugger.compare)

    def save(self) -> None:
        """Put the timeline into the inbox as plain values, to save it."""
        self._order(self._loop.answer, lambda: (dump(self._debugger.timeline),))

    def break_at(self, breakpoints: "tuple[Breakpoint, ...]") -> None:
        """Pause when one of these becomes true, or is already true and has not been reported."""
        self._order(self._loop.place, breakpoints)

    def pace(self, updates_per_second: float | None) -> None:
        """Run at most at this many updates per second; None for full speed."""
        self._order(setattr, self._loop, "pace", updates_per_second)

    def close(self) -> None:
        """End the thread and wait for its end."""
        self._order(setattr, self._loop, "is_closed", True)
        self._thread.join()

    def _order(self, verb: Callable[..., None], *details: object) -> None:
        """Queue an order for the thread."""
        self._loop.orders.put(partial(verb, *details))
