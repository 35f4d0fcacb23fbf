"""Penalties: a price for large weights, added to the loss; biases are free."""

from dataclasses import dataclass

import numpy as np

from .arrays import Array


@dataclass(frozen=True)
class Penalty:
    """l1 Σ|w| + ½ l2 Σ w², over the weights of all layers."""

    l1: float = 0.0
    l2: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.l1 or self.l2)

    def value(self, W: Array) -> float:
        """What is added to the loss, of all weights."""
        l1 = float(np.abs(W).sum()) if self.l1 else 0.0
        l2 = float(W.dot(W)) if self.l2 else 0.0
        return self.l1 * l1 + 0.5 * self.l2 * l2

    def gradient(self, W: Array) -> Array:
        """What is added to ∂L/∂W: l1 sign(w) + l2 w."""
        return self.l1 * np.sign(W) + self.l2 * W


NO_PENALTY = Penalty()
