"""Biases: one for each neuron, one for a whole layer, or none."""

from enum import Enum

import numpy as np

from .arrays import Array, sum_of


class Bias(Enum):
    """How many biases a layer has."""

    PER_NEURON = "per-neuron"
    SHARED = "shared"
    NONE = "none"

    def size(self, n_out: int) -> int:
        """The length of a layer's b."""
        match self:
            case Bias.PER_NEURON:
                return n_out
            case Bias.SHARED:
                return 1
            case Bias.NONE:
                return 0

    def gradient(self, dz: Array) -> Array:
        """∂L/∂b of ∂L/∂z: a shared bias gathers it over all neurons that it feeds."""
        gradient: Array
        match self:
            case Bias.PER_NEURON:
                gradient = sum_of(dz, axis=0)
            case Bias.SHARED:
                gradient = sum_of(dz, axis=None, keepdims=True).reshape(1)
            case Bias.NONE:
                gradient = np.empty(0, dz.dtype)
        return gradient
