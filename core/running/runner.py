"""The runner: it trains in a thread of its own, and is told when to go on and when to rest."""

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from queue import SimpleQueue
from threading import Thread
from time import perf_counter, sleep

from ..training.events import EpochEnded, Failed, Finished
from ..training.experiment import Experiment
from ..training.stop import NEVER
from ..training.trainer import Trainer
from .aims import Aim, Grain, aim_of, whole_step, without_end
from .mailbox import Activity, Mailbox
from .moment import Happening, Moment, Phase, moments

BREATH = 0.001
"""Seconds after which a running trainer lets other threads go first, so that the screen answers keys at once."""


class Runner:
    """A handle on a training: every verb returns at once, and what comes of it is left in the mailbox."""

    def __init__(self, experiment: Experiment, on_rest: Callable[[], None] = lambda: None) -> None:
        """Start the thread, which shows the first forward pass and rests.

        Args:
            experiment: what to train.
            on_rest: called in the runner's thread whenever it comes to rest.
        """
        self.mailbox = Mailbox()
        self._experiment = experiment
        self._on_rest = on_rest
        self._trainer = experiment.trainer
        self._stop = experiment.stop
        self._moment: Moment | None = None
        self._happenings: Iterator[Happening] | None = None
        self._aim: Aim | None = None
        self._asked: deque[Grain] = deque()
        self._orders: SimpleQueue[Callable[[], None]] = SimpleQueue()
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

    def reset(self) -> None:
        """Go back to the start, with the first trainer, and rest after the first forward pass."""
        self._orders.put(self._reset)

    def change(self, change: Callable[[Trainer], Trainer]) -> None:
        """Go on from here with another trainer."""
        self._orders.put(partial(self._change, change))

    def close(self) -> None:
        """End the thread and wait for its end."""
        self._orders.put(self._close)
        self._thread.join()

    # All below runs in the thread.

    def _work(self) -> None:
        self._attempt(self._reset)
        while not self._is_closed:
            self._attempt(self._serve)

    def _attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # whatever it is, the person at the screen shall read it
            state = self._moment.state if self._moment else self._experiment.start
            self._fail(Failed(reason=f"step {state.step}: {type(error).__name__}: {error}", state=state))

    def _serve(self) -> None:
        while not self._is_closed and (self._aim is None or not self._orders.empty()):
            self._orders.get()()
        if self._aim is not None and not self._is_closed:
            self._advance(self._aim)

    def _advance(self, aim: Aim) -> None:
        if self._happenings is None:
            self._happenings = self._happenings_from_here()
        match next(self._happenings):
            case Moment() as moment:
                self._arrive(moment, aim)
            case EpochEnded(updated=updated, test=test):
                if test:
                    self.mailbox.put_test(updated.step, test)
            case Finished():
                self._stop, self._happenings = NEVER, None
                self._rest(Activity.FINISHED)
            case Failed() as failed:
                self._fail(failed)

    def _arrive(self, moment: Moment, aim: Aim) -> None:
        self._moment = moment
        if moment.phase is Phase.LOSS:
            self.mailbox.put_loss(moment.step, moment.forward.loss)
        if aim(moment):
            self._reach()
        elif moment.phase is Phase.BACKWARD:
            self.mailbox.put(moment)
            self._breathe()

    def _reach(self) -> None:
        if self._asked:
            self._aim = aim_of(self._asked.popleft(), self._moment)
        else:
            self._rest(Activity.PAUSED)

    def _rest(self, activity: Activity) -> None:
        self._aim = None
        self._asked.clear()
        if self._moment:
            self.mailbox.put(self._moment)
        self.mailbox.put_activity(activity)
        self._on_rest()

    def _fail(self, failed: Failed) -> None:
        self._happenings = None
        self.mailbox.put_failed(failed)
        self._rest(Activity.FAILED)

    def _breathe(self) -> None:
        now = perf_counter()
        if now - self._breathed > BREATH:
            self._breathed = now
            sleep(0)

    def _happenings_from_here(self) -> Iterator[Happening]:
        """What comes after the present moment, computed from its state anew."""
        here = self._moment
        if here is None:
            return moments(self._trainer.events(self._experiment.start, self._stop))
        happenings = moments(self._trainer.events(here.state, self._stop), here.updated)
        if here.phase is not Phase.UPDATE:
            for again in happenings:
                if isinstance(again, Moment) and again.phase is here.phase:
                    self._moment = again
                    break
        return happenings

    # The orders.

    def _run(self) -> None:
        self._asked.clear()
        self._go(without_end)

    def _step(self, grain: Grain) -> None:
        if self._aim is not None:
            self._asked.append(grain)
        else:
            self._go(aim_of(grain, self._moment))

    def _go(self, aim: Aim) -> None:
        self._aim = aim
        self.mailbox.put_activity(Activity.RUNNING)

    def _pause(self) -> None:
        if self._aim is None:
            return
        self._asked.clear()
        if self._moment and whole_step(self._moment):
            self._rest(Activity.PAUSED)
        else:
            self._aim = whole_step

    def _reset(self) -> None:
        self._trainer, self._stop = self._experiment.trainer, self._experiment.stop
        self._moment = self._happenings = self._aim = None
        self._asked.clear()
        self.mailbox.rewind(0)
        self.mailbox.put_trainer(self._trainer)
        self._advance(aim_of(Grain.PHASE, None))

    def _change(self, change: Callable[[Trainer], Trainer]) -> None:
        self._trainer = change(self._trainer)
        self.mailbox.put_trainer(self._trainer)
        self._happenings = self._happenings_from_here()
        if self._aim is None and self._moment:
            self.mailbox.put(self._moment)
            self._on_rest()

    def _close(self) -> None:
        self._is_closed = True
