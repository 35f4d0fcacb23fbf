"""Bursts by NumPy alone: few calls, large arrays, and memory that each update reuses, with the same bits."""

from collections.abc import Callable
from math import inf, isfinite
from typing import Any, TypeAlias

import numpy as np

from ..data.dataset import Dataset, Evaluation
from ..functions.arrays import Array, frozen
from ..functions.optimizer import NO_CLIPPING, Slots
from ..functions.output_head import OutputHead
from ..steps.state import State
from .burst import Burst
from .burst_updates import learning_rates, orders, state_after
from .ordered_sums import KeptProduct
from .task import Task
from .workspace import Workspace

Evaluate: TypeAlias = Callable[[State, Dataset], Evaluation]
"""Gives the result of a state on a data set."""
Weights: TypeAlias = Array | None


class NumpyEngine:
    """Bursts of one task with ordered sums, for one thread."""

    name = "numpy"

    def __init__(self, task: Task, weights: Weights, evaluate: Evaluate) -> None:
        """Prepare for a task without sequential updates and without a watched loss.

        Args:
            task: what is trained.
            weights: the weight of each example, (examples,).
            evaluate: called for the held-out examples.
        """
        self._task, self._weights, self._evaluate = task, weights, evaluate

    def burst(
        self, state: State, most: int, least_loss: float = -inf, keep_every: int = 0, evaluates: bool = False
    ) -> Burst:
        """Many updates; fewer if one fails or a loss is reached."""
        with np.errstate(all="ignore"):
            return self._burst(state, most, least_loss, keep_every, evaluates)

    def _burst(self, start: State, most: int, least_loss: float, keep_every: int, evaluates: bool) -> Burst:
        task, batches = self._task, self._task.batches
        epochs = (start.position + most) // batches.per_epoch + 1
        rates = learning_rates(task, start, most, epochs).tolist()
        order = orders(task, start.epoch, epochs)
        passes: dict[int, _Passes] = {}
        losses: list[float] = []
        gradients: list[float] = []
        kept: list[State] = []
        tests: list[tuple[int, Evaluation]] = []
        parameters, slots = before = now = start.parameters, start.slots
        for done in range(most):
            epoch, position = divmod(start.position + done, batches.per_epoch)
            first = position * batches.size
            rows = min(batches.size, batches.examples - first)
            if rows not in passes:
                passes[rows] = _Passes(task, rows)
            first += 0 if order is None else epoch * batches.examples
            chosen = slice(first, first + rows) if order is None else order[first : first + rows]
            loss, gradient = passes[rows].run(now[0], task.train.X, task.train.y, self._weights, chosen, least_loss)
            if gradient is None or not isfinite(largest := _largest(gradient)):
                break
            parameters, slots = self._moved(*now, gradient, rates[done if task.schedule.by_update else epoch])
            if not isfinite(parameters.dot(parameters)) and not np.isfinite(parameters).all():
                break
            before, now = now, (parameters, slots)
            losses.append(loss)
            gradients.append(largest)
            step = start.step + done + 1
            is_kept = keep_every and step % keep_every == 0
            if is_kept or (evaluates and task.test and position == batches.per_epoch - 1):
                state = self._state(start, done + 1, now)
                kept += [state] if is_kept else []
                if evaluates and task.test and position == batches.per_epoch - 1:
                    tests.append((step, self._evaluate(state, task.test)))
        count = len(losses)
        return Burst(
            self._state(start, count, now) if count else start,
            np.array(losses),
            np.array(gradients),
            tuple(kept),
            count < most,
            self._state(start, count - 1, before) if count > 1 else start,
            tuple(tests),
        )

    def _moved(self, parameters: Array, slots: Slots, gradient: Array, rate: float) -> tuple[Array, Slots]:
        """All parameters after an update, and the optimizer's slots."""
        task, network = self._task, self._task.network
        old, gradient = parameters[network.trained], gradient[network.trained]
        if task.clipping != NO_CLIPPING:
            gradient = task.arithmetic.clipped(task.clipping, gradient)
        if task.penalty.is_in_update:
            old, gradient = task.penalty.decayed(old, gradient, rate, network.weights.stop)
        moved, slots = task.arithmetic.moved(task.optimizer, old, gradient, slots, rate)
        return (moved if network.train_bias else np.concatenate([moved, parameters[len(moved) :]])), slots

    def _state(self, start: State, done: int, numbers: tuple[Array, Slots]) -> State:
        parameters, slots = numbers
        return state_after(self._task, start, done, frozen(parameters), tuple(map(frozen, slots)))


