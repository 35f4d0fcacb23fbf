"""The activations: f, f′, and the formulas of both; a new one is one more of the table at the end."""

from __future__ import annotations

import copyreg
from typing import Any

from . import lazy_numpy as np
from .activation import Activation, VectorActivation
from .arrays import Array
from .formula import (
    ONE,
    TWO,
    ZERO,
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
    Terms,
)
from .gelu import (
    gelu,
    gelu_derivative,
    gelu_formula,
    gelu_slope,
    gelu_tanh,
    gelu_tanh_derivative,
    gelu_tanh_formula,
    gelu_tanh_slope,
)

LEAK = 0.01
"""The slope of leaky-relu where z is negative."""
FEW = 100
"""Numbers of which one slow call takes less time than five fast ones."""
MOST = 700.0
"""The greatest number of which the exponential is safe."""


def _exp(z: Node) -> Node:
    return Function("exp", (z,))


def identity(z: Array, a: Array) -> None:
    """z itself."""
    a[...] = z


def sigmoid(z: Array, a: Array) -> None:
    """1 / (1 + e⁻ᶻ); e⁻ᶻ may overflow to infinity, which gives the right 0."""
    np.reciprocal(1.0 + np.exp(-z), a)


def sigmoid_formula(z: Term) -> Node:
    """1 / (1 + e⁻ᶻ)."""
    return Quotient(ONE, Sum((ONE, _exp(Negative(z)))))


def tanh(z: Array, a: Array) -> None:
    """(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)."""
    np.tanh(z, a)


def relu(z: Array, a: Array) -> None:
    """max(0, z)."""
    np.maximum(z, 0.0, out=a)


def leaky_relu(z: Array, a: Array) -> None:
    """z where it is positive, 0.01 z elsewhere. Source: Maas, Hannun and Ng, 2013."""
    a[...] = np.where(z > 0.0, z, LEAK * z)


def elu(z: Array, a: Array) -> None:
    """z where it is positive, eᶻ − 1 elsewhere. Source: Clevert, Unterthiner and Hochreiter, 2015."""
    a[...] = np.where(z > 0.0, z, np.expm1(np.minimum(z, 0.0)))


def elu_formula(z: Term) -> Node:
    """z, or eᶻ − 1."""
    return z if z.value > 0.0 else Difference(_exp(z), ONE)


def softplus(z: Array) -> Array:
    """ln(1 + eᶻ), without overflow; of the shape of z."""
    if z.size < FEW:
        return np.logaddexp(0.0, z)
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def write_softplus(z: Array, a: Array) -> None:
    """ln(1 + eᶻ)."""
    a[...] = softplus(z)


def softplus_derivative(z: Array, a: Array) -> Array:
    """The sigmoid of z."""
    slope = np.empty_like(z)
    sigmoid(z, slope)
    return slope


def softplus_formula(z: Term, most: float = MOST) -> Node:
    """ln(1 + eᶻ); z itself is taken out of the logarithm where it is above `most`, and eᶻ might overflow."""
    if z.value > most:
        return Sum((z, Function("ln1p", (_exp(Negative(z)),))))
    return Function("ln1p", (_exp(z),))


def step(z: Array, a: Array) -> None:
    """1 from z = 0 up, 0 below: Rosenblatt's perceptron, 1958."""
    a[...] = z >= 0.0


