"""The workspace: memory for the steps of batches of one size, which each step reuses."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..functions.activation import Activation
from ..functions.arrays import Array
from ..network.layout import Layout
from ..network.network import Network


class ForwardArrays(NamedTuple):
    """The arrays of the forward pass of a layer, as views; b is a row, because NumPy adds rows fastest."""

    activation: Activation
    W_T: Array
    b: Array
    z: Array
    a: Array


class BackwardArrays(NamedTuple):
    """The arrays of the backward pass of a layer, as views."""

    activation: Activation
    W: Array
    z: Array
    a: Array
    dz: Array
    dz_T: Array
    dW: Array
    db: Array
    db_shares: Array
    """∂L/∂z in columns that add up to db."""
    ones: Array
    """A row that adds them up."""


class Workspace:
    """Vectors for the numbers of a step, and the arrays of each layer within them.

    Events get copies, one of each vector. The memory for a backward pass is allocated at the
    first one.
    """

    def __init__(self, network: Network, batch: int, dtype: npt.DTypeLike) -> None:
        """Allocate memory for batches of this size."""
        self._network, self._batch, self._dtype = network, batch, dtype
        self.forward_layout = network.forward_layout(batch)
        self.parameters = np.empty(network.layout.size, dtype)
        self.forward = np.empty(self.forward_layout.size, dtype)
        layers = network.layers
        self._W = network.layout.views(self.parameters, 0, len(layers))
        views = self.forward_layout.views(self.forward)
        self._z, self._a, self.losses = views[: len(layers)], views[len(layers) : -1], views[-1]
        b = [
            each.reshape(1, -1) if each.size else np.zeros((1, 1), dtype)
            for each in network.layout.views(self.parameters, len(layers))
        ]
        activations = [layer.activation for layer in layers]
        W_T = [W.T for W in self._W]
        self.forward_layers = tuple(map(ForwardArrays, activations, W_T, b, self._z, self._a))

    @cached_property
    def backward_layout(self) -> Layout:
        """The arrays of a backward pass."""
        return self._network.backward_layout(self._batch)

    @cached_property
    def gradient(self) -> Array:
        """∂L/∂ every parameter, (parameters,)."""
        return np.empty(self._network.layout.size, self._dtype)

    @cached_property
    def backward(self) -> Array:
        """dz of each layer, and da of each but the last, in one vector."""
        return np.empty(self.backward_layout.size, self._dtype)

    @cached_property
    def da(self) -> tuple[Array, ...]:
        """∂L/∂a of each layer but the last, (batch, n_out)."""
        return self.backward_layout.views(self.backward, len(self._network.layers))

    @cached_property
    def backward_layers(self) -> tuple[BackwardArrays, ...]:
        """The arrays of the backward pass of each layer."""
        network, count = self._network, len(self._network.layers)
        dW, db = (network.layout.views(self.gradient, *part) for part in ((0, count), (count,)))
        dz = self.backward_layout.views(self.backward, 0, count)
        shares = [network.bias.shares(each) for each in dz]
        return tuple(
            BackwardArrays(
                activation=network.layers[n].activation,
                W=self._W[n],
                z=self._z[n],
                a=self._a[n],
                dz=dz[n],
                dz_T=dz[n].T,
                dW=dW[n],
                db=db[n].reshape(1, -1),
                db_shares=shares[n],
                ones=np.ones((1, len(shares[n])), self._dtype),
            )
            for n in range(count)
        )


class Workspaces(dict[int, Workspace]):
    """A workspace for each batch size."""

    def __init__(self, network: Network, dtype: npt.DTypeLike) -> None:
        """Begin with none."""
        super().__init__()
        self._network = network
        self._dtype = dtype

    def __missing__(self, batch: int) -> Workspace:
        self[batch] = Workspace(self._network, batch, self._dtype)
        return self[batch]