def _largest(gradient: Array) -> float:
    """The largest absolute number; not finite if a number is not."""
    sizes = np.abs(gradient)
    return float(sizes[sizes.argmax()])


class _Passes:
    """The forward and the backward pass of batches of so many examples, and their memory."""

    def __init__(self, task: Task, rows: int) -> None:
        self._task = task
        self._space = space = Workspace(task.network, rows, np.float64)
        self.X, self.y = np.empty((rows, task.network.sizes[0])), np.empty((rows, task.network.sizes[-1]))
        forward, backward = space.forward_layers, space.backward_layers
        inputs = [self.X, *(layer.a for layer in forward)]
        self._z = [KeptProduct(inputs[n].T, layer.W_T, layer.z) for n, layer in enumerate(forward)]
        self._dW = [KeptProduct(layer.dz, inputs[n], layer.dW) for n, layer in enumerate(backward)]
        self._da = [KeptProduct(layer.dz.T, layer.W, da) for layer, da in zip(backward[1:], space.da, strict=True)]

    def run(
        self, parameters: Array, X: Array, y: Array, weights: Weights, rows: Any, least_loss: float
    ) -> tuple[float, Array | None]:
        """The loss of these rows, and the gradient; None if the loss is not finite, or small enough to end training."""
        np.copyto(self._space.parameters, parameters)
        for to, every in ((self.X, X), (self.y, y)):
            if isinstance(rows, slice):
                np.copyto(to, every[rows])
            else:
                every.take(rows, 0, to, "clip")
        output = self._task.output.of(None if weights is None else weights[rows])
        loss = self._forward(output)
        if not isfinite(loss) or loss <= least_loss:
            return loss, None
        return loss, self._backward(output)

    def _forward(self, output: OutputHead) -> float:
        """The loss of the batch."""
        space, arithmetic, penalty = self._space, self._task.arithmetic, self._task.penalty
        last = space.forward_layers[-1]
        for layer, product in zip(space.forward_layers, self._z, strict=True):
            product.run()
            np.add(layer.z, layer.b, layer.z)
            if layer is not last:
                arithmetic.activate(layer.activation, layer.z, layer.a)
        losses = arithmetic.head(output, last.z, last.a, self.y)
        part = penalty.part(self._task.network.weights)
        price = arithmetic.price(penalty, space.parameters[part]) if penalty.is_in_loss else 0.0
        return arithmetic.reduce(output, losses, self.y) + price

    def _backward(self, output: OutputHead) -> Array:
        """The gradient of every parameter."""
        space, arithmetic, penalty = self._space, self._task.arithmetic, self._task.penalty
        layers = space.backward_layers
        arithmetic.dz(output, layers[-1].z, layers[-1].a, self.y, layers[-1].dz)
        for n in range(len(layers) - 1, -1, -1):
            layer = layers[n]
            self._dW[n].run()
            arithmetic.sum_down(layer.ones, layer.db_shares, layer.db)
            if n:
                before, da = layers[n - 1], space.da[n - 1]
                self._da[n - 1].run()
                arithmetic.pass_back(before.activation, da, before.z, before.a, before.dz)
        if not penalty.is_in_loss:
            return space.gradient
        gradient, part = space.gradient.copy(), penalty.part(self._task.network.weights)
        gradient[part] += penalty.gradient(space.parameters[part])
        return gradient
