"""The output layer's activation and the loss, fused if that is more exact, and their valid combinations."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import nan
from typing import Self

from . import lazy_numpy as np
from .activation import Activation, VectorActivation
from .activations import activation_of
from .arrays import Array, sum_of_rows
from .loss import FusedLoss, Loss
from .losses import loss_of

REDUCTIONS = ("mean", "sum", "mean-over-outputs")
_LISTED = " or ".join(map(repr, REDUCTIONS))


@dataclass(frozen=True)
class OutputHead:
    """The losses for the output layer's z, and the gradient with which the backward pass begins."""

    activation: Activation
    loss: Loss
    reduction: str = "mean"
    """The reduction over a batch's examples, "mean" or "sum", or over examples and outputs, "mean-over-outputs"."""
    weights: Array | None = field(default=None, compare=False, repr=False)
    """The weight of each example of a batch, (batch,); None if all have the same weight."""

    def __post_init__(self) -> None:
        if self.reduction not in REDUCTIONS:
            raise ValueError(f"OutputHead: reduction must be {_LISTED}, got {self.reduction!r}")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.activation, self.loss, self.reduction, self.weights)  # without cached values

    @cached_property
    def fused(self) -> FusedLoss | None:
        """The exact form of this activation and loss together, if there is one."""
        return self.loss.fused_with(self.activation.name)

    def losses(self, z: Array, y_hat: Array, y: Array) -> Array:
        """The loss of each example, (batch,); z, y_hat and y are (batch, n_out)."""
        return fused.value(z, y) if (fused := self.fused) else self.loss.value(y_hat, y)

    def losses_of_outputs(self, z: Array, y_hat: Array, y: Array) -> Array:
        """The share of each output in the loss of its example; all are (batch, n_out)."""
        shares = np.empty(y.shape, y_hat.dtype)
        for i in range(y.shape[1]):
            own = np.arange(y.shape[1]) == i
            if self.fused and isinstance(self.activation, VectorActivation):
                shares[:, i] = self.fused.value(z, np.where(own, y, 0.0))
            else:
                shares[:, i] = self.losses(z[:, own], y_hat[:, own], y[:, own])
        return shares / y.shape[1] if self.loss.is_mean_over_outputs else shares

    def of(self, weights: Array | None) -> Self:
        """The same head for a batch with these weights of examples, (batch,)."""
        return self if weights is self.weights else replace(self, weights=weights)

    def divisor(self, examples: int, outputs: int) -> float:
        """The divisor of the sum of this many examples' weighted losses; nan if all weights to divide by are 0."""
        if self.reduction == "sum":
            return 1.0
        is_over_outputs = self.reduction == "mean-over-outputs" and not self.loss.is_mean_over_outputs
        weights = self.weights if self.loss.divides_by_weights else None
        # 0 / 0 is nan in PyTorch and the kernel, and an exception in Python.
        count = float(examples) if weights is None else _sum_in_order(weights.tolist()) or nan
        return count * outputs if is_over_outputs else count

    def weighted(self, losses: Array) -> Array:
        """The loss of each example times its weight, (batch,)."""
        return losses if self.weights is None else losses * self.weights

    def reduce(self, losses: Array, y: Array) -> float:
        """The loss of the batch, from the losses of its examples, (batch,), and their targets, (batch, n_out)."""
        return float(sum_of_rows(self.weighted(losses))) / self.divisor(*y.shape)

    def da(self, y_hat: Array, y: Array) -> Array:
        """∂L/∂ŷ; all are (batch, n_out)."""
        return self.loss.derivative(y_hat, y) * self.weight(y)

    def dz(self, z: Array, y_hat: Array, y: Array, dz: Array) -> None:
        """Write ∂L/∂z of the output layer into dz; all are (batch, n_out)."""
        if fused := self.fused:
            np.multiply(fused.dz(y_hat, y), self.weight(y), dz)
        else:
            self.activation.backward(self.da(y_hat, y), z, y_hat, dz)

    def weight(self, y: Array) -> Array | float:
        """The factor of an example in the loss of the batch; with weights, one for each, (batch, 1)."""
        divisor = self.divisor(*y.shape)
        return 1.0 / divisor if self.weights is None else self.weights[:, None] / divisor


def _sum_in_order(numbers: Sequence[float]) -> float:
    """The sum in an engine's order; newer versions of Python compensate for rounding in sum()."""
    total, *others = numbers
    for each in others:
        total += each
    return total


def activations_fault(activations: Sequence[str], outputs: int) -> str | None:
    """The error in the activations of all layers, with this many outputs; None if there is none."""
    vector = next((name for name in activations if isinstance(activation_of(name), VectorActivation)), None)
    if activations[-1] == vector and outputs == 1:
        return (
            f"{vector} needs several outputs, because a single one is always 1 and learns nothing; "
            'expected "sigmoid" for the last layer, with the loss "bce"'
        )
    if vector in activations[:-1]:
        return f"{vector} is for the last layer only, because its outputs depend on each other"
    return None


def pair_fault(loss: str, output: str) -> str | None:
    """The error in a pair of a loss and an output activation, with advice; None if there is none."""
    needed = loss_of(loss).outputs
    if needed is None or output in needed.activations:
        return None
    expected = " or ".join(f'"{name}"' for name in needed.activations)
    return f'{loss} needs {needed.why}: expected {expected} for the last layer, got "{output}"'


def target_fault(loss: str, target: float) -> str | None:
    """The error in a target of a loss, with advice; None if there is none."""
    targets = loss_of(loss).targets
    if targets is None or targets.takes(target):
        return None
    return f"expected {targets.expected}, as the loss is {loss}, got {target:g}"
