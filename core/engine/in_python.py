"""The engine of tiny networks without a compiler: bursts by generated Python, with the same bits as NumPy's."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import cycle, groupby, islice
from math import inf, isfinite
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..functions.arrays import Array, frozen
from ..steps.state import State
from ..steps.stop import Stop
from .burst import Burst, joined_bursts
from .burst_updates import learning_rates, orders, state_after
from .elementary import exp_of_minus_size
from .generated import Run, generated_run
from .kept_states import KeptStates
from .ordered_functions import losses_by
from .ordered_sums import sum_down
from .task import Task

SlowBurst: TypeAlias = Callable[[State, int, Stop, int], Burst]
"""A burst by NumPy; its arguments are a state, the most updates, a stop, and the distance of kept states."""

AT_ONCE = 2048
"""Updates between two checks that all numbers are finite."""
Numbers: TypeAlias = tuple[float, ...]
Rows: TypeAlias = range | npt.NDArray[np.int64]
Updates: TypeAlias = tuple[list[float], list[Numbers]]
"""The learning rate of each update, and the inputs and the targets of its batch."""


class PythonEngine:
    """Generated Python for one task; any thread may use it."""

    name = "python"

    def __init__(self, task: Task, by_numpy: SlowBurst) -> None:
        """Prepare for a task whose parts it all knows.

        Args:
            task: what is trained.
            by_numpy: makes the updates in which a number is not finite, or a loss is reached.
        """
        self._task, self._by_numpy = task, by_numpy
        self._runs: dict[int, Run] = {}
        self._X, self._y = ([tuple(row) for row in each.tolist()] for each in (task.train.X, task.train.y))
        self._in_order = [self._numbers(batch) for batch in self._cut(range(task.batches.examples))]

    def burst(
        self, state: State, most: int, least_loss: float = -inf, keep_every: int = 0, evaluates: bool = False
    ) -> Burst:
        """Many updates; fewer if one fails or a loss is reached."""
        parts, left, stop = [], most, Stop(loss=least_loss)
        if evaluates and self._task.test:
            return self._by_numpy(state, most, stop, keep_every)
        while left:
            few = min(left, AT_ONCE)
            part = self.usual_burst(state, few, least_loss, keep_every) or self._by_numpy(state, few, stop, keep_every)
            parts.append(part)
            left, state = left - len(part.losses), part.state
            if part.is_ended:
                break
        return joined_bursts(parts)

    def usual_burst(self, state: State, count: int, least_loss: float = -inf, keep_every: int = 0) -> Burst | None:
        """A burst; None if a number is not finite, or a loss is reached."""
        gradients: list[float] = []
        outputs: dict[int, list[float]] = {}
        rates, batches = self._updates(state, count)
        begun = (*state.parameters.tolist(), *(number for slot in state.slots for number in slot.ravel().tolist()))
        kept = _multiples(state.step, count, keep_every)
        reached, done = {0: begun}, 0
        try:
            for place in sorted({*kept, count - 1, count} - {0}):
                reached[place] = self._run(reached[done], (rates[done:place], batches[done:place]), outputs, gradients)
                done = place
        except (ValueError, OverflowError, IndexError, ZeroDivisionError):
            return None
        before, after = reached[count - 1], reached[count]
        losses, largest = self._losses(batches, outputs), np.fromiter(gradients, float, len(gradients))
        if not (isfinite(sum(after)) and (largest < inf).all() and ((least_loss < losses) & (losses < inf)).all()):
            return None
        end = self._state(state, count, after)
        return Burst(
            end,
            losses,
            largest,
            self._kept(state, [reached[place] for place in kept], kept),
            False,
            self._state(state, count - 1, before) if count > 1 else state,
        )

    def _kept(self, state: State, numbers: list[Numbers], places: range) -> Sequence[State]:
        """The states after some of the updates, with their numbers."""
        watched = state.best_loss, state.epochs_since
        rows = np.array([(*each, *watched) for each in numbers])
        steps = range(state.step + places.start, state.step + places.stop, places.step)
        return KeptStates(self._task, state, rows, steps) if numbers else ()

    def _run(
        self, numbers: Numbers, updates: Updates, outputs: dict[int, list[float]], gradients: list[float]
    ) -> Numbers:
        """Make updates; the output layer's z or ŷ go to those of batches of their size."""
        rates, batches = updates
        pairs = zip(rates, batches, strict=True)
        several = groupby(pairs, lambda pair: len(pair[1])) if len(self._in_order) > 1 else ()
        for size, group in several or [(len(self._in_order[0]), pairs)] * bool(rates):
            if size not in self._runs:
                self._runs[size] = generated_run(self._task, size // (len(self._X[0]) + len(self._y[0])))
            numbers = self._runs[size](numbers, group, outputs.setdefault(size, []).extend, gradients.append)
        return numbers

    def _losses(self, batches: list[Numbers], outputs: dict[int, list[float]]) -> Array:
        """The loss of each update, (updates,); NumPy computes those of many at once."""
        output, n_out, losses = self._task.output, len(self._y[0]), np.empty(len(batches))
        for size, numbers in outputs.items():
            z = np.fromiter(numbers, float, len(numbers)).reshape(-1, n_out)
            rows = size // (len(self._X[0]) + n_out)
            places: slice | list[int] = slice(None)
            if len(self._in_order) > 1:
                places = [n for n, batch in enumerate(batches) if len(batch) == size]
                y = np.array([batches[n][-rows * n_out :] for n in places]).reshape(-1, n_out)
            else:
                y = np.tile(self._task.train.y, (len(batches), 1))
            with np.errstate(all="ignore"):
                e = exp_of_minus_size(z) if output.loss.name == "bce" else None
                of_examples = losses_by(output, z, z, y, e).reshape(-1, rows)
                losses[places] = sum_down(of_examples.T) / output.divisor(rows, n_out) + 0.0
        return losses

    def _updates(self, state: State, count: int) -> Updates:
        """The rates and the batches of the updates from a state on."""
        batches, first = self._task.batches, state.position
        epochs = (first + count) // batches.per_epoch + 1
        rates = learning_rates(self._task, state, count, epochs).tolist()
        if not self._task.schedule.by_update:
            rates = [rate for rate in rates for _ in range(batches.per_epoch)][first:]
        order = orders(self._task, state.epoch, epochs)
        if order is None:
            numbers: Iterable[Numbers] = cycle(self._in_order)
        else:
            every = (order[begin : begin + batches.examples] for begin in range(0, order.size, batches.examples))
            numbers = (self._numbers(batch) for each in every for batch in self._cut(each))
        return rates[:count], list(islice(numbers, first, first + count))

    def _cut(self, examples: Rows) -> list[Rows]:
        """The batches of an epoch."""
        size = self._task.batches.size
        return [examples[begin : begin + size] for begin in range(0, len(examples), size)]

    def _numbers(self, rows: Rows) -> Numbers:
        return tuple(number for of in (self._X, self._y) for row in rows for number in of[row])

    def _state(self, state: State, done: int, numbers: Numbers) -> State:
        arrays = self._arrays(state, numbers)
        return state_after(self._task, state, done, next(arrays), tuple(arrays))

    def _arrays(self, state: State, numbers: Numbers) -> Iterator[Array]:
        """The parameters and the slots."""
        first = 0
        for like in (state.parameters, *state.slots):
            yield frozen(np.array(numbers[first : first + like.size]).reshape(like.shape))
            first += like.size


def _multiples(step: int, count: int, every: int) -> range:
    """After how many of the updates from a step on the step is a multiple of a number; 0 has none."""
    return range(every - step % every, count + 1, every) if every else range(0)
