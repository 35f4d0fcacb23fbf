"""The two arithmetics: the order of sums, and the exponentials. A training uses one of them throughout."""

from math import inf, sqrt
from typing import Protocol

import numpy as np

from ..functions import elementary_numbers
from ..functions.activation import Activation
from ..functions.arrays import Array
from ..functions.optimizer import Clipping, Moved, Optimizer, Slots
from ..functions.optimizers import Adam
from ..functions.output_head import OutputHead
from ..functions.penalty import Penalty
from ..network.network import Network
from .ordered_functions import activate, kind_of, loss_kind, losses_by, pass_back, predict
from .ordered_sums import ordered_product, sum_across, sum_down, sum_of

MOST_PRODUCTS = 200_000
"""Most products of a forward pass with ordered sums; above this, BLAS is faster than any loop of our own."""


class Arithmetic(Protocol):
    """The operations of a training; arrays are (batch, n_out) of a layer."""

    @property
    def name(self) -> str:
        """Its name in sessions and shared lines."""

    def times(self, left: Array, right: Array, out: Array) -> None:
        """Write the product of two matrices into a third."""

    def sum_down(self, ones: Array, terms: Array, out: Array) -> None:
        """Write the sum of each column into a row, (1, columns); `ones` is a row with a 1 for each term."""

    def activate(self, activation: Activation, z: Array, a: Array) -> None:
        """Write a = f(z)."""

    def pass_back(self, activation: Activation, da: Array, z: Array, a: Array, dz: Array) -> None:
        """Write ∂L/∂z of ∂L/∂a."""

    def head(self, output: OutputHead, z: Array, a: Array, y: Array) -> Array:
        """Write the predictions into a; the loss of each example, (batch,)."""

    def dz(self, output: OutputHead, z: Array, a: Array, y: Array, dz: Array) -> None:
        """Write ∂L/∂z of the output layer."""

    def reduce(self, output: OutputHead, losses: Array, y: Array) -> float:
        """The loss of a batch, of those of its examples and their targets."""

    def price(self, penalty: Penalty, W: Array) -> float:
        """The penalty for large weights."""

    def clipped(self, clipping: Clipping, gradient: Array) -> Array:
        """The clipped gradient."""

    def moved(self, optimizer: Optimizer, parameter: Array, gradient: Array, slots: Slots, rate: float) -> Moved:
        """The parameters and the slots after an update."""


class BlasArithmetic:
    """NumPy's own arithmetic: BLAS orders and fuses sums by the processor, and libm differs by system."""

    name = "blas-1"

    def times(self, left: Array, right: Array, out: Array) -> None:
        """Write the product of two matrices into a third."""
        left.dot(right, out)

    def sum_down(self, ones: Array, terms: Array, out: Array) -> None:
        """Write the sum of each column into a row."""
        ones.dot(terms, out)

    def activate(self, activation: Activation, z: Array, a: Array) -> None:
        """Write a = f(z)."""
        activation.function(z, a)

    def pass_back(self, activation: Activation, da: Array, z: Array, a: Array, dz: Array) -> None:
        """Write ∂L/∂z of ∂L/∂a."""
        activation.backward(da, z, a, dz)

    def head(self, output: OutputHead, z: Array, a: Array, y: Array) -> Array:
        """Write the predictions into a; the loss of each example."""
        if output.fused and output.fused.head:
            return output.fused.head(z, y, a)
        output.activation.function(z, a)
        return output.losses(z, a, y)

    def dz(self, output: OutputHead, z: Array, a: Array, y: Array, dz: Array) -> None:
        """Write ∂L/∂z of the output layer."""
        output.dz(z, a, y, dz)

    def reduce(self, output: OutputHead, losses: Array, y: Array) -> float:
        """The loss of a batch, of those of its examples and their targets."""
        return output.reduce(losses, y)

    def price(self, penalty: Penalty, W: Array) -> float:
        """The penalty for large weights."""
        return penalty.value(W)

    def clipped(self, clipping: Clipping, gradient: Array) -> Array:
        """The clipped gradient."""
        return clipping(gradient)

    def moved(self, optimizer: Optimizer, parameter: Array, gradient: Array, slots: Slots, rate: float) -> Moved:
        """The parameters and the slots after an update."""
        return optimizer.update(parameter, gradient, slots, rate)


