"""Biases: one for each neuron, one for a whole layer, or none."""

from enum import Enum

import numpy as np

from .arrays import Array


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
                gradient = dz.sum(axis=0)
            case Bias.SHARED:
                gradient = dz.sum(keepdims=True).reshape(1)
            case Bias.NONE:
                gradient = np.empty(0)
        return gradient
