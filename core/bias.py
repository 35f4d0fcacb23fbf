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
        match self:
            case Bias.PER_NEURON:
                return np.add.reduce(dz, axis=0)
            case Bias.SHARED:
                return np.add.reduce(dz, axis=None, keepdims=True).reshape(1)
            case Bias.NONE:
                return np.empty(0)
