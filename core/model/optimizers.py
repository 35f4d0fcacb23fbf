"""Optimizers: how a gradient moves a parameter."""

from dataclasses import dataclass, replace
from typing import Protocol, Self, TypeAlias

from .arrays import Array

Slots: TypeAlias = tuple[Array, ...]
"""What an optimizer remembers of one parameter array."""


class Optimizer(Protocol):
    """A rule for an update; it remembers nothing itself, its memory is in the State's slots."""

    @property
    def learning_rate(self) -> float:
        """The length of a step, as a factor of the gradient."""

    def slots(self, parameter: Array) -> Slots:
        """The slots that a parameter array begins with."""

    def update(self, parameter: Array, gradient: Array, slots: Slots) -> tuple[Array, Slots]:
        """The parameter and its slots after one update."""

    def with_learning_rate(self, learning_rate: float) -> Self:
        """The same rule with another learning rate."""


@dataclass(frozen=True)
class SGD:
    """Plain gradient descent."""

    learning_rate: float

    def slots(self, parameter: Array) -> Slots:
        """None: plain gradient descent remembers nothing."""
        return ()

    def update(self, parameter: Array, gradient: Array, slots: Slots) -> tuple[Array, Slots]:
        """W ← W − learning_rate ∂L/∂W."""
        return parameter - self.learning_rate * gradient, slots

    def with_learning_rate(self, learning_rate: float) -> Self:
        """Plain gradient descent with another learning rate."""
        return replace(self, learning_rate=learning_rate)
