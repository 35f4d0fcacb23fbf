"""The loop of the worker's thread: it carries out orders, runs between them, and puts facts into the inbox."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from queue import Empty, SimpleQueue
from time import perf_counter, sleep
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..debugger.debugger import NO_OTHER_BRANCH, Debugger, Facts
from ..debugger.facts import Activity, ActivityChanged, Arrived, Failed, Finished, Hit, Note
from ..debugger.stage import PauseWhen, Stage, StepUnit, never, one_epoch_from, one_step_from, up_to
from ..quantities.quantity import Quantity
from ..training.changes import Change
from ..training.in_bursts import BurstLength
from .filling import Filling
from .inbox import Inbox

if TYPE_CHECKING:
    from ..debugger.breakpoints import Breakpoint
    from ..debugger.watch import Watch

LOGGER = logging.getLogger(__name__)
BREATH = 0.002
"""Seconds after which a run yields to other threads, so that the screen answers keys at once."""
BURST = 0.004
"""Seconds of a burst; a run checks for orders between bursts."""
SLICE = 0.016
"""Seconds between reports of a run: as often as a screen can draw."""

NOTHING_BEFORE = Note("this is the first step: there is no step back")

Order: TypeAlias = Callable[[], None]
"""An order, to be called in the thread."""


class Waiting(NamedTuple):
    """A step or change that was asked for during an epoch, or during a run to a step."""

    order: Order
    is_change: bool = False


class WorkerLoop:
    """A debugger that runs until the next order. Everything but the queue of orders belongs to the thread."""

    def __init__(self, debugger: Debugger, inbox: Inbox, on_pause: Callable[[], None]) -> None:
        """Wait to be run.

        Args:
            debugger: what to run.
            inbox: where facts are put.
            on_pause: called whenever training pauses or ends, or an answer was put.
        """
        self.debugger = debugger
        self.orders: SimpleQueue[Order] = SimpleQueue()
        self._watch: Watch | None = None
        """The breakpoints; None before there were any."""
        self.pace: float | None = None
        """Updates per second of a run; None for full speed."""
        self.is_closed = False
        self._inbox = inbox
        self._on_pause = on_pause
        self._filling = Filling(inbox)
        self._missing: Iterator[int] = iter(())
        """Fills in the steps that charts lack."""
        self._pause_when: PauseWhen | None = None
        """When the current run pauses; None while paused."""
        self._waiting: deque[Waiting] = deque()
        """Steps and changes that were asked for during an epoch, or during a run to a step."""
        self._due = 0.0
        """The time of the next step, if there is a pace."""
        self._breathed = self._slice_end = 0.0
        self._length = BurstLength(BURST)

    def serve(self, first: Stage) -> None:
        """Show a stage of the first step, then carry out orders until the worker is closed."""
        self._attempt(lambda: self._arrive(self.debugger.look(first)))
        while not self.is_closed:
            self._attempt(self._serve)

    def place(self, breakpoints: "tuple[Breakpoint, ...]") -> None:
        """Pause runs at these breakpoints from now on."""
        if self._watch is None:
            if not breakpoints:
                return
            from ..debugger.watch import Watch

            self._watch = Watch()
        self._watch.place(breakpoints)

    def run(self) -> None:
        """Run until a pause, a breakpoint or a stop; pause at once at a breakpoint that is true already."""
        if self._waiting:
            self._waiting.append(Waiting(self._run))
        else:
            self._run()

    def _run(self) -> None:
        snapshot = self.debugger.snapshot
        # After an update the step is not computed yet: the run arrives at it first.
        if self._pause_when is None and snapshot and not snapshot.updated:
            if self._watch and (hits := self._watch.hits(*snapshot.last_two, self.debugger.timeline.trainer)):
                self._arrive((*self.debugger.complete(), Hit(hits)))
                return
        self._go(never)
        behind, self._waiting = self._waiting, deque()
        for each in behind:
            each.order()

    def do_or_wait(self, step: Order) -> None:
        """End a run and step from there; during an epoch or a run to a step, queue the step."""
        if self._pause_when in (None, never):
            self._pause_when = None
            step()
        else:
            self._waiting.append(Waiting(step))

    def step(self, unit: StepUnit) -> None:
        """Advance by one phase, or run until the next update or epoch."""
        snapshot = self.debugger.snapshot
        if snapshot is None or unit is StepUnit.PHASE:
            self._arrive(self.debugger.step(StepUnit.PHASE))
        elif unit is StepUnit.UPDATE:
            # No order comes between an update and its end: orders are carried out in turn.
            one_step = one_step_from(snapshot.backward.state)
            self._go(one_step)
            self._advance(one_step)
        else:
            self._go(one_epoch_from(snapshot.backward.state))

    def pause(self) -> None:
        """Complete the current step, and drop the queued steps."""
        self._forget_steps()
        if self._pause_when is not None:
            self._arrive(self.debugger.complete())

    def back(self, unit: StepUnit) -> None:
        """Go back."""
        self._arrive(self.debugger.back(unit) or (NOTHING_BEFORE,))

    def go_to(self, step: int | None) -> None:
        """Go to a step that has been reached, or run to a later one; without one, go to the newest."""
        self._waiting.clear()
        newest = self.debugger.timeline.branch.newest
        if step is None or step <= newest:
            self._arrive(self.debugger.go_to(step))
        else:
            self._inbox.put(*self.debugger.go_to(newest))
            self._go(up_to(step))

    def reset(self) -> None:
        """Pause at the start without any change, and drop the queued steps."""
        self._waiting.clear()
        self._arrive(self.debugger.reset())

    def switch(self) -> None:
        """Pause on the next branch, and drop the queued steps."""
        self._waiting.clear()
        is_alone = len(self.debugger.timeline.branches) == 1
        self._arrive((*self.debugger.switch(), *([NO_OTHER_BRANCH] if is_alone else [])))

    def change(self, changes: tuple[Change, ...]) -> None:
        """Make a change, after a step in progress; a run continues."""
        if self._pause_when not in (None, never):
            self._waiting.append(Waiting(partial(self.change, changes), is_change=True))
            return
        facts = self.debugger.change(*changes)
        if self._pause_when is None:
            self._arrive(facts)
        else:
            self._inbox.put(*facts, self.debugger.arrived)

    def nudge(self, what: Quantity, by: float) -> None:
        """Move a parameter a little, while training is paused."""
        if self._pause_when is None and self.debugger.snapshot:
            self._arrive(self.debugger.nudge(what, by))

    def answer(self, find: Callable[[], Facts]) -> None:
        """Put an answer into the inbox, without a pause."""
        self._inbox.put(*find())
        self._on_pause()

    def _go(self, pause_when: PauseWhen) -> None:
        self.debugger.pass_stop()
        self._pause_when = pause_when
        self._inbox.put(ActivityChanged(Activity.RUNNING))

    def _attempt(self, work: Order) -> None:
        try:
            work()
        except Exception as error:  # any error is reported on the screen
            LOGGER.exception("the trainer")
            state = (
                self.debugger.snapshot.state
                if self.debugger.snapshot
                else self.debugger.timeline.branch.segments[0].start
            )
            self._fail((), Failed(reason=f"step {state.step}: {type(error).__name__}: {error}", state=state))

    def _serve(self) -> None:
        while not self.is_closed and (self._pause_when is None or not self.orders.empty()):
            self._next_order()()
        if self.pace and self._pause_when is not None and self._has_order_while_waiting(1 / self.pace):
            return
        if self._pause_when is not None and not self.is_closed:
            self._advance(self._pause_when)

    def _next_order(self) -> Order:
        """The next order, after the queued steps. A pause is used to compute the missing steps of charts."""
        if self._pause_when is None and self._waiting:
            return self._waiting.popleft().order
        while self._pause_when is None and self.orders.empty() and next(self._missing, None) is not None:
            self._breathe(perf_counter())
        return self.orders.get()

    def _has_order_while_waiting(self, interval: float) -> bool:
        """Wait until the next step is due; return whether an order came first, which is then carried out."""
        try:
            order = self.orders.get(timeout=max(0.0, self._due - perf_counter()))
        except Empty:
            self._due = perf_counter() + interval
            return False
        order()
        return True

    def _advance(self, pause_when: PauseWhen) -> None:
        """Run for a slice, or for one step if there is a pace."""
        self._slice_end = 0.0 if self.pace else perf_counter() + SLICE
        facts = self.debugger.run(pause_when, self._watch, self._is_interrupted, None if self.pace else self._length)
        snapshot = self.debugger.snapshot
        if not isinstance(facts[-1], Arrived | Hit):
            self._arrive(facts)
        elif snapshot and not snapshot.updated and pause_when(snapshot.backward.state):
            self._reach(facts)
        elif isinstance(facts[-1], Hit):
            self._arrive(facts)
        else:
            self._inbox.put(*facts)

    def _is_interrupted(self) -> bool:
        now = perf_counter()
        self._breathe(now)
        return now >= self._slice_end or not self.orders.empty()

    def _breathe(self, now: float) -> None:
        if now - self._breathed > BREATH:
            self._breathed = now
            sleep(0)

    def _reach(self, facts: Facts) -> None:
        """Make the queued step, or pause."""
        if self._waiting:
            self._inbox.put(*(fact for fact in facts if not isinstance(fact, Hit)))
            self._pause_when = None
            self._waiting.popleft().order()
        else:
            self._arrive(facts)

    def _arrive(self, facts: Facts) -> None:
        """Pause at the position to which a verb has led."""
        match facts[-1:]:
            case (Failed() as failed,):
                self._fail(facts[:-1], failed)
            case (Finished(),):
                self._pause_at(facts[:-1], Activity.FINISHED, f"stop: {self.debugger.stop_reason}")
            case (Hit(breakpoints=breakpoints),):
                self._pause_at(facts[:-1], Activity.PAUSED, breakpoints)
            case _:
                self._pause_at(facts, Activity.PAUSED)

    def _forget_steps(self) -> None:
        """Drop the queued steps, and make the queued changes."""
        self._waiting = deque(each for each in self._waiting if each.is_change)

    def _fail(self, facts: Facts, failed: Failed) -> None:
        self._pause_at((*facts, failed), Activity.FAILED, failed.reason)

    def _pause_at(self, facts: Facts, activity: Activity, why: str = "") -> None:
        """Pause; if a breakpoint, a stop or a failure is the reason, report it and drop the queued steps."""
        self._pause_when = None
        if why:
            self._forget_steps()
        if self._watch and (snapshot := self.debugger.snapshot) and not snapshot.updated:
            self._watch.forget(*snapshot.last_two, self.debugger.timeline.trainer)
        self._inbox.put(*facts, self.debugger.arrived, ActivityChanged(activity, why))
        self._missing = self._filling.steps(self.debugger.timeline.branch)
        self._on_pause()
