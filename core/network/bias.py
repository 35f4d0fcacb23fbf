"""Biases: one for each neuron, one for a whole layer, or none."""

from enum import Enum

from ..functions.arrays import Array


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

    def shares(self, dz: Array) -> Array:
        """A view of ∂L/∂z whose columns, added up, are ∂L/∂b: a shared bias gathers all neurons that it feeds."""
        match self:
            case Bias.PER_NEURON:
                return dz
            case Bias.SHARED:
                return dz.reshape(-1, 1)
            case Bias.NONE:
                return dz[:, :0]
