"""Penalties: a price for large weights, added to the loss; biases are free."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import lazy_numpy as np
from .ranges import NotNegative, check_ranges

if TYPE_CHECKING:
    from .arrays import Array


@dataclass(frozen=True)
class Penalty:
    """l1 Σ|w| + ½ l2 Σ w², over the weights of all layers.

    Raises:
        ValueError: a price is negative or not finite.
    """

    l1: NotNegative = 0.0
    l2: NotNegative = 0.0

    def __post_init__(self) -> None:
        check_ranges(self)

    def __bool__(self) -> bool:
        return bool(self.l1 or self.l2)

    def value(self, W: "Array") -> float:
        """What is added to the loss, of all weights in one vector."""
        l1 = float(np.abs(W).sum()) if self.l1 else 0.0
        l2 = float(W.dot(W)) if self.l2 else 0.0
        return self.l1 * l1 + 0.5 * self.l2 * l2

    def gradient(self, W: "Array") -> "Array":
        """What is added to ∂L/∂W, of the shape of W: l1 sign(w) + l2 w."""
        return self.l1 * np.sign(W) + self.l2 * W


NO_PENALTY = Penalty()
