"""The network: its layers, and the forward pass through them."""

from dataclasses import dataclass

from .activations import Activation
from .arrays import Array
from .bias import Bias


@dataclass(frozen=True)
class Layer:
    """One layer of neurons: z = a_prev Wᵀ + b, a = f(z)."""

    n_in: int
    n_out: int
    activation: Activation


@dataclass(frozen=True)
class Network:
    """The shape of a network; its numbers are in a State."""

    layers: tuple[Layer, ...]
    bias: Bias = Bias.PER_NEURON
    train_bias: bool = True

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of each layer, the inputs first."""
        return (self.layers[0].n_in, *(layer.n_out for layer in self.layers))

    @property
    def flat_activation(self) -> str | None:
        """The name of an activation through which nothing can be learned, where there is one."""
        return next((layer.activation.name for layer in self.layers if layer.activation.is_flat), None)

    def forward(self, W: tuple[Array, ...], b: tuple[Array, ...], X: Array) -> tuple[list[Array], list[Array]]:
        """Each layer's z and a, (batch, n_out), for the examples X, (batch, n_in)."""
        Z: list[Array] = []
        A: list[Array] = []
        a = X
        for layer, W_layer, b_layer in zip(self.layers, W, b, strict=True):
            z = a @ W_layer.T
            if b_layer.size:
                z += b_layer
            a = layer.activation.function(z)
            Z.append(z)
            A.append(a)
        return Z, A
