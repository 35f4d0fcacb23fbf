"""The activations that are linear for positive z: relu and its variants.

Arrays are (batch, n_out).
"""

from __future__ import annotations

from ..quantities.formula import ONE, ZERO, Difference, Function, Node, Number, Product, Sum, Term, letter, product
from . import lazy_numpy as np
from .activation import Activation
from .arrays import Array
from .family import Family
from .ranges import ABOVE_0, UP_TO_1

LEAK = 0.01
"""The usual slope of leaky-relu for negative z."""
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
"""Constants that keep the activations of many layers at mean 0 and variance 1."""


def relu(z: Array, a: Array) -> None:
    """max(0, z)."""
    np.maximum(z, 0.0, out=a)


def exponential_below_0(z: Array, alpha: float) -> Array:
    """z if it is positive, otherwise α (eᶻ − 1)."""
    return np.where(z > 0.0, z, alpha * np.expm1(np.minimum(z, 0.0)))


def _e_less_1(z: Term) -> Node:
    return Difference(Function("exp", (z,)), ONE)


def leaky_relu(slope: float, name: str) -> Activation:
    """z if it is positive, otherwise slope z. Source: Maas, Hannun and Ng, 2013."""

    def function(z: Array, a: Array) -> None:
        a[...] = np.where(z > 0.0, z, slope * z)

    return Activation(
        name=name,
        description="z for z > 0, otherwise 0.01 z; leaky-relu(0.2) has the slope 0.2",
        function=function,
        derivative=lambda z, a: np.where(z > 0.0, 1.0, slope),
        formula=lambda z: Function("max", (Product((Number(slope), z)), z)),
        slope=lambda z, a: ONE if z.value > 0.0 else Number(slope),
        has_kink=slope != 1.0,
        other_names=("lrelu",),
    )


def elu(alpha: float, name: str) -> Activation:
    """z if it is positive, otherwise α (eᶻ − 1). Source: Clevert, Unterthiner and Hochreiter, 2015."""

    def function(z: Array, a: Array) -> None:
        a[...] = exponential_below_0(z, alpha)

    return Activation(
        name=name,
        description="z for z > 0, otherwise α (eᶻ − 1) with α = 1; elu(0.5) has the α 0.5",
        function=function,
        derivative=lambda z, a: np.where(z > 0.0, 1.0, a + alpha),
        formula=lambda z: z if z.value > 0.0 else product(Number(alpha), _e_less_1(z)),
        slope=lambda z, a: ONE if z.value > 0.0 else Sum((a, Number(alpha))),
        has_kink=True,
    )


def selu(z: Array, a: Array) -> None:
    """elu with a greater α, scaled. Source: Klambauer et al., Self-Normalizing Neural Networks, 2017."""
    a[...] = SELU_SCALE * exponential_below_0(z, SELU_ALPHA)


_LAMBDA, _ALPHA = letter("λ", r"\lambda", SELU_SCALE), letter("α", r"\alpha", SELU_ALPHA)

RELU = Activation(
    name="relu",
    description="max(0, z)",
    function=relu,
    derivative=lambda z, a: (z > 0.0).astype(z.dtype),
    formula=lambda z: Function("max", (ZERO, z)),
    slope=lambda z, a: ONE if z.value > 0.0 else ZERO,
    has_kink=True,
    can_die=True,
)
SELU = Activation(
    name="selu",
    description="λ z for z > 0, otherwise λ α (eᶻ − 1), with λ = 1.0507 and α = 1.6733",
    function=selu,
    derivative=lambda z, a: np.where(z > 0.0, SELU_SCALE, a + SELU_SCALE * SELU_ALPHA),
    formula=lambda z: Product((_LAMBDA, z) if z.value > 0.0 else (_LAMBDA, _ALPHA, _e_less_1(z))),
    slope=lambda z, a: _LAMBDA if z.value > 0.0 else Sum((a, Product((_LAMBDA, _ALPHA)))),
    has_kink=True,
)
LEAKY_RELUS = Family("leaky-relu", LEAK, UP_TO_1, leaky_relu)
ELUS = Family("elu", 1.0, ABOVE_0, elu)
