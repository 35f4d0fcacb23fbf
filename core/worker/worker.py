"""The runner: it walks in a thread of its own, and is told when to go on, when to rest, and where to go."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter, sleep

from ..debugger.breakpoints import Breakpoint, Watch
from ..debugger.debugger import Arrival, Debugger
from ..debugger.dump import dump
from ..debugger.snapshot import Snapshot
from ..debugger.stage import WHOLE_BACKWARD, WHOLE_FORWARD
from ..debugger.timeline import BUDGET, Timeline
from ..metrics.filling import Filling
from ..quantities.quantity import Quantity
from ..training.changes import Change
from ..training.events import BackwardPass, Failed, Finished
from ..training.experiment import Experiment
from .inbox import Activity, Inbox, TimelineStatus
from .pause_when import PauseWhen, StepUnit, one_epoch_from, one_step_from, up_to, without_end

LOGGER = logging.getLogger(__name__)
BREATH = 0.002
"""Seconds after which a running trainer lets other threads go first, so that the screen answers keys at once."""


class Worker:
    """A handle on a training: every verb returns at once, and what comes of it is left in the mailbox."""

    def __init__(
        self,
        experiment: Experiment,
        on_rest: Callable[[], None] = lambda: None,
        budget: int = BUDGET,
        timeline: Timeline | None = None,
    ) -> None:
        """Start the thread, which shows the first forward pass and rests.

        Args:
            experiment: what to train.
            on_rest: called in the runner's thread whenever it comes to rest.
            budget: bytes for past states, where the timeline is a new one.
            timeline: one of the experiment, to go on with.
        """
        self.inbox = Inbox()
        self._start = experiment.start
        self._first = WHOLE_BACKWARD if timeline and timeline.position.step else WHOLE_FORWARD
        """The stage to begin at: all numbers of a step that was left."""
        self._on_rest = on_rest
        self._debugger = Debugger(experiment, self.inbox, budget, timeline)
        self._filling = Filling(self.inbox)
        self._missing: Iterator[int] = iter(())
        """Steps that charts lack."""
        self._pause_when: PauseWhen | None = None
        self._asked: deque[Callable[[], None]] = deque()
        """Steps that were asked for during another one."""
        self._watch = Watch()
        self._orders: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._pace: float | None = None
        self._due = 0.0
        """When the next step may be made, where there is a pace."""
        self._is_closed = False
        self._breathed = 0.0
        self._thread = Thread(target=self._work, name="trainer", daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Train until told otherwise or a stop is reached; from a stop on, beyond it."""
        self._orders.put(self._run)

    def pause(self) -> None:
        """Rest as soon as every number of the present step is known."""
        self._orders.put(self._pause)

    def step(self, unit: StepUnit) -> None:
        """Train for one phase, update or epoch more, then rest."""
        self._orders.put(partial(self._step, unit))

    def back(self, unit: StepUnit) -> None:
        """Go back by one phase, update or epoch; over a change that was made there, which undoes it."""
        self._orders.put(partial(self._back, unit))

    def go_to(self, step: int | None) -> None:
        """Go to a step, back or forward; without one, to the newest of the branch."""
        self._orders.put(partial(self._go_to, step))

    def reset(self) -> None:
        """Go back to the start, without any change, and rest after the first forward pass."""
        self._orders.put(partial(self._jump, self._debugger.reset))

    def change(self, *changes: Change) -> None:
        """Go on from here with something changed."""
        self._orders.put(partial(self._change, changes))

    def nudge(self, what: Quantity, by: float) -> None:
        """Move a parameter a little, and leave what its gradient predicts of the loss beside what comes of it."""
        self._orders.put(partial(self._nudge, what, by))

    def switch(self) -> None:
        """Go over to the next branch."""
        self._orders.put(partial(self._jump, self._debugger.switch))

    def compare(self) -> None:
        """Leave a comparison of this branch with the last other one."""
        self._orders.put(self._compare)

    def save(self) -> None:
        """Leave what there is to save of the timeline."""
        self._orders.put(self._save)

    def break_at(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Pause where one of these becomes true, or is true already and nobody was told."""
        self._orders.put(partial(self._watch.place, breakpoints))

    def pace(self, updates_per_second: float | None) -> None:
        """Run no faster than this, for somebody to watch; without a number, as fast as it goes."""
        self._orders.put(partial(setattr, self, "_pace", updates_per_second))

    def close(self) -> None:
        """End the thread and wait for its end."""
        self._orders.put(self._close)
        self._thread.join()

    # All below runs in the thread.

    def _work(self) -> None:
        self._attempt(partial(self._jump, partial(self._debugger.look, self._first)))
        while not self._is_closed:
            self._attempt(self._serve)

    def _attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # whatever it is, the person at the screen shall read it
            LOGGER.exception("the trainer")
            state = self._debugger.snapshot.state if self._debugger.snapshot else self._start
            self._fail(Failed(reason=f"step {state.step}: {type(error).__name__}: {error}", state=state))

    def _serve(self) -> None:
        while not self._is_closed and (self._pause_when is None or not self._orders.empty()):
            self._order()()
        if self._pace and self._pause_when is not None and self._has_order_while_waiting(1 / self._pace):
            return
        if self._pause_when is not None and not self._is_closed:
            self._advance(self._pause_when)

    def _order(self) -> Callable[[], None]:
        """The next order, after the steps that wait; while none comes and training rests, charts get what they lack."""
        if self._pause_when is None and self._asked:
            return self._asked.popleft()
        while self._pause_when is None and self._orders.empty() and next(self._missing, None) is not None:
            self._breathe()
        return self._orders.get()

    def _has_order_while_waiting(self, interval: float) -> bool:
        """Wait until the next step is due; whether an order came first, which is then done."""
        try:
            order = self._orders.get(timeout=max(0.0, self._due - perf_counter()))
        except Empty:
            self._due = perf_counter() + interval
            return False
        order()
        return True

    def _advance(self, pause_when: PauseWhen) -> None:
        arrival = self._debugger.next_step()
        if not isinstance(arrival, Snapshot):
            self._end(arrival)
            return
        hit = self._hits(arrival)
        if pause_when(arrival.backward.forward.state):
            self._reach(hit)
        elif hit:
            self._rest(Activity.PAUSED, hit)
        else:
            self.inbox.put(arrival)
            self._breathe()

    def _hits(self, snapshot: Snapshot) -> str:
        """The breakpoints at which to pause at a moment, as they are written; empty where there are none."""
        return self._watch.hits(*_steps(snapshot), self._debugger.timeline.trainer) if self._watch else ""

    def _reach(self, hit: str) -> None:
        if self._asked:
            self._asked.popleft()()
        else:
            self._rest(Activity.PAUSED, hit)

    def _rest(self, activity: Activity, why: str = "") -> None:
        """Rest, and tell why where a breakpoint, a stop or a fault is the reason; then no step waits any more."""
        self._pause_when = None
        if why:
            self._asked.clear()
        if (snapshot := self._debugger.snapshot) and not snapshot.updated:
            self._watch.forget(*_steps(snapshot), self._debugger.timeline.trainer)
        self.inbox.put_why(why)
        self._tell_snapshot()
        self.inbox.put_activity(activity)
        self._missing = self._filling.steps(self._debugger.timeline.branch)
        self._on_rest()

    def _tell_snapshot(self) -> None:
        timeline = self._debugger.timeline
        branch = timeline.branch
        numbers = tuple(each.number for each in timeline.branches)
        place = TimelineStatus(branch.number, numbers, branch.newest, timeline.changes, timeline.position.segment)
        self.inbox.put_place(self._debugger.snapshot, timeline.trainer, place)

    def _arrive(self, arrival: Arrival | None) -> None:
        """Rest after a way of a single step."""
        if isinstance(arrival, Finished | Failed):
            self._end(arrival)
        else:
            self._rest(Activity.PAUSED)

    def _end(self, end: Finished | Failed) -> None:
        if isinstance(end, Failed):
            self._fail(end)
        else:
            self._rest(Activity.FINISHED, f"stop: {self._debugger.stop_reason}")

    def _fail(self, failed: Failed) -> None:
        self.inbox.put_failed(failed)
        self._rest(Activity.FAILED, failed.reason)

    def _breathe(self) -> None:
        now = perf_counter()
        if now - self._breathed > BREATH:
            self._breathed = now
            sleep(0)

    # The orders.

    def _run(self) -> None:
        self._asked.clear()
        snapshot = self._debugger.snapshot
        # After an update the step is not computed yet: the run arrives at it first.
        hit = self._hits(snapshot) if self._pause_when is None and snapshot and not snapshot.updated else ""
        if hit:
            self._debugger.complete()
            self._rest(Activity.PAUSED, hit)
        else:
            self._go(without_end)

    def _step(self, unit: StepUnit) -> None:
        self._do_or_wait(partial(self._step_now, unit))

    def _do_or_wait(self, step: Callable[[], None]) -> None:
        """Step from where a run is, which ends it; wait for the end of another step, or of the way to one."""
        if self._pause_when in (None, without_end):
            self._pause_when = None
            step()
        else:
            self._asked.append(step)

    def _step_now(self, unit: StepUnit) -> None:
        snapshot = self._debugger.snapshot
        if snapshot is None or unit is StepUnit.PHASE:
            self._debugger.go_beyond_stop()
            self._arrive(self._debugger.next_phase())
        elif unit is StepUnit.UPDATE:
            self._go(one_step_from(snapshot.backward.state))
        else:
            self._go(one_epoch_from(snapshot.backward.state))

    def _go(self, pause_when: PauseWhen) -> None:
        self._debugger.go_beyond_stop()
        self._pause_when = pause_when
        self.inbox.put_activity(Activity.RUNNING)

    def _pause(self) -> None:
        self._asked.clear()
        if self._pause_when is not None:
            self._arrive(self._debugger.complete())

    def _back(self, unit: StepUnit) -> None:
        self._do_or_wait(partial(self._back_now, unit))

    def _back_now(self, unit: StepUnit) -> None:
        debugger = self._debugger
        backs = {
            StepUnit.PHASE: debugger.previous_phase,
            StepUnit.UPDATE: debugger.previous_step,
            StepUnit.EPOCH: debugger.previous_epoch,
        }
        self._arrive(backs[unit]())

    def _go_to(self, step: int | None) -> None:
        self._asked.clear()
        newest = self._debugger.timeline.branch.newest
        if step is None or step <= newest:
            self._arrive(self._debugger.go_to(newest if step is None else step))
        else:
            self._debugger.go_to(newest)
            self._go(up_to(step))

    def _jump(self, jump: Callable[[], Arrival]) -> None:
        self._asked.clear()
        self._arrive(jump())

    def _change(self, changes: tuple[Change, ...]) -> None:
        try:
            for change in changes:
                _, told = self._debugger.change(change)
                if told:
                    self.inbox.put_told(told)
        except ValueError as error:
            self.inbox.put_refused(str(error))
        self._tell_snapshot()
        if self._pause_when is None:
            self._rest(Activity.PAUSED)

    def _nudge(self, what: Quantity, by: float) -> None:
        if self._pause_when is not None or self._debugger.snapshot is None:
            return
        try:
            self.inbox.put_nudge(self._debugger.nudge(what, by))
        except ValueError as error:
            self.inbox.put_refused(str(error))
        self._rest(Activity.PAUSED)

    def _compare(self) -> None:
        if comparison := self._debugger.timeline.compare():
            self.inbox.put_comparison(comparison)
        else:
            self.inbox.put_refused("there is no other branch yet: go back and change something")
        self._on_rest()

    def _save(self) -> None:
        self.inbox.put_saved(dump(self._debugger.timeline))
        self._on_rest()

    def _close(self) -> None:
        self._is_closed = True


def _steps(snapshot: Snapshot) -> tuple[BackwardPass, BackwardPass | None]:
    """The step of a moment, and the one before."""
    return snapshot.backward, snapshot.before.backward if snapshot.before else None
