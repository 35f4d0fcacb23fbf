"""Activations: a = f(z), and their derivatives."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .arrays import Array


@dataclass(frozen=True)
class Activation:
    """A function applied to each z of a layer, with its derivative."""

    name: str
    function: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    """∂a/∂z, of z and a = f(z): the cheaper of the two is used."""


def sigmoid(z: Array) -> Array:
    """1 / (1 + e⁻ᶻ); e⁻ᶻ may overflow to infinity, which gives the right 0."""
    return 1.0 / (1.0 + np.exp(-z))


def relu(z: Array) -> Array:
    """max(0, z)."""
    return np.maximum(z, 0.0)


def tanh(z: Array) -> Array:
    """The hyperbolic tangent."""
    return np.tanh(z)


def identity(z: Array) -> Array:
    """Z itself."""
    return z


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("sigmoid", sigmoid, lambda z, a: a * (1.0 - a)),
        Activation("relu", relu, lambda z, a: (z > 0.0).astype(z.dtype)),
        Activation("tanh", tanh, lambda z, a: 1.0 - a * a),
        Activation("identity", identity, lambda z, a: np.ones_like(z)),
    )
}
