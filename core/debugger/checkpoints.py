"""Checkpoints: states of the past within a budget; the steps between two are computed from the earlier one."""

from bisect import bisect_right
from collections import deque

from ..training.state import State

RECENT = 1024
"""The most states of the last steps that are kept beside those further back."""
SPARSE = 8
"""The least distance of states further back: so many steps are computed sooner than so much memory is filled."""


class Checkpoints:
    """The last states without a gap, and states at even distances further back."""

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
        """The last state up to this step; None where there is none."""
        if self._recent and step >= (first := self._recent[0].step):
            return self._recent[min(step - first, len(self._recent) - 1)]
        place = bisect_right(self._far, step, key=lambda state: state.step)
        return self._far[place - 1] if place else None

    def sample(self, most: int) -> list[State]:
        """About so many of the states, by rising step: those of the last steps, and others at even distances."""
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
