"""The output layer's activation and the loss, fused where that is more exact."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .activation import Activation
from .arrays import Array
from .loss import FusedLoss, Loss
from .rows import sum_of_rows

REDUCTIONS = ("mean", "sum")


@dataclass(frozen=True)
class OutputHead:
    """What the output layer's z and a mean: losses, and the gradient that the backward pass begins with."""

    activation: Activation
    loss: Loss
    reduction: str = "mean"
    """Over the examples of a batch: "mean" or "sum"."""

    def __post_init__(self) -> None:
        if self.reduction not in REDUCTIONS:
            raise ValueError(f"OutputHead: reduction must be 'mean' or 'sum', got {self.reduction!r}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.activation, self.loss, self.reduction)  # without what is cached

    @cached_property
    def fused(self) -> FusedLoss | None:
        """The exact form of this activation and loss together, where there is one."""
        return self.loss.fused_with(self.activation.name)

    def losses(self, z: Array, y_hat: Array, y: Array) -> Array:
        """The loss of each example, (batch,); z, y_hat and y are (batch, n_out)."""
        return fused.value(z, y) if (fused := self.fused) else self.loss.value(y_hat, y)

    def reduce(self, losses: Array) -> float:
        """The loss of the batch, of those of its examples, (batch,)."""
        total = float(sum_of_rows(losses))
        return total / len(losses) if self.reduction == "mean" else total

    def da(self, y_hat: Array, y: Array) -> Array:
        """∂L/∂ŷ; all are (batch, n_out)."""
        return self.loss.derivative(y_hat, y) * self._weight(y)

    def dz(self, z: Array, y_hat: Array, y: Array, dz: Array) -> None:
        """Write ∂L/∂z of the output layer into dz; all are (batch, n_out)."""
        if fused := self.fused:
            np.multiply(fused.dz(y_hat, y), self._weight(y), dz)
        else:
            self.activation.backward(self.da(y_hat, y), z, y_hat, dz)

    def _weight(self, y: Array) -> float:
        """What one example's loss counts in the loss of the batch."""
        return 1.0 / len(y) if self.reduction == "mean" else 1.0