class OrderedArithmetic:
    """The same bits on every machine: ordered sums, and exponentials of our own."""

    name = "ordered-1"

    def times(self, left: Array, right: Array, out: Array) -> None:
        """Write the product of two matrices into a third."""
        ordered_product(left, right, out)

    def sum_down(self, ones: Array, terms: Array, out: Array) -> None:
        """Write the sum of each column into a row."""
        sum_down(terms, out[0])

    def activate(self, activation: Activation, z: Array, a: Array) -> None:
        """Write a = f(z)."""
        activate(activation, z, a)

    def pass_back(self, activation: Activation, da: Array, z: Array, a: Array, dz: Array) -> None:
        """Write ∂L/∂z of ∂L/∂a."""
        pass_back(activation, da, z, a, dz)

    def head(self, output: OutputHead, z: Array, a: Array, y: Array) -> Array:
        """Write the predictions into a; the loss of each example."""
        return losses_by(output, z, a, y, predict(output, z, a))

    def dz(self, output: OutputHead, z: Array, a: Array, y: Array, dz: Array) -> None:
        """Write ∂L/∂z of the output layer."""
        if loss_kind(output.loss) == "cross-entropy" and kind_of(output.activation)[0] == "softmax":
            np.multiply(a * sum_across(y)[:, None] - y, output.weight(y), dz)
        elif output.fused:
            output.dz(z, a, y, dz)
        else:
            pass_back(output.activation, output.da(a, y), z, a, dz)

    def reduce(self, output: OutputHead, losses: Array, y: Array) -> float:
        """The loss of a batch, of those of its examples and their targets."""
        return sum_of(output.weighted(losses)) / output.divisor(*y.shape)

    def price(self, penalty: Penalty, W: Array) -> float:
        """The penalty for large weights."""
        l1 = sum_of(np.abs(W)) if penalty.l1 else 0.0
        l2 = sum_of(W * W) if penalty.l2 else 0.0
        return penalty.of_sums(l1, l2)

    def clipped(self, clipping: Clipping, gradient: Array) -> Array:
        """The clipped gradient."""
        if clipping.value < inf:
            gradient = np.clip(gradient, -clipping.value, clipping.value)
        if clipping.norm < inf:
            norm = sqrt(sum_of(gradient * gradient))
            if norm > clipping.norm:
                gradient = gradient * (clipping.norm / norm)
        return gradient

    def moved(self, optimizer: Optimizer, parameter: Array, gradient: Array, slots: Slots, rate: float) -> Moved:
        """The parameters and the slots after an update."""
        if isinstance(optimizer, Adam):
            return optimizer.update_by(elementary_numbers.power, parameter, gradient, slots, rate)
        return optimizer.update(parameter, gradient, slots, rate)


BLAS, ORDERED = BlasArithmetic(), OrderedArithmetic()
ARITHMETICS: dict[str, Arithmetic] = {each.name: each for each in (BLAS, ORDERED)}
"""By name."""


def arithmetic_for(network: Network, batch: int, dtype: str) -> Arithmetic:
    """The arithmetic of a new training. It depends only on the shape, never on what is installed."""
    return ORDERED if dtype == "float64" and batch * network.weights.stop <= MOST_PRODUCTS else BLAS


def arithmetic_named(name: str) -> Arithmetic:
    """The arithmetic of this name.

    Raises:
        ValueError: there is none.
    """
    if name not in ARITHMETICS:
        raise ValueError(f"arithmetic: expected {' or '.join(ARITHMETICS)}, got {name!r}")
    return ARITHMETICS[name]
