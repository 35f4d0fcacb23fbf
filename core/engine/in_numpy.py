"""Bursts by NumPy alone: few calls, large arrays, and memory that each update reuses, with the same bits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from math import inf, isfinite
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..data.dataset import Dataset, Evaluation
from ..functions.arrays import Array, frozen
from ..functions.optimizer import NO_CLIPPING, Slots
from ..steps.state import State
from .burst import Burst, joined_bursts
from .burst_updates import learning_rates, orders, state_after
from .later_losses import LaterLosses
from .ordered_functions import predict
from .ordered_sums import Call, ordered_calls
from .prepared import activation_calls, begins_with_difference, output_calls, pass_back_calls, prepared_rule
from .task import Task
from .workspace import Workspace

Evaluate: TypeAlias = Callable[[State, Dataset], Evaluation]
"""Gives the result of a state on a data set."""
Weights: TypeAlias = Array | None
Rows: TypeAlias = slice | npt.NDArray[np.int64]
"""Those of a batch, among the examples."""


class NumpyEngine:
    """Bursts of one task with ordered sums; any thread may use it."""

    name = "numpy"

    def __init__(self, task: Task, weights: Weights, evaluate: Evaluate) -> None:
        """Serve a task without sequential updates and without a loss that is watched.

        Args:
            task: what is trained.
            weights: what each example counts, (examples,).
            evaluate: called for the held-out examples.
        """
        self._task, self._weights, self._evaluate = task, weights, evaluate
        self._free: list[_Prepared] = []

    def burst(
        self, state: State, most: int, least_loss: float = -inf, keep_every: int = 0, evaluates: bool = False
    ) -> Burst:
        """Many updates; fewer if one fails or a loss is reached."""
        evaluate = self._evaluate if evaluates and self._task.test else None
        bursts: list[Burst] = []
        with np.errstate(all="ignore"), self._prepared() as prepared:
            run = _Run(self._task, self._weights, prepared, state, most, keep_every, evaluate)
            while most and not (bursts and bursts[-1].is_ended):
                bursts.append(run.some(state, most, least_loss))
                state, most = bursts[-1].state, most - len(bursts[-1].losses)
        return joined_bursts(bursts)

    @contextmanager
    def _prepared(self) -> Iterator["_Prepared"]:
        """What no other thread has."""
        prepared = self._free.pop() if self._free else _Prepared(self._task)
        yield prepared
        self._free.append(prepared)


class _Prepared:
    """The calls that are prepared for a task."""

    def __init__(self, task: Task) -> None:
        network, arithmetic, rule = task.network, task.arithmetic, task.optimizer
        self.passes: dict[int, _Passes] = {}
        """Those of each size of batches."""
        size = len(range(network.layout.size)[network.trained])
        self.moved = prepared_rule(rule, size) or partial(arithmetic.moved, rule)
        """The parameters and the slots after an update."""


class _Run:
    """The updates of one burst."""

    def __init__(
        self,
        task: Task,
        weights: Weights,
        prepared: _Prepared,
        start: State,
        most: int,
        keep_every: int,
        evaluate: Evaluate | None,
    ) -> None:
        self._task, self._weights, self._passes, self._update = task, weights, prepared.passes, prepared.moved
        self._start, self._keep_every, self._evaluate = start, keep_every, evaluate
        epochs = (start.position + most) // task.batches.per_epoch + 1
        self._rates = learning_rates(task, start, most, epochs).tolist()
        self._order = orders(task, start.epoch, epochs)

    def some(self, start: State, most: int, least_loss: float) -> Burst:
        """As many updates as those whose losses are computed together, before a loss that ends them."""
        burst = self._whatever_the_losses(start, most)
        is_usual = (burst.losses > least_loss) & (burst.losses < inf)
        if is_usual.all():
            return burst
        return replace(self._whatever_the_losses(start, int(is_usual.argmin())), is_ended=True)

    def _whatever_the_losses(self, start: State, most: int) -> Burst:
        task, per_epoch = self._task, self._task.batches.per_epoch
        first = start.step - self._start.step
        largest: list[float] = []
        kept: list[State] = []
        tests: list[tuple[int, Evaluation]] = []
        before = now = start.parameters, start.slots
        is_ended = False
        for update in range(first, first + most):
            epoch, position = divmod(self._start.position + update, per_epoch)
            passes, rows = self._batch(epoch, position)
            if passes.losses.is_full:
                break
            gradient = passes.run(update - first, now[0], task.train, self._weights, rows)
            rate = self._rates[update if task.schedule.by_update else epoch]
            if not isfinite(size := _largest(gradient)) or not _are_finite(new := self._moved(*now, gradient, rate)):
                is_ended = True
                break
            before, now = now, new
            largest.append(size)
            step = self._start.step + update + 1
            if self._keep_every and step % self._keep_every == 0:
                kept.append(self._state(update + 1, now))
            if self._evaluate and task.test and position == per_epoch - 1:
                tests.append((step, self._evaluate(self._state(update + 1, now), task.test)))
        count, losses = len(largest), np.empty(most)
        for each in self._passes.values():
            each.losses.write(losses)
        return Burst(
            self._state(first + count, now) if count else start,
            losses[:count],
            np.array(largest),
            tuple(kept),
            is_ended,
            self._state(first + count - 1, before) if count > 1 else start,
            tuple(tests),
        )

    def _batch(self, epoch: int, position: int) -> "tuple[_Passes, Rows]":
        """What computes a batch, and where its examples are."""
        batches = self._task.batches
        first = position * batches.size
        size = min(batches.size, batches.examples - first)
        if size not in self._passes:
            self._passes[size] = _Passes(self._task, size)
        if self._order is None:
            return self._passes[size], slice(first, first + size)
        first += epoch * batches.examples
        return self._passes[size], self._order[first : first + size]

    def _moved(self, parameters: Array, slots: Slots, gradient: Array, rate: float) -> tuple[Array, Slots]:
        """All parameters after an update, and the optimizer's slots."""
        task, network = self._task, self._task.network
        old = parameters
        if not network.train_bias:
            old, gradient = parameters[network.trained], gradient[network.trained]
        if task.clipping != NO_CLIPPING:
            gradient = task.arithmetic.clipped(task.clipping, gradient)
        if task.penalty.is_in_update:
            old, gradient = task.penalty.decayed(old, gradient, rate, network.weights.stop)
        moved, slots = self._update(old, gradient, slots, rate)
        return (moved if network.train_bias else np.concatenate([moved, parameters[len(moved) :]])), slots

    def _state(self, done: int, numbers: tuple[Array, Slots]) -> State:
        parameters, slots = numbers
        return state_after(self._task, self._start, done, frozen(parameters), tuple(map(frozen, slots)))


