"""One update as named operations, each of which can be replaced, or computed from the user's numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf, isfinite
from typing import Protocol, TypeAlias

import numpy as np

from ..functions.arrays import Array
from ..functions.optimizer import Moved, Slots
from .update_inputs import Figure, UpdateInputs

Operation: TypeAlias = Callable[["Computation", int], Array]
Move: TypeAlias = Callable[["Computation", int, str], Moved]
"""Gives W or b of a layer, by its letter, after an update, and the optimizer's slots of it."""
Given: TypeAlias = Mapping[Figure, Array]
Rounding: TypeAlias = Callable[[Figure, Array], Array]


class Variation(Protocol):
    """How a computation differs from the right one."""

    @property
    def rule(self) -> Move | None:
        """How the update moves a parameter, if the variation keeps slots of its own."""

    def acts_on(self, figure: Figure) -> bool:
        """Whether it changes the operation that computes an array."""

    def compute(self, run: Computation, figure: Figure, operation: Operation) -> Array:
        """The result of an array's operation, changed by the variation."""


class Computation:
    """The arrays of an update, each computed when it is needed; arrays that the user gave are used as they are."""

    def __init__(
        self,
        setting: UpdateInputs,
        variant: Variation | None = None,
        given: Given | None = None,
        rounding: Rounding | None = None,
    ) -> None:
        """Keep the inputs; each array is computed when it is needed.

        Args:
            setting: what the update is computed from.
            variant: how the computation differs from the right one.
            given: arrays that are used as they are instead of being computed.
            rounding: the rounding of every result.
        """
        self.setting = setting
        self._variant = variant
        self._given = given or {}
        self._rounding = rounding
        self._known: dict[Figure, tuple[Array, frozenset[Figure]]] = {}
        self._sources: list[set[Figure]] = [set()]
        self.ran: set[Figure] = set()
        """The operations that have been used."""

    def get(self, name: str, layer: int = 0) -> Array:
        """A given array, or else the computed one."""
        figure = Figure(name, layer)
        if figure in self._given:
            self._sources[-1].add(figure)
            return self._given[figure]
        if (turned := Figure(f"minus_{name}", layer)) in self._given:
            self._sources[-1].add(turned)
            return -self._given[turned]
        return self.own(figure)

    def own(self, figure: Figure) -> Array:
        """The result of an array's operation, computed once."""
        if figure not in self._known:
            self._known[figure] = self.computed(figure)
        array, sources = self._known[figure]
        self._sources[-1] |= sources
        return array

    def computed(self, figure: Figure) -> tuple[Array, frozenset[Figure]]:
        """The result of an array's operation, also for a given array, and the given arrays that it used."""
        self._sources.append(set())
        self.ran.add(figure)
        operation = OPERATIONS[figure.name]
        if self._variant is None:
            array = operation(self, figure.layer)
        else:
            array = self._variant.compute(self, figure, operation)
        if self._rounding:
            array = self._rounding(figure, array)
        return array, frozenset(self._sources.pop())

    def slots_next(self, layer: int, name: str) -> Slots:
        """The optimizer's slots of W or b of a layer after the update."""
        rule = self._variant.rule if self._variant else None
        return (rule or moved_parameter)(self, layer, name)[1]

    def is_given(self, figure: Figure) -> bool:
        """Whether an array is given."""
        return figure in self._given

    def is_varied(self, figure: Figure) -> bool:
        """Whether an array is given, or computed in another way."""
        return figure in self._given or (self._variant is not None and self._variant.acts_on(figure))

    def is_right(self, figure: Figure) -> bool:
        """Whether an array is exact: neither given, nor rounded, nor computed in another way."""
        return not self._rounding and not self.is_varied(figure)


def z(run: Computation, layer: int) -> Array:
    """z = a_prev Wᵀ + b, (batch, n_out)."""
    weighted: Array = a_prev(run, layer).dot(run.get("W", layer).T)
    return weighted + bias(run, layer)


def a(run: Computation, layer: int) -> Array:
    """a = f(z), (batch, n_out)."""
    return run.setting.trainer.network.layers[layer - 1].activation(np.ascontiguousarray(run.get("z", layer)))


def loss(run: Computation, layer: int = 0) -> Array:
    """The loss of the batch, (), the penalty included."""
    return np.asarray(data_loss(run) + penalty(run))


def output_loss(run: Computation, layer: int = 0) -> Array:
    """The share of each output in the loss, (1, n_out)."""
    output, last, y = run.setting.trainer.output, run.setting.layers, run.get("y")
    y_hat = run.get("a", last)
    if run.is_right(Figure("a", last)):
        shares = output.losses_of_outputs(run.get("z", last), y_hat, y)
    else:
        columns = [output.loss.value(y_hat[:, [i]], y[:, [i]]) for i in range(y.shape[1])]
        shares = np.stack(columns, axis=1)
    return np.asarray(shares / shares.sum() * run.own(Figure("loss")))


def da(run: Computation, layer: int) -> Array:
    """∂L/∂a, (batch, n_out)."""
    if layer == run.setting.layers:
        return run.setting.trainer.output.da(run.get("a", layer), run.get("y"))
    W = run.get("W_next" if run.setting.trainer.sequential else "W", layer + 1)
    passed_back: Array = run.get("dz", layer + 1).dot(W)
    return passed_back


def slope(run: Computation, layer: int) -> Array:
    """∂a/∂z of each neuron, (batch, n_out)."""
    return run.setting.trainer.network.layers[layer - 1].activation.derivative(run.get("z", layer), run.get("a", layer))


