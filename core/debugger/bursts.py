"""Bursts: many updates in one call, which pause, hit breakpoints and end at the same steps as single updates."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..engine.burst import Burst
from ..metrics.series import series_of_burst
from ..steps.state import State
from ..steps.stop import Stop
from ..timeline.timeline import Timeline
from ..training.dead_in_bursts import UnitsThatDie
from ..training.dead_units import layers_that_die
from ..training.in_bursts import FEWEST, BurstLength
from ..training.trainer import Trainer
from .breakpoints import FALSE
from .facts import Losses
from .snapshot import Snapshot
from .stage import PauseWhen, Phase
from .watch import DeadNeurons, Findings, HeldOutLoss, Watch

LEAST_DISTANCE, MOST_DISTANCE = 8, 1024
"""Steps between two states that are kept."""
BURSTS_A_DISTANCE = 5
"""A burst keeps this many states, one about every millisecond."""
MOST_NUMBERS = 2**19
"""Numbers of the states of a burst, where each of them is needed."""


class Bursts:
    """The bursts of one run."""

    def __init__(self, length: BurstLength, pause_when: PauseWhen, watch: Watch | None) -> None:
        """Make bursts of a length that pause and hit breakpoints where single updates do."""
        self.length, self.pause_when, self.watch = length, pause_when, watch
        self._units: UnitsThatDie | None = None

    def run(self, timeline: Timeline, snapshot: Snapshot, stop: Stop, losses: Losses) -> State | None:
        """Train for a burst from a snapshot on.

        Returns:
            The state before its last update, at which the timeline is then: the events from there on lead to the next
            snapshot. None if single updates are as quick.
        """
        trainer, state, newest = timeline.trainer, snapshot.backward.state, timeline.branch.newest
        has_engine = bool(trainer.engine.for_bursts or trainer.numpy_engine)  # otherwise events make bursts, too
        if not has_engine or (self.watch and not self.watch.can_skip()):
            return None
        most = self._most(timeline, state)
        if most < FEWEST:
            return None
        is_new = state.step + most > newest
        evaluates = trainer.test is not None and (is_new or bool(self.watch and self.watch.asks_for_tests))
        burst = self._up_to_a_hit(trainer, state, most, stop, evaluates)
        if len(burst.losses) < 2:
            return None
        first = 0 if snapshot.phase is Phase.FORWARD else 1  # otherwise the loss of the snapshot is known
        losses.batch_loss.extend(series_of_burst(state.step + first, burst.losses[first:]))
        for step, test in burst.tests:
            if newest < step <= burst.before.step:
                losses.add_test(step, test)
        timeline.keep_burst(burst, burst.before)
        return burst.before

    def _up_to_a_hit(self, trainer: Trainer, state: State, most: int, stop: Stop, evaluates: bool) -> Burst:
        """A burst that ends at the first step at which a breakpoint is hit."""
        units, every = self._units_that_die(trainer), self._distance()
        dead = [DeadNeurons(state.step + 1, FALSE)]  # of a network whose neurons cannot die
        self.length.begin()
        burst = trainer.burst(state, most, stop, 1 if units else every, evaluates)
        if units:
            dead = _dead_neurons(units, state, burst)
            burst = replace(burst, kept=burst.kept[every - 1 - state.step % every :: every])
        self.length.end(len(burst.losses))
        if self.watch and len(burst.losses) > 1:
            if hit := self.watch.first_hit(_findings(state, burst, dead)):
                burst = trainer.burst(state, hit, stop, every, evaluates)
            if hit != 1:
                self.watch.skip(_findings(state, burst, dead))
        return burst

    def _most(self, timeline: Timeline, state: State) -> int:
        """The updates up to where the run pauses at the latest, or to a change that was made already."""
        most = self.length.updates
        if self._units_that_die(timeline.trainer):
            most = min(most, MOST_NUMBERS // (state.parameters.size + sum(slot.size for slot in state.slots)))
        if timeline.next_change is not None:
            most = min(most, timeline.next_change - state.step - 1)
        to_pause = Stop(steps=self.pause_when.step, epochs=self.pause_when.epoch)
        return to_pause.updates_from(state, timeline.trainer.batches.per_epoch, most)

    def _units_that_die(self, trainer: Trainer) -> UnitsThatDie | None:
        """What finds the dead neurons of each step, if a breakpoint needs it and there may be some."""
        if not (self.watch and self.watch.asks_for_dead_neurons and layers_that_die(trainer.network)):
            return None
        if self._units is None or self._units.trainer is not trainer:
            self._units = UnitsThatDie(trainer)
        return self._units

    def _distance(self) -> int:
        """Steps between two states that are kept, a power of two."""
        steps = self.length.updates // BURSTS_A_DISTANCE
        return min(max(LEAST_DISTANCE, 1 << steps.bit_length() >> 1), MOST_DISTANCE)


def _findings(start: State, burst: Burst, dead: Sequence[DeadNeurons]) -> Findings:
    """What a watch checks of the steps of a burst whose losses are known."""
    tests = enumerate(burst.tests, start.epoch + 1)
    last = burst.before.step
    held_out = [HeldOutLoss(step, epoch, test.loss) for epoch, (step, test) in tests if step <= last]
    known = [each for each in dead if each.step <= last]
    return Findings(start.step, burst.losses, burst.largest_gradients, held_out, known)


def _dead_neurons(units: UnitsThatDie, start: State, burst: Burst) -> list[DeadNeurons]:
    """Those after the first update, and after each that changes them."""
    dead = units.are_dead(burst.kept)
    is_new = np.ones(dead.shape[1], bool)
    is_new[1:] = (dead[:, 1:] != dead[:, :-1]).any(axis=0)
    return [
        DeadNeurons(start.step + 1 + int(n), frozenset(units.names[each] for each in np.flatnonzero(dead[:, n])))
        for n in np.flatnonzero(is_new)
    ]
