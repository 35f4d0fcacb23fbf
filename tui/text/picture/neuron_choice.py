"""The neuron of a picture, and the bounds of its values."""

from typing import NamedTuple

import numpy as np

from ....core.functions.activation import Activation
from ....core.functions.arrays import Array
from ....core.network.network import Network


class Neuron(NamedTuple):
    """A neuron of the network, counted from 0."""

    layer: int
    number: int


def hidden(network: Network) -> tuple[Neuron, ...]:
    """All hidden neurons, from the inputs on."""
    return tuple(
        Neuron(layer, number) for layer, each in enumerate(network.layers[:-1]) for number in range(each.n_out)
    )


def value_range(activation: Activation, values: Array) -> tuple[float, float]:
    """The bounds of these values: the range of the activation, otherwise the same distance on both sides of 0."""
    if activation.range:
        return activation.range
    finite = np.abs(values[np.isfinite(values)])
    most = float(finite.max()) if finite.size else 1.0
    return (-most, most) if most else (-1.0, 1.0)
