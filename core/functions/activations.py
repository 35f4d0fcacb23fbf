"""Activations: a = f(z), and how a gradient passes back through them."""

from collections.abc import Callable
from dataclasses import dataclass
from math import erfc, pi, sqrt

import numpy as np

from .arrays import Array, softplus

LEAK = 0.01
"""The slope of leaky-relu where z is negative."""
GELU_SCALE = sqrt(2.0 / pi)
GELU_CUBE = 0.044715
"""Of the approximation of gelu by tanh."""


@dataclass(frozen=True)
class Activation:
    """A function applied to each z of a layer, with its derivative."""

    name: str
    function: Callable[[Array, Array], object]
    """Write a = f(z) into its second argument."""
    derivative: Callable[[Array, Array], Array]
    """∂a/∂z, of z and a = f(z): the cheaper of the two is used."""
    has_kink: bool = False
    """Its slope, or its curvature, jumps at z = 0."""
    is_flat: bool = False
    """Its slope is 0 wherever it has one, so that nothing can be learned through it."""

    def __call__(self, z: Array) -> Array:
        """A = f(z)."""
        a = np.empty_like(z)
        self.function(z, a)
        return a

    def backward(self, da: Array, z: Array, a: Array, dz: Array) -> None:
        """Write ∂L/∂z of ∂L/∂a into dz."""
        np.multiply(da, self.derivative(z, a), dz)


class VectorActivation(Activation):
    """A function of all z of a layer together; `derivative` is that of each a by its own z."""

    def backward(self, da: Array, z: Array, a: Array, dz: Array) -> None:
        """Write ∂L/∂z of ∂L/∂a through softmax, a (∂L/∂a − Σ a ∂L/∂a), into dz."""
        mean: Array = (da * a).sum(axis=1, keepdims=True)
        np.multiply(a, da - mean, dz)


def sigmoid(z: Array, a: Array) -> None:
    """1 / (1 + e⁻ᶻ); e⁻ᶻ may overflow to infinity, which gives the right 0."""
    np.reciprocal(1.0 + np.exp(-z), a)


def relu(z: Array, a: Array) -> None:
    """max(0, z)."""
    np.maximum(z, 0.0, out=a)


def leaky_relu(z: Array, a: Array) -> None:
    """Z where it is positive, 0.01 z elsewhere. Source: Maas, Hannun and Ng, 2013."""
    a[...] = np.where(z > 0.0, z, LEAK * z)


def elu(z: Array, a: Array) -> None:
    """Z where it is positive, eᶻ − 1 elsewhere. Source: Clevert, Unterthiner and Hochreiter, 2015."""
    a[...] = np.where(z > 0.0, z, np.expm1(np.minimum(z, 0.0)))


def gelu(z: Array, a: Array) -> None:
    """Φ(z) z, Φ being the normal distribution function. Source: Hendrycks and Gimpel, 2016."""
    np.multiply(z, _normal_distribution(z), a)


def gelu_derivative(z: Array, a: Array) -> Array:
    """Φ(z) + z φ(z), φ being the normal density."""
    return _normal_distribution(z) + z * np.exp(-0.5 * z * z) / sqrt(2.0 * pi)


def _normal_distribution(z: Array) -> Array:
    """½ (1 + erf(z / √2)), by erfc, which is exact far below 0 too."""
    ends = (z / -sqrt(2.0)).ravel().tolist()
    return 0.5 * np.fromiter(map(erfc, ends), z.dtype, z.size).reshape(z.shape)


def gelu_tanh(z: Array, a: Array) -> None:
    """½ z (1 + tanh(√(2/π) (z + 0.044715 z³))). Source: Hendrycks and Gimpel, 2016, the approximation by tanh."""
    a[...] = 0.5 * z * (1.0 + _tanh_of_gelu(z))


def gelu_tanh_derivative(z: Array, a: Array) -> Array:
    """½ (1 + t) + ½ z (1 − t²) √(2/π) (1 + 3 · 0.044715 z²), t being the tanh of gelu_tanh."""
    t = _tanh_of_gelu(z)
    return 0.5 * (1.0 + t) + 0.5 * z * (1.0 - t * t) * GELU_SCALE * (1.0 + 3.0 * GELU_CUBE * z * z)


def _tanh_of_gelu(z: Array) -> Array:
    return np.tanh(GELU_SCALE * (z + GELU_CUBE * z**3))


def write_softplus(z: Array, a: Array) -> None:
    """ln(1 + eᶻ)."""
    a[...] = softplus(z)


def softplus_derivative(z: Array, a: Array) -> Array:
    """The sigmoid of z."""
    slope = np.empty_like(z)
    sigmoid(z, slope)
    return slope


def step(z: Array, a: Array) -> None:
    """1 from z = 0 up, 0 below: Rosenblatt's perceptron, 1958."""
    a[...] = z >= 0.0


def identity(z: Array, a: Array) -> None:
    """Z itself."""
    a[...] = z


def softmax(z: Array, a: Array) -> None:
    """eᶻ / Σ eᶻ over the layer; the greatest z is taken off first, which changes nothing but overflow."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    np.divide(e, e.sum(axis=1, keepdims=True), a)


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("identity", identity, lambda z, a: np.ones_like(z)),
        Activation("sigmoid", sigmoid, lambda z, a: a * (1.0 - a)),
        Activation("tanh", np.tanh, lambda z, a: 1.0 - a * a),
        Activation("relu", relu, lambda z, a: (z > 0.0).astype(z.dtype), has_kink=True),
        Activation("leaky-relu", leaky_relu, lambda z, a: np.where(z > 0.0, 1.0, LEAK), has_kink=True),
        Activation("elu", elu, lambda z, a: np.where(z > 0.0, 1.0, a + 1.0), has_kink=True),
        Activation("gelu", gelu, gelu_derivative),
        Activation("gelu-tanh", gelu_tanh, gelu_tanh_derivative),
        Activation("softplus", write_softplus, softplus_derivative),
        Activation("step", step, lambda z, a: np.zeros_like(z), is_flat=True),
        VectorActivation("softmax", softmax, lambda z, a: a * (1.0 - a)),
    )
}
