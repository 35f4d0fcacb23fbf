"""The workspace: memory for the steps of batches of one size, written anew by each step."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..functions.activation import Activation
from ..functions.arrays import Array
from ..network.network import Network


class LayerArrays(NamedTuple):
    """One layer's numbers, as views into the workspace's vectors; those of b are rows, as NumPy adds them fastest."""

    activation: Activation
    W: Array
    W_T: Array
    b: Array
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

    Nobody is handed a part of it: events get copies, one a vector.
    """

    def __init__(self, network: Network, batch: int, dtype: npt.DTypeLike) -> None:
        """Provide for batches of so many examples."""
        self.forward_layout = network.forward_layout(batch)
        self.backward_layout = network.backward_layout(batch)
        self.parameters = np.empty(network.layout.size, dtype)
        self.gradient = np.empty(network.layout.size, dtype)
        self.forward = np.empty(self.forward_layout.size, dtype)
        self.backward = np.empty(self.backward_layout.size, dtype)
        *_, self.losses = self.forward_layout.views(self.forward)
        self.da = self.backward_layout.views(self.backward, len(network.layers))
        self.layers = self._layers(network)

    def _layers(self, network: Network) -> tuple[LayerArrays, ...]:
        count = len(network.layers)
        W, dW = (network.layout.views(vector, 0, count) for vector in (self.parameters, self.gradient))
        b, db = (network.layout.views(vector, count) for vector in (self.parameters, self.gradient))
        z = self.forward_layout.views(self.forward, 0, count)
        a = self.forward_layout.views(self.forward, count, -1)
        dz = self.backward_layout.views(self.backward, 0, count)
        shares = [network.bias.shares(each) for each in dz]
        return tuple(
            LayerArrays(
                activation=network.layers[n].activation,
                W=W[n],
                W_T=W[n].T,
                b=b[n].reshape(1, -1) if b[n].size else np.zeros((1, 1), b[n].dtype),
                z=z[n],
                a=a[n],
                dz=dz[n],
                dz_T=dz[n].T,
                dW=dW[n],
                db=db[n].reshape(1, -1),
                db_shares=shares[n],
                ones=np.ones((1, len(shares[n])), dz[n].dtype),
            )
            for n in range(count)
        )


class Workspaces(dict[int, Workspace]):
    """A workspace for each size of batch that comes."""

    def __init__(self, network: Network, dtype: npt.DTypeLike) -> None:
        """Begin with none."""
        super().__init__()
        self._network = network
        self._dtype = dtype

    def __missing__(self, batch: int) -> Workspace:
        self[batch] = Workspace(self._network, batch, self._dtype)
        return self[batch]
