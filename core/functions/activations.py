"""The activations: f, f′, and the formulas of both; a new one needs an entry in the table at the end.

A function writes a = f(z) into its second argument; z, a and the derivative are (batch, n_out).
"""

from __future__ import annotations

import copyreg
from typing import Any

from ..quantities.formula import (
    ONE,
    TWO,
    ZERO,
    Difference,
    Function,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
    Terms,
)
from . import lazy_numpy as np
from .activation import Activation, VectorActivation
from .arrays import Array
from .family import function_named
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
from .linear_units import ELUS, LEAKY_RELUS, RELU, SELU

FEW = 100
"""The most numbers for which one slow call is faster than five fast ones."""
MOST = 700.0
"""The greatest number whose exponential cannot overflow."""


def _exp(z: Node) -> Node:
    return Function("exp", (z,))


def identity(z: Array, a: Array) -> None:
    """z itself."""
    a[...] = z


def sigmoid(z: Array, a: Array) -> None:
    """1 / (1 + e⁻ᶻ); e⁻ᶻ may overflow to infinity, which correctly gives 0."""
    np.reciprocal(1.0 + np.exp(-z), a)


def sigmoid_formula(z: Term) -> Node:
    """1 / (1 + e⁻ᶻ)."""
    return Quotient(ONE, Sum((ONE, _exp(Negative(z)))))


def tanh(z: Array, a: Array) -> None:
    """(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)."""
    np.tanh(z, a)


def silu(z: Array, a: Array) -> None:
    """z σ(z), σ being the sigmoid. Source: Elfwing, Uchibe and Doya, 2017; Ramachandran, Zoph and Le, 2017."""
    sigmoid(z, a)
    np.multiply(z, a, a)


def silu_derivative(z: Array, a: Array) -> Array:
    """σ(z) + a (1 − σ(z))."""
    s = np.empty_like(z)
    sigmoid(z, s)
    return s + a * (1.0 - s)


def silu_formula(z: Term) -> Node:
    """z / (1 + e⁻ᶻ)."""
    return Quotient(z, Sum((ONE, _exp(Negative(z)))))


def silu_slope(z: Term, a: Term) -> Node:
    """σ(z) + a (1 − σ(z))."""
    s = sigmoid_formula(z)
    return Sum((s, Product((a, Difference(ONE, s)))))


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
    """ln(1 + eᶻ); above `most`, where eᶻ might overflow, as z + ln(1 + e⁻ᶻ)."""
    if z.value > most:
        return Sum((z, Function("ln1p", (_exp(Negative(z)),))))
    return Function("ln1p", (_exp(z),))


def step(z: Array, a: Array) -> None:
    """1 for z ≥ 0, 0 below: Rosenblatt's perceptron, 1958."""
    a[...] = z >= 0.0


def softmax(z: Array, a: Array) -> None:
    """eᶻ / Σ eᶻ over the layer; the greatest z is subtracted first, only to avoid overflow."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    np.divide(e, e.sum(axis=1, keepdims=True), a)


def softmax_formula(z: Terms, neuron: int) -> Node:
    """eᶻ / Σ eᶻ; the greatest z is subtracted first if eᶻ would overflow or vanish."""
    most = max(z, key=lambda each: each.value)
    shifts = abs(most.value) > MOST / 2
    e = [_exp(Difference(each, most) if shifts else each) for each in z]
    return Quotient(e[neuron], Sum(tuple(e)))


def softmax_slope(a: Terms, of: int, by: int) -> Node:
    """a (1 − a), or −a a′ by the z of another neuron with output a′."""
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
    RELU,
    LEAKY_RELUS.usual,
    ELUS.usual,
    SELU,
    Activation(
        name="silu",
        description="z σ(z); σ is the sigmoid",
        function=silu,
        derivative=silu_derivative,
        formula=silu_formula,
        slope=silu_slope,
        other_names=("swish",),
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
"""All activations by name, the single list for files, options, dialogs and explanations."""
FAMILIES = {family.name: family for family in (LEAKY_RELUS, ELUS)}
"""The activations whose name can have a number in brackets, by the name of the usual one."""


def activation_of(text: str) -> Activation:
    """The activation of a name, such as relu, or of a name and a number, such as leaky-relu(0.2).

    Raises:
        ValueError: the name is unknown; the message lists the known ones.
    """
    return function_named(text, ACTIVATIONS, FAMILIES)


def _pickled(activation: Activation) -> str | tuple[Any, ...]:
    """The pickled form: by its name if it has one, because its functions cannot be pickled; otherwise by its fields."""
    return (activation_of, (activation.name,)) if is_named(activation) else activation.__reduce_ex__(2)


def is_named(activation: Activation) -> bool:
    """Whether an activation is the one that its name stands for."""
    try:
        return activation_of(activation.name) is activation
    except ValueError:
        return False


copyreg.pickle(Activation, _pickled)
copyreg.pickle(VectorActivation, _pickled)