def _largest(gradient: Array) -> float:
    """The size of the largest number; not finite where one is not."""
    sizes = np.abs(gradient)
    return float(sizes[sizes.argmax()])


def _are_finite(numbers: tuple[Array, Slots]) -> bool:
    """Whether all parameters are."""
    parameters, _ = numbers
    return isfinite(parameters.dot(parameters)) or bool(np.isfinite(parameters).all())


class _Passes:
    """The forward and the backward pass of batches of this many examples, and their memory: NumPy's calls, prepared."""

    def __init__(self, task: Task, rows: int) -> None:
        self._task, self._is_difference = task, begins_with_difference(task)
        self._space = space = Workspace(task.network, rows, np.float64)
        self._X, self._y = np.empty((rows, task.network.sizes[0])), np.empty((rows, task.network.sizes[-1]))
        self._to_z = list(self._forward_calls(space))
        self._to_gradient = list(self._backward_calls(space))
        self.losses = LaterLosses(task, rows)

    def _forward_calls(self, space: Workspace) -> Iterator[Call]:
        """From the inputs to the last z."""
        a_prev: Array = self._X
        for layer in space.forward_layers:
            yield from ordered_calls(a_prev, layer.W_T, layer.z)
            yield partial(np.add, layer.z, layer.b, layer.z)
            if layer is not space.forward_layers[-1]:
                yield from activation_calls(layer.activation, layer.z, layer.a)
            a_prev = layer.a

    def _backward_calls(self, space: Workspace) -> Iterator[Call]:
        """From the predictions to every gradient but that of the penalty."""
        arithmetic, layers = self._task.arithmetic, space.backward_layers
        if self._is_difference:
            yield from output_calls(self._task.output, layers[-1].a, self._y, layers[-1].dz)
        for n in reversed(range(len(layers))):
            layer = layers[n]
            yield from ordered_calls(layer.dz.T, layers[n - 1].a if n else self._X, layer.dW)
            yield partial(arithmetic.sum_down, layer.ones, layer.db_shares, layer.db)
            if n:
                before, da = layers[n - 1], space.da[n - 1]
                yield from ordered_calls(layer.dz, layer.W, da)
                yield from pass_back_calls(before.activation, da, before.z, before.a, before.dz)

    def run(self, update: int, parameters: Array, train: Dataset, weights: Weights, rows: Rows) -> Array:
        """The gradient of these rows; their loss is left for later, under the number of the update."""
        task, space = self._task, self._space
        space.parameters[...] = parameters
        if isinstance(rows, slice):
            self._X[...], self._y[...] = train.X[rows], train.y[rows]
        else:
            train.X.take(rows, 0, self._X, "clip")
            train.y.take(rows, 0, self._y, "clip")
        if weights is not None:
            weights = weights[rows]
        output, penalty = task.output.of(weights), task.penalty
        penalized = penalty.part(task.network.weights) if penalty.is_in_loss else None
        price = 0.0 if penalized is None else task.arithmetic.price(penalty, space.parameters[penalized])
        for call in self._to_z:
            call()
        last = space.backward_layers[-1]
        self.losses.keep(update, last.z, last.a, self._y, predict(output, last.z, last.a), weights, price)
        if not self._is_difference:
            task.arithmetic.dz(output, last.z, last.a, self._y, last.dz)
        for call in self._to_gradient:
            call()
        if penalized is None:
            return space.gradient
        gradient = space.gradient.copy()
        gradient[penalized] += penalty.gradient(space.parameters[penalized])
        return gradient
