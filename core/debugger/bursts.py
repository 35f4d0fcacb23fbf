"""Bursts: many updates in one call, which pause, hit breakpoints and end at the same steps as single updates."""

from dataclasses import dataclass

from ..engine.burst import Burst
from ..metrics.series import series_of_burst
from ..steps.state import State
from ..steps.stop import Stop
from ..timeline.timeline import Timeline
from ..training.in_bursts import BurstLength
from .facts import Losses
from .snapshot import Snapshot
from .stage import PauseWhen, Phase
from .watch import HeldOutLoss, Watch

FEWEST = 8
"""Updates that are worth a burst."""
LEAST_DISTANCE, MOST_DISTANCE = 8, 1024
"""Steps between two states that are kept."""
BURSTS_A_DISTANCE = 5
"""A burst keeps this many states, one about every millisecond."""


@dataclass(frozen=True)
class Bursts:
    """The length of bursts, and the step that they must not pass."""

    length: BurstLength
    pause_when: PauseWhen
    watch: Watch | None

    def run(self, timeline: Timeline, snapshot: Snapshot, stop: Stop, losses: Losses) -> State | None:
        """Train for a burst from a snapshot on.

        Returns:
            The state before its last update, at which the timeline is then: the events from there on lead to the next
            snapshot. None if single updates are as quick.
        """
        trainer, state, newest = timeline.trainer, snapshot.backward.state, timeline.branch.newest
        if not trainer.engine.for_bursts or (self.watch and not self.watch.can_skip()):
            return None
        most = self._most(timeline, state)
        if most < FEWEST:
            return None
        self.length.begin()
        every, is_new = self._distance(), state.step + most > newest
        evaluates = trainer.test is not None and (is_new or bool(self.watch and self.watch.asks_for_tests))
        burst = trainer.burst(state, most, stop, every, evaluates)
        self.length.end(len(burst.losses))
        if self.watch and len(burst.losses) > 1:
            tests = _held_out_losses(state, burst)
            if hit := self.watch.first_hit(state.step, burst.losses, burst.largest_gradients, tests):
                burst = trainer.burst(state, hit, stop, every, evaluates)
        if len(burst.losses) < 2:
            return None
        if self.watch:
            tests = _held_out_losses(state, burst)
            self.watch.skip(state.step, burst.losses, burst.largest_gradients, tests)
        first = 0 if snapshot.phase is Phase.FORWARD else 1  # otherwise the loss of the snapshot is known
        losses.batch_loss.extend(series_of_burst(state.step + first, burst.losses[first:]))
        for step, test in burst.tests:
            if newest < step <= burst.before.step:
                losses.add_test(step, test)
        timeline.keep_burst(burst, burst.before)
        return burst.before

    def _most(self, timeline: Timeline, state: State) -> int:
        """The updates up to where the run pauses at the latest, or to a change that was made already."""
        most = self.length.updates
        if timeline.next_change is not None:
            most = min(most, timeline.next_change - state.step - 1)
        to_pause = Stop(steps=self.pause_when.step, epochs=self.pause_when.epoch)
        return to_pause.updates_from(state, timeline.trainer.batches.per_epoch, most)

    def _distance(self) -> int:
        """Steps between two states that are kept, a power of two."""
        steps = self.length.updates // BURSTS_A_DISTANCE
        return min(max(LEAST_DISTANCE, 1 << steps.bit_length() >> 1), MOST_DISTANCE)


def _held_out_losses(start: State, burst: Burst) -> list[HeldOutLoss]:
    """Those at the steps of a burst whose losses are known."""
    tests = enumerate(burst.tests, start.epoch + 1)
    return [HeldOutLoss(step, epoch, test.loss) for epoch, (step, test) in tests if step <= burst.before.step]
