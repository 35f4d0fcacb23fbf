"""The states that a burst keeps, as rows of one array: a state of its own is made only when it is requested."""

from collections.abc import Sequence
from typing import overload

from ..functions.arrays import Array, frozen_copy
from ..steps.state import State
from .burst_updates import state_after
from .task import Task


class KeptStates(Sequence[State]):
    """States of one burst, by rising step."""

    def __init__(self, task: Task, start: State, rows: Array, steps: range) -> None:
        """Wrap the numbers of some states.

        Args:
            task: what is trained.
            start: the state before all of them.
            rows: of each state the parameters, the slots, the least loss that is watched and the epochs since then.
            steps: the step of each state.
        """
        self._task, self._start, self._rows, self._steps = task, start, rows, steps

    @property
    def parameters(self) -> Array:
        """Those of each state, (states, parameters), as a view."""
        return self._rows[:, : self._start.layout.size]

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> State: ...
    @overload
    def __getitem__(self, place: slice) -> "KeptStates": ...
    def __getitem__(self, place: int | slice) -> "State | KeptStates":
        if isinstance(place, slice):
            return KeptStates(self._task, self._start, self._rows[place], self._steps[place])
        numbers, slots, begin = frozen_copy(self._rows[place]), [], self._start.layout.size
        for slot in self._start.slots:
            slots.append(numbers[begin : begin + slot.size].reshape(slot.shape))
            begin += slot.size
        done = self._steps[place] - self._start.step
        parameters, watched = numbers[: self._start.layout.size], (float(numbers[-2]), int(numbers[-1]))
        return state_after(self._task, self._start, done, parameters, tuple(slots), watched)