def softmax(z: Array, a: Array) -> None:
    """eᶻ / Σ eᶻ over the layer; the greatest z is taken off first, which changes nothing but overflow."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    np.divide(e, e.sum(axis=1, keepdims=True), a)


def softmax_formula(z: Terms, neuron: int) -> Node:
    """eᶻ / Σ eᶻ; the greatest z is taken off first where eᶻ would overflow or vanish."""
    most = max(z, key=lambda each: each.value)
    shifts = abs(most.value) > MOST / 2
    e = [_exp(Difference(each, most) if shifts else each) for each in z]
    return Quotient(e[neuron], Sum(tuple(e)))


def softmax_slope(a: Terms, of: int, by: int) -> Node:
    """a (1 − a), or −a a′ by the z of another neuron whose output is a′."""
    return Product((a[of], Difference(ONE, a[of]))) if of == by else Negative(Product((a[of], a[by])))


_TABLE = (
    Activation(
        name="identity",
        description="z, unchanged",
        function=identity,
        derivative=lambda z, a: np.ones_like(z),
        formula=lambda z: z,
        slope=lambda z, a: ONE,
        other_names=("linear",),
    ),
    Activation(
        name="sigmoid",
        description="1 / (1 + e⁻ᶻ), from 0 to 1",
        function=sigmoid,
        derivative=lambda z, a: a * (1.0 - a),
        formula=sigmoid_formula,
        slope=lambda z, a: Product((a, Difference(ONE, a))),
        range=(0.0, 1.0),
        other_names=("logistic",),
    ),
    Activation(
        name="tanh",
        description="the hyperbolic tangent, from −1 to 1",
        function=tanh,
        derivative=lambda z, a: 1.0 - a * a,
        formula=lambda z: Function("tanh", (z,)),
        slope=lambda z, a: Difference(ONE, Power(a, TWO)),
        range=(-1.0, 1.0),
    ),
    Activation(
        name="relu",
        description="max(0, z)",
        function=relu,
        derivative=lambda z, a: (z > 0.0).astype(z.dtype),
        formula=lambda z: Function("max", (ZERO, z)),
        slope=lambda z, a: ONE if z.value > 0.0 else ZERO,
        has_kink=True,
        can_die=True,
    ),
    Activation(
        name="leaky-relu",
        description="z for z > 0, otherwise 0.01 z",
        function=leaky_relu,
        derivative=lambda z, a: np.where(z > 0.0, 1.0, LEAK),
        formula=lambda z: Function("max", (Product((Number(LEAK), z)), z)),
        slope=lambda z, a: ONE if z.value > 0.0 else Number(LEAK),
        has_kink=True,
        other_names=("lrelu",),
    ),
    Activation(
        name="elu",
        description="z for z > 0, otherwise eᶻ − 1",
        function=elu,
        derivative=lambda z, a: np.where(z > 0.0, 1.0, a + 1.0),
        formula=elu_formula,
        slope=lambda z, a: ONE if z.value > 0.0 else Sum((a, ONE)),
        has_kink=True,
    ),
    Activation(
        name="gelu",
        description="z Φ(z); Φ is the standard normal distribution function",
        function=gelu,
        derivative=gelu_derivative,
        formula=gelu_formula,
        slope=gelu_slope,
    ),
    Activation(
        name="gelu-tanh",
        description="gelu, approximated with tanh",
        function=gelu_tanh,
        derivative=gelu_tanh_derivative,
        formula=gelu_tanh_formula,
        slope=gelu_tanh_slope,
    ),
    Activation(
        name="softplus",
        description="ln(1 + eᶻ)",
        function=write_softplus,
        derivative=softplus_derivative,
        formula=softplus_formula,
        slope=lambda z, a: sigmoid_formula(z),
    ),
    Activation(
        name="step",
        description="1 for z ≥ 0, otherwise 0: a perceptron, which can be shown but not trained",
        function=step,
        derivative=lambda z, a: np.zeros_like(z),
        formula=lambda z: Function("step", (z,)),
        slope=lambda z, a: ZERO,
        range=(0.0, 1.0),
        is_flat=True,
        other_names=("heaviside",),
    ),
    VectorActivation(
        name="softmax",
        description="eᶻ / Σ eᶻ over the last layer: probabilities that add up to 1",
        function=softmax,
        derivative=lambda z, a: a * (1.0 - a),
        formula=softmax_formula,
        slope=softmax_slope,
        range=(0.0, 1.0),
    ),
)

ACTIVATIONS = {activation.name: activation for activation in _TABLE}
"""All activations by name: the one list that files, options, dialogs and explanations read."""


def _pickled(activation: Activation) -> str | tuple[Any, ...]:
    """One of the table by its name, as its functions cannot be pickled; another by its fields."""
    is_listed = ACTIVATIONS.get(activation.name) is activation
    return (_named, (activation.name,)) if is_listed else activation.__reduce_ex__(2)


def _named(name: str) -> Activation:
    return ACTIVATIONS[name]


copyreg.pickle(Activation, _pickled)
copyreg.pickle(VectorActivation, _pickled)
