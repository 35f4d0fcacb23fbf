"""The output layer's activation and the loss, taken together where that is more exact."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .activations import Activation
from .arrays import Array, softplus, sum_of_rows
from .losses import Loss


@dataclass(frozen=True)
class Pair:
    """An activation and a loss whose composition has a form that stays exact where the two alone would not."""

    value: Callable[[Array, Array], Array]
    """The loss of each example, of z and y."""
    dz: Callable[[Array, Array], Array]
    """∂loss/∂z, of y_hat and y."""


def sigmoid_bce(z: Array, y: Array) -> Array:
    """Σ ln(1 + eᶻ) − y z, which is bce(sigmoid(z), y) also where the sigmoid rounds to 0 or 1."""
    return sum_of_rows(softplus(z) - y * z)


def softmax_cross_entropy(z: Array, y: Array) -> Array:
    """Σ y (ln Σ eᶻ − z), which is cross-entropy(softmax(z), y) also where the softmax rounds to 0."""
    most = z.max(axis=1, keepdims=True)
    log_sum: Array = most + np.log(np.exp(z - most).sum(axis=1, keepdims=True))
    return sum_of_rows(y * (log_sum - z))


PAIRS = {
    ("sigmoid", "bce"): Pair(sigmoid_bce, lambda y_hat, y: y_hat - y),
    ("softmax", "cross-entropy"): Pair(
        softmax_cross_entropy, lambda y_hat, y: y_hat * y.sum(axis=1, keepdims=True) - y
    ),
}


@dataclass(frozen=True)
class Output:
    """What the output layer's z and a mean: losses, and the gradient that the backward pass begins with."""

    activation: Activation
    loss: Loss
    reduction: str
    """Over the examples of a batch: "mean" or "sum"."""

    @cached_property
    def pair(self) -> Pair | None:
        """The exact form of this activation and loss together, where there is one."""
        return PAIRS.get((self.activation.name, self.loss.name))

    def losses(self, z: Array, y_hat: Array, y: Array) -> Array:
        """The loss of each example, (batch,)."""
        return pair.value(z, y) if (pair := self.pair) else self.loss.value(y_hat, y)

    def reduce(self, losses: Array) -> float:
        """The loss of the batch."""
        total = float(sum_of_rows(losses))
        return total / len(losses) if self.reduction == "mean" else total

    def da(self, y_hat: Array, y: Array) -> Array:
        """∂L/∂ŷ, (batch, n_out)."""
        return self.loss.derivative(y_hat, y) * self._weight(y)

    def dz(self, z: Array, y_hat: Array, y: Array, dz: Array) -> None:
        """Write ∂L/∂z of the output layer, (batch, n_out), into dz."""
        if pair := self.pair:
            np.multiply(pair.dz(y_hat, y), self._weight(y), dz)
        else:
            self.activation.backward(self.da(y_hat, y), z, y_hat, dz)

    def _weight(self, y: Array) -> float:
        """What one example's loss counts in the loss of the batch."""
        return 1.0 / len(y) if self.reduction == "mean" else 1.0