def dz(run: Computation, layer: int) -> Array:
    """∂L/∂z, (batch, n_out)."""
    layer_z, layer_a, trainer = run.get("z", layer), run.get("a", layer), run.setting.trainer
    if run.is_varied(Figure("slope", layer)):
        return np.asarray(run.get("da", layer) * run.get("slope", layer))
    result = np.empty_like(layer_a)
    if layer == run.setting.layers and run.is_right(Figure("da", layer)):
        trainer.output.dz(layer_z, layer_a, run.get("y"), result)
    else:
        trainer.network.layers[layer - 1].activation.backward(run.get("da", layer), layer_z, layer_a, result)
    return result


def minus_dz(run: Computation, layer: int) -> Array:
    """−∂L/∂z, (batch, n_out)."""
    figure = Figure("dz", layer)
    return -(run.get(*figure) if run.is_given(figure) else run.own(figure))


def dW(run: Computation, layer: int) -> Array:
    """∂L/∂W = dzᵀ a_prev, and the gradient of the penalty, (n_out, n_in)."""
    gradient: Array = run.get("dz", layer).T.dot(a_prev(run, layer))
    return gradient + penalty_dW(run, layer)


def db(run: Computation, layer: int) -> Array:
    """∂L/∂b, the sum of dz over the examples, (n_out,)."""
    shares = run.setting.trainer.network.bias.shares(np.ascontiguousarray(run.get("dz", layer)))
    return np.asarray(shares.sum(axis=0)) + penalty_db(run, layer)


def W_next(run: Computation, layer: int) -> Array:
    """W after the update, (n_out, n_in)."""
    return moved_parameter(run, layer, "W")[0]


def b_next(run: Computation, layer: int) -> Array:
    """b after the update, (n_out,)."""
    return moved_parameter(run, layer, "b")[0] if run.setting.trainer.network.train_bias else run.get("b", layer)


def change(name: str) -> Operation:
    """What the update adds to W or b, of its shape."""
    return lambda run, layer: run.get(f"{name}_next", layer) - run.get(name, layer)


OPERATIONS: Mapping[str, Operation] = {
    "x": lambda run, layer: run.setting.x,
    "y": lambda run, layer: run.setting.y,
    "W": lambda run, layer: run.setting.W[layer - 1],
    "b": lambda run, layer: run.setting.b[layer - 1],
    "z": z,
    "a": a,
    "output_loss": output_loss,
    "loss": loss,
    "da": da,
    "slope": slope,
    "dz": dz,
    "minus_dz": minus_dz,
    "dW": dW,
    "db": db,
    "W_next": W_next,
    "b_next": b_next,
    "change_W": change("W"),
    "change_b": change("b"),
}
"""The right computation, an operation for each name."""


def a_prev(run: Computation, layer: int) -> Array:
    """The input of a layer, (batch, n_in)."""
    return run.get("a", layer - 1) if layer > 1 else run.get("x")


def bias(run: Computation, layer: int) -> Array | float:
    """What a layer adds to its weighted sum, (n_out,)."""
    b = run.get("b", layer)
    return b if b.size else 0.0


def data_loss(run: Computation) -> float:
    """The loss of the batch without the penalty."""
    output, last, y = run.setting.trainer.output, run.setting.layers, run.get("y")
    if not run.is_right(Figure("a", last)):  # the loss of the given ŷ, not of z
        value = output.reduce(output.loss.value(run.get("a", last), y), y)
        if isfinite(value):
            return value
    return output.reduce(output.losses(run.get("z", last), run.get("a", last), y), y)


def penalty(run: Computation) -> float:
    """The penalty for large weights."""
    price = run.setting.trainer.penalty
    if not price.is_in_loss:
        return 0.0
    names = ("W", "b") if price.biases else ("W",)
    return sum(
        price.value(run.get(name, layer).ravel()) for name in names for layer in range(1, run.setting.layers + 1)
    )


def penalty_dW(run: Computation, layer: int) -> Array | float:
    """What the penalty adds to dW, (n_out, n_in)."""
    price = run.setting.trainer.penalty
    return price.gradient(run.get("W", layer)) if price.is_in_loss else 0.0


def penalty_db(run: Computation, layer: int) -> Array | float:
    """What the penalty adds to db, as long as b."""
    price = run.setting.trainer.penalty
    return price.gradient(run.get("b", layer)) if price.is_in_loss and price.biases else 0.0


def gradient_of(run: Computation, layer: int, name: str) -> Array:
    """The gradient that updates W or b of a layer, of its shape, after clipping."""
    clipping = run.setting.trainer.clipping
    own = run.get(f"d{name}", layer)
    if clipping.norm == inf:
        return own if clipping.value == inf else np.clip(own, -clipping.value, clipping.value)
    layers = range(1, run.setting.layers + 1)
    kinds = ("W", "b") if run.setting.trainer.network.train_bias else ("W",)
    every = [(kind, each) for kind in kinds for each in layers]
    clipped = clipping(np.concatenate([run.get(f"d{kind}", each).ravel() for kind, each in every]))
    begin = 0
    for kind, each in every:
        size = run.get(f"d{kind}", each).size
        if (kind, each) == (name, layer):
            return clipped[begin : begin + size].reshape(own.shape)
        begin += size
    return own


def moved_parameter(run: Computation, layer: int, name: str) -> Moved:
    """W or b of a layer after the optimizer's update, and its slots."""
    setting, gradient = run.setting, gradient_of(run, layer, name)
    slots = setting.slots_of(layer, name)
    old, price, rate = run.get(name, layer), setting.trainer.penalty, setting.learning_rate
    if price.is_in_update:
        old, gradient = price.decayed(old, gradient, rate, len(old) if name == "W" else 0)
    return setting.trainer.optimizer.update(old, gradient, slots, rate)
