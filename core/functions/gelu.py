"""The gelu, exact and approximated by tanh, with derivatives and formulas. Source: Hendrycks and Gimpel, 2016.

Arrays are (batch, n_out).
"""

from __future__ import annotations

from math import erfc, pi, sqrt

from ..quantities.formula import (
    HALF,
    ONE,
    PI,
    TWO,
    Difference,
    Function,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
)
from . import lazy_numpy as np
from .arrays import Array

SCALE = sqrt(2.0 / pi)
CUBE = 0.044715
"""The constants of the approximation by tanh."""


def gelu(z: Array, a: Array) -> None:
    """Φ(z) z, Φ being the normal distribution function."""
    np.multiply(z, _normal_distribution(z), a)


def gelu_derivative(z: Array, a: Array) -> Array:
    """Φ(z) + z φ(z), φ being the normal density."""
    return _normal_distribution(z) + z * np.exp(-0.5 * z * z) / sqrt(2.0 * pi)


def _normal_distribution(z: Array) -> Array:
    """½ (1 + erf(z / √2)), by erfc, which is accurate for very negative z too."""
    ends = (z / -sqrt(2.0)).ravel().tolist()
    return 0.5 * np.fromiter(map(erfc, ends), z.dtype, z.size).reshape(z.shape)


def _one_and_erf(z: Term) -> Node:
    return Sum((ONE, Function("erf", (Quotient(z, Function("sqrt", (TWO,))),))))


def gelu_formula(z: Term) -> Node:
    """½ z (1 + erf(z / √2))."""
    return Product((HALF, z, _one_and_erf(z)))


def gelu_slope(z: Term, a: Term) -> Node:
    """½ (1 + erf(z / √2)) + z e^(−½ z²) / √(2π)."""
    scale = Function("sqrt", (Product((TWO, PI)),))
    density = Quotient(_e_to(Negative(Product((HALF, Power(z, TWO))))), scale)
    return Sum((Product((HALF, _one_and_erf(z))), Product((z, density))))


def gelu_tanh(z: Array, a: Array) -> None:
    """½ z (1 + tanh(√(2/π) (z + 0.044715 z³)))."""
    a[...] = 0.5 * z * (1.0 + _tanh_of_gelu(z))


def gelu_tanh_derivative(z: Array, a: Array) -> Array:
    """½ (1 + t) + ½ z (1 − t²) √(2/π) (1 + 3 · 0.044715 z²), t being the tanh of gelu_tanh."""
    t = _tanh_of_gelu(z)
    return 0.5 * (1.0 + t) + 0.5 * z * (1.0 - t * t) * SCALE * (1.0 + 3.0 * CUBE * z * z)


def _tanh_of_gelu(z: Array) -> Array:
    return np.tanh(SCALE * (z + CUBE * z**3))


def _tanh_of_gelu_formula(z: Term) -> Node:
    cube = Product((Number(CUBE), Power(z, Number(3.0))))
    return Function("tanh", (Product((Number(SCALE, "√(2/π)"), Sum((z, cube)))),))


def gelu_tanh_formula(z: Term) -> Node:
    """½ z (1 + tanh(√(2/π) (z + 0.044715 z³)))."""
    return Product((HALF, z, Sum((ONE, _tanh_of_gelu_formula(z)))))


def gelu_tanh_slope(z: Term, a: Term) -> Node:
    """½ (1 + t) + ½ z (1 − t²) √(2/π) (1 + 3 · 0.044715 z²)."""
    t = _tanh_of_gelu_formula(z)
    inner = Sum((ONE, Product((Number(3.0), Number(CUBE), Power(z, TWO)))))
    bend = Product((HALF, z, Difference(ONE, Power(t, TWO)), Number(SCALE, "√(2/π)"), inner))
    return Sum((Product((HALF, Sum((ONE, t)))), bend))


def _e_to(power: Node) -> Node:
    return Function("exp", (power,))
