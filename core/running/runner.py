"""The runner: it walks in a thread of its own, and is told when to go on, when to rest, and where to go."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter, sleep

from ..training.changes import Change
from ..training.events import BackwardPass, Failed, Finished
from ..training.experiment import Experiment
from .aims import Aim, Grain, one_epoch_from, one_step_from, up_to, without_end
from .breakpoints import Breakpoint, Watch
from .filling import Filling
from .mailbox import Activity, Mailbox, Place
from .moment import Moment
from .saved import saved
from .stage import WHOLE_BACKWARD, WHOLE_FORWARD
from .timeline import BUDGET, Timeline
from .walk import Arrival, Walk

LOGGER = logging.getLogger(__name__)
BREATH = 0.002
"""Seconds after which a running trainer lets other threads go first, so that the screen answers keys at once."""


class Runner:
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
        self.mailbox = Mailbox()
        self._start = experiment.start
        self._first = WHOLE_BACKWARD if timeline and timeline.place.step else WHOLE_FORWARD
        """The stage to begin at: all numbers of a step that was left."""
        self._on_rest = on_rest
        self._walk = Walk(experiment, self.mailbox, budget, timeline)
        self._filling = Filling(self.mailbox)
        self._missing: Iterator[int] = iter(())
        """Steps that charts lack."""
        self._aim: Aim | None = None
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

    def step(self, grain: Grain) -> None:
        """Train for one phase, update or epoch more, then rest."""
        self._orders.put(partial(self._step, grain))

    def back(self, grain: Grain) -> None:
        """Go back by one phase, update or epoch; over a change that was made there, which undoes it."""
        self._orders.put(partial(self._back, grain))

    def go_to(self, step: int | None) -> None:
        """Go to a step, back or forward; without one, to the newest of the branch."""
        self._orders.put(partial(self._go_to, step))

    def reset(self) -> None:
        """Go back to the start, without any change, and rest after the first forward pass."""
        self._orders.put(partial(self._jump, self._walk.reset))

    def change(self, *changes: Change) -> None:
        """Go on from here with something changed."""
        self._orders.put(partial(self._change, changes))

    def nudge(self, what: str, by: float) -> None:
        """Move a parameter a little, and leave what its gradient predicts of the loss beside what comes of it."""
        self._orders.put(partial(self._nudge, what, by))

    def switch(self) -> None:
        """Go over to the next branch."""
        self._orders.put(partial(self._jump, self._walk.switch))

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
        self._attempt(partial(self._jump, partial(self._walk.look, self._first)))
        while not self._is_closed:
            self._attempt(self._serve)

    def _attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # whatever it is, the person at the screen shall read it
            LOGGER.exception("the trainer")
            state = self._walk.moment.state if self._walk.moment else self._start
            self._fail(Failed(reason=f"step {state.step}: {type(error).__name__}: {error}", state=state))

    def _serve(self) -> None:
        while not self._is_closed and (self._aim is None or not self._orders.empty()):
            self._order()()
        if self._pace and self._aim is not None and self._has_order_while_waiting(1 / self._pace):
            return
        if self._aim is not None and not self._is_closed:
            self._advance(self._aim)

    def _order(self) -> Callable[[], None]:
        """The next order, after the steps that wait; while none comes and training rests, charts get what they lack."""
        if self._aim is None and self._asked:
            return self._asked.popleft()
        while self._aim is None and self._orders.empty() and next(self._missing, None) is not None:
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

    def _advance(self, aim: Aim) -> None:
        arrival = self._walk.next_step()
        if not isinstance(arrival, Moment):
            self._end(arrival)
            return
        hit = self._hits(arrival)
        if aim(arrival.backward.forward.state):
            self._reach(hit)
        elif hit:
            self._rest(Activity.PAUSED, hit)
        else:
            self.mailbox.put(arrival)
            self._breathe()

    def _hits(self, moment: Moment) -> str:
        """The breakpoints at which to pause at a moment, as they are written; empty where there are none."""
        return self._watch.hits(*_steps(moment), self._walk.timeline.trainer) if self._watch else ""

    def _reach(self, hit: str) -> None:
        if self._asked:
            self._asked.popleft()()
        else:
            self._rest(Activity.PAUSED, hit)

    def _rest(self, activity: Activity, why: str = "") -> None:
        """Rest, and tell why where a breakpoint, a stop or a fault is the reason; then no step waits any more."""
        self._aim = None
        if why:
            self._asked.clear()
        if (moment := self._walk.moment) and not moment.updated:
            self._watch.forget(*_steps(moment), self._walk.timeline.trainer)
        self.mailbox.put_why(why)
        self._tell_moment()
        self.mailbox.put_activity(activity)
        self._missing = self._filling.steps(self._walk.timeline.branch)
        self._on_rest()

    def _tell_moment(self) -> None:
        timeline = self._walk.timeline
        branch = timeline.branch
        numbers = tuple(each.number for each in timeline.branches)
        place = Place(branch.number, numbers, branch.newest, timeline.changes, timeline.place.segment)
        self.mailbox.put_place(self._walk.moment, timeline.trainer, place)

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
            self._rest(Activity.FINISHED, f"stop: {self._walk.stop_reason}")

    def _fail(self, failed: Failed) -> None:
        self.mailbox.put_failed(failed)
        self._rest(Activity.FAILED, failed.reason)

    def _breathe(self) -> None:
        now = perf_counter()
        if now - self._breathed > BREATH:
            self._breathed = now
            sleep(0)

    # The orders.

    def _run(self) -> None:
        self._asked.clear()
        moment = self._walk.moment
        # After an update the step is not computed yet: the run arrives at it first.
        hit = self._hits(moment) if self._aim is None and moment and not moment.updated else ""
        if hit:
            self._walk.complete()
            self._rest(Activity.PAUSED, hit)
        else:
            self._go(without_end)

    def _step(self, grain: Grain) -> None:
        self._do_or_wait(partial(self._step_now, grain))

    def _do_or_wait(self, step: Callable[[], None]) -> None:
        """Step from where a run is, which ends it; wait for the end of another step, or of the way to one."""
        if self._aim in (None, without_end):
            self._aim = None
            step()
        else:
            self._asked.append(step)

    def _step_now(self, grain: Grain) -> None:
        moment = self._walk.moment
        if moment is None or grain is Grain.PHASE:
            self._walk.go_beyond_stop()
            self._arrive(self._walk.next_phase())
        elif grain is Grain.UPDATE:
            self._go(one_step_from(moment.backward.state))
        else:
            self._go(one_epoch_from(moment.backward.state))

    def _go(self, aim: Aim) -> None:
        self._walk.go_beyond_stop()
        self._aim = aim
        self.mailbox.put_activity(Activity.RUNNING)

    def _pause(self) -> None:
        self._asked.clear()
        if self._aim is not None:
            self._arrive(self._walk.complete())

    def _back(self, grain: Grain) -> None:
        self._do_or_wait(partial(self._back_now, grain))

    def _back_now(self, grain: Grain) -> None:
        walk = self._walk
        backs = {Grain.PHASE: walk.previous_phase, Grain.UPDATE: walk.previous_step, Grain.EPOCH: walk.previous_epoch}
        self._arrive(backs[grain]())

    def _go_to(self, step: int | None) -> None:
        self._asked.clear()
        newest = self._walk.timeline.branch.newest
        if step is None or step <= newest:
            self._arrive(self._walk.go_to(newest if step is None else step))
        else:
            self._walk.go_to(newest)
            self._go(up_to(step))

    def _jump(self, jump: Callable[[], Arrival]) -> None:
        self._asked.clear()
        self._arrive(jump())

    def _change(self, changes: tuple[Change, ...]) -> None:
        try:
            for change in changes:
                _, told = self._walk.change(change)
                if told:
                    self.mailbox.put_told(told)
        except ValueError as error:
            self.mailbox.put_refused(str(error))
        self._tell_moment()
        if self._aim is None:
            self._rest(Activity.PAUSED)

    def _nudge(self, what: str, by: float) -> None:
        if self._aim is not None or self._walk.moment is None:
            return
        try:
            self.mailbox.put_nudge(self._walk.nudge(what, by))
        except ValueError as error:
            self.mailbox.put_refused(str(error))
        self._rest(Activity.PAUSED)

    def _compare(self) -> None:
        if comparison := self._walk.timeline.compare():
            self.mailbox.put_comparison(comparison)
        else:
            self.mailbox.put_refused("there is no other branch yet: go back and change something")
        self._on_rest()

    def _save(self) -> None:
        self.mailbox.put_saved(saved(self._walk.timeline))
        self._on_rest()

    def _close(self) -> None:
        self._is_closed = True


def _steps(moment: Moment) -> tuple[BackwardPass, BackwardPass | None]:
    """The step of a moment, and the one before."""
    return moment.backward, moment.before.backward if moment.before else None
