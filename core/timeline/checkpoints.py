"""What is kept of the past within a budget: states, and the last steps whole; other steps are computed again."""

from bisect import bisect_right
from collections import deque

from ..steps.events import BackwardPass, Updated
from ..steps.state import State
from ..training.trainer import Trainer

RECENT = 1024
"""The most states of the last steps that are kept beside those further back."""
SPARSE = 8
"""The least distance of states further back: this many steps are computed sooner than so much memory is filled."""


class Checkpoints:
    """The last states, without a gap where each update was made alone, and states at even distances further back."""

    def __init__(self, limit: int) -> None:
        """Begin empty.

        Args:
            limit: the most states that are kept.
        """
        self._recent: deque[State] = deque()
        self._far: list[State] = []
        self._every = SPARSE
        self.limit = limit

    def __len__(self) -> int:
        return len(self._recent) + len(self._far)

    @property
    def limit(self) -> int:
        """The most states that are kept."""
        return self._limit

    @limit.setter
    def limit(self, limit: int) -> None:
        self._limit = max(2, limit)
        self._recent = deque(self._recent, maxlen=min(RECENT, self._limit // 2))
        self._thin()

    def keep(self, state: State) -> None:
        """Keep the state of the next step."""
        self._recent.append(state)
        if state.step % self._every == 0:
            self._far.append(state)
            self._thin()

    def nearest(self, step: int) -> State | None:
        """The last state up to this step; None if there is none."""
        if self._recent and step >= (first := self._recent[0].step):
            guess = self._recent[min(step - first, len(self._recent) - 1)]
            if guess.step == step:
                return guess
            # There are gaps where training ran in bursts.
            return self._recent[bisect_right(self._recent, step, key=lambda state: state.step) - 1]
        place = bisect_right(self._far, step, key=lambda state: state.step)
        return self._far[place - 1] if place else None

    def sample(self, most: int) -> list[State]:
        """About this many of the states, by rising step: those of the last steps, and others at even distances."""
        far, every = self._far, self._every
        while len(far) > most // 2:
            every *= 2
            far = [state for state in far if state.step % every == 0]
        recent = list(self._recent)[-max(1, most // 2) :]
        return [*(state for state in far if state.step < recent[0].step), *recent] if recent else far

    def restore(self, states: list[State]) -> None:
        """Hold these states, by rising step, in place of others."""
        gaps = [n for n in range(1, len(states)) if states[n].step != states[n - 1].step + 1]
        self._far = states
        self._recent = deque(states[gaps[-1] if gaps else 0 :], maxlen=self._recent.maxlen)
        self._thin()

    def _thin(self) -> None:
        while len(self._far) > self._limit - (self._recent.maxlen or 0):
            self._every *= 2
            self._far = [state for state in self._far if state.step % self._every == 0]


STEPS_BYTES = 4 * 2**20
"""Of all recent steps together."""
FEWEST_STEPS, MOST_STEPS = 3, 64
"""With three, going back from a step and forward again computes nothing."""


class RecentSteps:
    """The last passes and updates, each of a stretch of a branch, so that a step back computes nothing again."""

    def __init__(self) -> None:
        """Begin with none."""
        self._steps: deque[tuple[object, BackwardPass | Updated]] = deque(maxlen=FEWEST_STEPS)

    def make_room(self, sizes: int) -> None:
        """Keep as many steps as there is room for, where each takes this many bytes."""
        most = min(max(FEWEST_STEPS, STEPS_BYTES // sizes), MOST_STEPS)
        if most != self._steps.maxlen:
            self._steps = deque(self._steps, most)

    def add(self, segment: object, step: BackwardPass | Updated) -> None:
        """Keep what is known of a step, in place of the less that was kept just before."""
        last = self._steps[-1][1] if self._steps else None
        if last is step:
            return
        if isinstance(step, Updated) and last is step.backward:
            self._steps.pop()
        self._steps.append((segment, step))

    def backward(self, segment: object, step: int) -> BackwardPass | None:
        """The backward pass of a step; None if it is not kept."""
        for other, each in reversed(self._steps):
            if other is segment:
                backward = each.backward if isinstance(each, Updated) else each
                if backward.step == step:
                    return backward
        return None

    def update(self, segment: object, step: int) -> Updated | None:
        """The update that a step leads to; None if it is not kept."""
        for other, each in reversed(self._steps):
            if other is segment and isinstance(each, Updated) and each.backward.step == step:
                return each
        return None


def bytes_of_step(trainer: Trainer, state: State) -> int:
    """What keeping a step takes."""
    batch = trainer.batches.size
    numbers = trainer.network.forward_layout(batch).size + trainer.network.backward_layout(batch).size
    return numbers * state.parameters.itemsize + 2 * state.parameters.nbytes + sum(slot.nbytes for slot in state.slots)
