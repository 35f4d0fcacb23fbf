"""Clipping: gradients held within bounds before an update."""

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from .arrays import Array


@dataclass(frozen=True)
class Clipping:
    """Bounds for the gradients of an update.

    Source: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013, algorithm 1.
    """

    norm: float = inf
    """The most that all gradients together may be long."""
    value: float = inf
    """The most that any one may be large."""

    def __call__(self, gradients: tuple[Array, ...]) -> tuple[Array, ...]:
        """The gradients, within both bounds."""
        if self.value < inf:
            gradients = tuple(np.clip(each, -self.value, self.value) for each in gradients)
        if self.norm < inf:
            norm = sqrt(sum(float((each * each).sum()) for each in gradients))
            if norm > self.norm:
                gradients = tuple(each * (self.norm / norm) for each in gradients)
        return gradients


NO_CLIPPING = Clipping()
