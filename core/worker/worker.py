"""The worker: a debugger in a thread of its own, which takes verbs and puts facts into an inbox."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter, sleep

from ..debugger.breakpoints import Breakpoint, Watch
from ..debugger.debugger import Debugger, Facts
from ..debugger.dump import dump
from ..debugger.facts import Activity, ActivityChanged, Arrived, Failed, Finished, Hit
from ..debugger.stage import (
    WHOLE_BACKWARD,
    WHOLE_FORWARD,
    PauseWhen,
    StepUnit,
    never,
    one_epoch_from,
    one_step_from,
    up_to,
)
from ..debugger.timeline import BUDGET, Timeline
from ..quantities.quantity import Quantity
from ..training.changes import Change
from ..training.training import Experiment
from .filling import Filling
from .inbox import Inbox

LOGGER = logging.getLogger(__name__)
BREATH = 0.002
"""Seconds after which a running trainer lets other threads go first, so that the screen answers keys at once."""
SLICE = 0.016
"""Seconds of a run after which its facts are put: as often as a screen can draw."""


class Worker:
    """A training in a thread; see `Verbs` for what each verb does."""

    def __init__(
        self,
        experiment: Experiment,
        on_rest: Callable[[], None] = lambda: None,
        budget: int = BUDGET,
        timeline: Timeline | None = None,
    ) -> None:
        """Start the thread, which shows the first forward pass and pauses.

        Args:
            experiment: what to train.
            on_rest: called in the worker's thread whenever it comes to rest.
            budget: bytes for past states, where the timeline is a new one.
            timeline: one of the experiment, to continue.
        """
        self.inbox = Inbox()
        """What is put here in one go belongs together."""
        self._start = experiment.start
        self._first = WHOLE_BACKWARD if timeline and timeline.position.step else WHOLE_FORWARD
        """The stage to begin at: all numbers of a step that was left."""
        self._on_rest = on_rest
        self._debugger = Debugger(experiment, budget, timeline)
        self._filling = Filling(self.inbox)
        self._missing: Iterator[int] = iter(())
        """Steps that charts lack."""
        self._pause_when: PauseWhen | None = None
        """When the present run pauses; None where nothing runs."""
        self._waiting: deque[Callable[[], None]] = deque()
        """Steps that were asked for during another one."""
        self._watch = Watch()
        self._orders: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._pace: float | None = None
        self._due = 0.0
        """When the next step may be made, where there is a pace."""
        self._is_closed = False
        self._breathed = self._slice_end = 0.0
        self._thread = Thread(target=self._work, name="trainer", daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Train until a pause, a breakpoint or a stop; from a stop on, beyond it."""
        self._orders.put(self._run)

    def pause(self) -> None:
        """Pause as soon as every number of the present step is known; steps that wait are forgotten."""
        self._orders.put(self._pause)

    def step(self, unit: StepUnit) -> None:
        """Train for one phase, update or epoch more; behind another step, when that is done."""
        self._orders.put(partial(self._do_or_wait, partial(self._step, unit)))

    def back(self, unit: StepUnit) -> None:
        """Go back by one phase, update or epoch; over a change that was made there, which undoes it."""
        self._orders.put(partial(self._do_or_wait, partial(self._back, unit)))

    def go_to(self, step: int | None) -> None:
        """Go to a step, back or forward; without one, to the newest of the branch."""
        self._orders.put(partial(self._go_to, step))

    def reset(self) -> None:
        """Go back to the start, without any change."""
        self._orders.put(partial(self._jump, self._debugger.reset))

    def change(self, *changes: Change) -> None:
        """Continue from here with something changed; a run continues too."""
        self._orders.put(partial(self._change, changes))

    def nudge(self, what: Quantity, by: float) -> None:
        """Move a parameter a little, and tell what its gradient predicts of the loss beside what comes of it."""
        self._orders.put(partial(self._nudge, what, by))

    def switch(self) -> None:
        """Go over to the next branch."""
        self._orders.put(partial(self._jump, self._debugger.switch))

    def compare(self) -> None:
        """Tell how this branch and the last other one differ."""
        self._orders.put(lambda: self._tell(self._debugger.compare()))

    def save(self) -> None:
        """Tell what there is to save of the timeline."""
        self._orders.put(lambda: self._tell((dump(self._debugger.timeline),)))

    def break_at(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Pause where one of these becomes true, or is true already and nobody was told."""
        self._orders.put(partial(self._watch.place, breakpoints))

    def pace(self, updates_per_second: float | None) -> None:
        """Run no faster than this; without a number, as fast as it goes."""
        self._orders.put(partial(setattr, self, "_pace", updates_per_second))

    def close(self) -> None:
        """End the thread and wait for its end."""
        self._orders.put(self._close)
        self._thread.join()

    # All below runs in the thread.

    def _work(self) -> None:
        self._attempt(lambda: self._arrive(self._debugger.look(self._first)))
        while not self._is_closed:
            self._attempt(self._serve)

    def _attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # whatever it is, the person at the screen shall read it
            LOGGER.exception("the trainer")
            state = self._debugger.snapshot.state if self._debugger.snapshot else self._start
            self._fail((), Failed(reason=f"step {state.step}: {type(error).__name__}: {error}", state=state))

    def _serve(self) -> None:
        while not self._is_closed and (self._pause_when is None or not self._orders.empty()):
            self._order()()
        if self._pace and self._pause_when is not None and self._has_order_while_waiting(1 / self._pace):
            return
        if self._pause_when is not None and not self._is_closed:
            self._advance(self._pause_when)

    def _order(self) -> Callable[[], None]:
        """The next order, after the steps that wait; while none comes and training rests, charts get what they lack."""
        if self._pause_when is None and self._waiting:
            return self._waiting.popleft()
        while self._pause_when is None and self._orders.empty() and next(self._missing, None) is not None:
            self._breathe(perf_counter())
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
        """Run for a slice, or for a step where there is a pace."""
        self._slice_end = 0.0 if self._pace else perf_counter() + SLICE
        facts = self._debugger.run(pause_when, self._watch, self._is_interrupted)
        snapshot = self._debugger.snapshot
        if not isinstance(facts[-1], Arrived | Hit):
            self._arrive(facts)
        elif snapshot and not snapshot.updated and pause_when(snapshot.backward.state):
            self._reach(facts)
        elif isinstance(facts[-1], Hit):
            self._arrive(facts)
        else:
            self.inbox.put(*facts)

    def _is_interrupted(self) -> bool:
        now = perf_counter()
        self._breathe(now)
        return now >= self._slice_end or not self._orders.empty()

    def _breathe(self, now: float) -> None:
        if now - self._breathed > BREATH:
            self._breathed = now
            sleep(0)

    def _reach(self, facts: Facts) -> None:
        """Do the step that waits, or rest."""
        if self._waiting:
            self.inbox.put(*(fact for fact in facts if not isinstance(fact, Hit)))
            self._waiting.popleft()()
        else:
            self._arrive(facts)

    def _arrive(self, facts: Facts) -> None:
        """Rest where a verb has led."""
        match facts[-1:]:
            case (Failed() as failed,):
                self._fail(facts[:-1], failed)
            case (Finished(),):
                self._rest(facts[:-1], Activity.FINISHED, f"stop: {self._debugger.stop_reason}")
            case (Hit(breakpoints=breakpoints),):
                self._rest(facts[:-1], Activity.PAUSED, breakpoints)
            case _:
                self._rest(facts, Activity.PAUSED)

    def _fail(self, facts: Facts, failed: Failed) -> None:
        self._rest((*facts, failed), Activity.FAILED, failed.reason)

    def _rest(self, facts: Facts, activity: Activity, why: str = "") -> None:
        """Rest, and tell why where a breakpoint, a stop or a fault is the reason; then no step waits any more."""
        self._pause_when = None
        if why:
            self._waiting.clear()
        if (snapshot := self._debugger.snapshot) and not snapshot.updated:
            self._watch.forget(*snapshot.last_two, self._debugger.timeline.trainer)
        self.inbox.put(*facts, self._debugger.arrived, ActivityChanged(activity, why))
        self._missing = self._filling.steps(self._debugger.timeline.branch)
        self._on_rest()

    def _tell(self, facts: Facts) -> None:
        """Tell something, whatever goes on."""
        self.inbox.put(*facts)
        self._on_rest()

    # The orders.

    def _run(self) -> None:
        self._waiting.clear()
        snapshot = self._debugger.snapshot
        # After an update the step is not computed yet: the run arrives at it first.
        if self._pause_when is None and snapshot and not snapshot.updated:
            if hits := self._watch.hits(*snapshot.last_two, self._debugger.timeline.trainer):
                self._arrive((*self._debugger.complete(), Hit(hits)))
                return
        self._go(never)

    def _do_or_wait(self, step: Callable[[], None]) -> None:
        """Step from where a run is, which ends it; wait for the end of another step, or of the way to one."""
        if self._pause_when in (None, never):
            self._pause_when = None
            step()
        else:
            self._waiting.append(step)

    def _step(self, unit: StepUnit) -> None:
        snapshot = self._debugger.snapshot
        if snapshot is None or unit is StepUnit.PHASE:
            self._arrive(self._debugger.step(StepUnit.PHASE))
        elif unit is StepUnit.UPDATE:
            self._go(one_step_from(snapshot.backward.state))
        else:
            self._go(one_epoch_from(snapshot.backward.state))

    def _go(self, pause_when: PauseWhen) -> None:
        self._debugger.pass_stop()
        self._pause_when = pause_when
        self.inbox.put(ActivityChanged(Activity.RUNNING))

    def _pause(self) -> None:
        self._waiting.clear()
        if self._pause_when is not None:
            self._arrive(self._debugger.complete())

    def _back(self, unit: StepUnit) -> None:
        self._arrive(self._debugger.back(unit))

    def _go_to(self, step: int | None) -> None:
        self._waiting.clear()
        newest = self._debugger.timeline.branch.newest
        if step is None or step <= newest:
            self._arrive(self._debugger.go_to(step))
        else:
            self.inbox.put(*self._debugger.go_to(newest))
            self._go(up_to(step))

    def _jump(self, jump: Callable[[], Facts]) -> None:
        self._waiting.clear()
        self._arrive(jump())

    def _change(self, changes: tuple[Change, ...]) -> None:
        facts = self._debugger.change(*changes)
        if self._pause_when is None:
            self._arrive(facts)
        else:
            self.inbox.put(*facts, self._debugger.arrived)

    def _nudge(self, what: Quantity, by: float) -> None:
        if self._pause_when is None and self._debugger.snapshot:
            self._arrive(self._debugger.nudge(what, by))

    def _close(self) -> None:
        self._is_closed = True
