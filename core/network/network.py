"""The network: its layers and their biases, and the layout of its numbers."""

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import pairwise

import numpy as np

from ..functions.activation import Activation
from ..functions.arrays import Array, frozen
from ..functions.ranges import Count, check_ranges
from ..notation.notation import USUAL, Letters
from .layout import Layout
from .names import Names


class Bias(Enum):
    """The biases of a layer."""

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
        """A view of ∂L/∂z whose column sums are ∂L/∂b: a shared bias adds up all its neurons."""
        match self:
            case Bias.PER_NEURON:
                return dz
            case Bias.SHARED:
                return dz.reshape(-1, 1)
            case Bias.NONE:
                return dz[:, :0]


@dataclass(frozen=True)
class Layer:
    """One layer of neurons: z = a_prev Wᵀ + b, a = f(z).

    Raises:
        ValueError: it has no inputs or no neurons.
    """

    n_in: Count
    n_out: Count
    activation: Activation

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True)
class Network:
    """The shape of a network; its numbers are in a State.

    Raises:
        ValueError: it has no layers, or a layer's number of inputs differs from the previous layer's neurons.
    """

    layers: tuple[Layer, ...]
    bias: Bias = Bias.PER_NEURON
    train_bias: bool = True
    letters: Letters = field(default=USUAL, compare=False)
    """The letters for its numbers."""

    def __post_init__(self) -> None:
        if not self.layers:
            raise ValueError("Network: layers must be at least one, got none")
        for n, (before, layer) in enumerate(pairwise(self.layers), 2):
            if layer.n_in != before.n_out:
                raise ValueError(
                    f"Network: layer {n} must take the {before.n_out} numbers of layer {n - 1}, got {layer.n_in}"
                )

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of each layer, the inputs first."""
        return (self.layers[0].n_in, *(layer.n_out for layer in self.layers))

    @property
    def flat_activation(self) -> str | None:
        """The name of an activation that blocks the gradient, if there is one."""
        return next((layer.activation.name for layer in self.layers if layer.activation.is_flat), None)

    @cached_property
    def names(self) -> Names:
        """The quantities of its numbers, and their labels."""
        folded = frozenset(n for n, layer in enumerate(self.layers) if layer.activation.name == "identity")
        return Names(self.sizes, self.bias is Bias.SHARED, self.letters, folded)

    @cached_property
    def layout(self) -> Layout:
        """The parameters' layout: W of each layer, (n_out, n_in), then b of each, with the length that the bias has."""
        W = [(layer.n_out, layer.n_in) for layer in self.layers]
        return Layout.of([*W, *((self.bias.size(layer.n_out),) for layer in self.layers)])

    @cached_property
    def weights(self) -> slice:
        """The slice of the parameters with the weights, which come first."""
        return slice(sum(layer.n_out * layer.n_in for layer in self.layers))

    @cached_property
    def trained(self) -> slice:
        """The slice of the parameters that an update changes."""
        return slice(None) if self.train_bias else self.weights

    def forward_layout(self, batch: int) -> Layout:
        """The layout of a forward pass: z of each layer, (batch, n_out), then a of each, then the losses, (batch,)."""
        shapes = [(batch, layer.n_out) for layer in self.layers]
        return Layout.of([*shapes, *shapes, (batch,)])

    def backward_layout(self, batch: int) -> Layout:
        """The layout of a backward pass: dz of each layer, (batch, n_out), then da of each but the last."""
        shapes = [(batch, layer.n_out) for layer in self.layers]
        return Layout.of([*shapes, *shapes[:-1]])

    def parameters(self, W: tuple[Array, ...], b: tuple[Array, ...]) -> Array:
        """All parameters in one vector, read-only."""
        return frozen(np.concatenate([each.ravel() for each in (*W, *b)]))
