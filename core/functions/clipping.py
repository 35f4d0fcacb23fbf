"""Clipping: gradients held within bounds before an update."""

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from .arrays import Array
from .ranges import Bound, check_ranges


@dataclass(frozen=True)
class Clipping:
    """Bounds for the gradients of an update.

    Source: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013, algorithm 1.

    Raises:
        ValueError: a bound is not above 0.
    """

    norm: Bound = inf
    """The most that all gradients together may be long."""
    value: Bound = inf
    """The most that any one may be large."""

    def __post_init__(self) -> None:
        check_ranges(self)

    def __call__(self, gradient: Array) -> Array:
        """All gradients that move something, in one vector, within both bounds."""
        if self.value < inf:
            gradient = np.clip(gradient, -self.value, self.value)
        if self.norm < inf:
            norm = sqrt(float(gradient.dot(gradient)))
            if norm > self.norm:
                gradient = gradient * (self.norm / norm)
        return gradient


NO_CLIPPING = Clipping()
