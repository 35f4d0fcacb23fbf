"""Activations and their slopes, written out."""

from collections.abc import Callable, Sequence
from math import pi

from ..functions.activations import GELU_CUBE, GELU_SCALE, LEAK
from ..functions.formula import (
    Difference,
    Function,
    Letter,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
)

ZERO, HALF, ONE, TWO = Number(0.0), Number(0.5, "½"), Number(1.0), Number(2.0)
PI = Term(Letter("π", r"\pi"), pi)
MOST = 700.0
"""The greatest number of which the exponential is safe."""


def activation_form(name: str, z: Term) -> Node:
    """A = f(z), for a function of each z by itself."""
    return FORMS[name](z)


def softmax_form(z: Sequence[Term], neuron: int) -> Node:
    """eᶻ / Σ eᶻ; the greatest z is taken off first where eᶻ would overflow or vanish."""
    most = max(z, key=lambda each: each.value)
    shifts = abs(most.value) > MOST / 2
    e = [_exp(Difference(each, most) if shifts else each) for each in z]
    return Quotient(e[neuron], Sum(tuple(e)))


def slope_form(name: str, z: Term, a: Term) -> Node:
    """∂a/∂z, by a where that is shorter."""
    return SLOPES[name](z, a)


def softmax_slope_form(a: Term, by: Term, *, same: bool) -> Node:
    """The derivative of one output of a softmax by the z of a neuron whose output is `by`."""
    return Product((a, Difference(ONE, a))) if same else Negative(Product((a, by)))


def _exp(z: Node) -> Node:
    return Function("exp", (z,))


def _sigmoid(z: Term) -> Node:
    return Quotient(ONE, Sum((ONE, _exp(Negative(z)))))


def _softplus(z: Term) -> Node:
    if z.value > MOST:
        return Sum((z, Function("ln1p", (_exp(Negative(z)),))))
    return Function("ln1p", (_exp(z),))


def _elu(z: Term) -> Node:
    return z if z.value > 0.0 else Difference(_exp(z), ONE)


def _erf(z: Term) -> Node:
    return Function("erf", (Quotient(z, Function("sqrt", (TWO,))),))


def _gelu(z: Term) -> Node:
    return Product((HALF, z, Sum((ONE, _erf(z)))))


def _gelu_slope(z: Term, a: Term) -> Node:
    scale = Function("sqrt", (Product((TWO, PI)),))
    density = Quotient(_exp(Negative(Product((HALF, Power(z, TWO))))), scale)
    return Sum((Product((HALF, Sum((ONE, _erf(z))))), Product((z, density))))


def _tanh_of_gelu(z: Term) -> Node:
    cube = Product((Number(GELU_CUBE), Power(z, Number(3.0))))
    return Function("tanh", (Product((Number(GELU_SCALE, "√(2/π)"), Sum((z, cube)))),))


def _gelu_tanh(z: Term) -> Node:
    return Product((HALF, z, Sum((ONE, _tanh_of_gelu(z)))))


def _gelu_tanh_slope(z: Term, a: Term) -> Node:
    t = _tanh_of_gelu(z)
    inner = Sum((ONE, Product((Number(3.0), Number(GELU_CUBE), Power(z, TWO)))))
    bend = Product((HALF, z, Difference(ONE, Power(t, TWO)), Number(GELU_SCALE, "√(2/π)"), inner))
    return Sum((Product((HALF, Sum((ONE, t)))), bend))


FORMS: dict[str, Callable[[Term], Node]] = {
    "identity": lambda z: z,
    "sigmoid": _sigmoid,
    "tanh": lambda z: Function("tanh", (z,)),
    "relu": lambda z: Function("max", (ZERO, z)),
    "leaky-relu": lambda z: Function("max", (Product((Number(LEAK), z)), z)),
    "elu": _elu,
    "gelu": _gelu,
    "gelu-tanh": _gelu_tanh,
    "softplus": _softplus,
    "step": lambda z: Function("step", (z,)),
}

SLOPES: dict[str, Callable[[Term, Term], Node]] = {
    "identity": lambda z, a: ONE,
    "sigmoid": lambda z, a: Product((a, Difference(ONE, a))),
    "tanh": lambda z, a: Difference(ONE, Power(a, TWO)),
    "relu": lambda z, a: ONE if z.value > 0.0 else ZERO,
    "leaky-relu": lambda z, a: ONE if z.value > 0.0 else Number(LEAK),
    "elu": lambda z, a: ONE if z.value > 0.0 else Sum((a, ONE)),
    "gelu": _gelu_slope,
    "gelu-tanh": _gelu_tanh_slope,
    "softplus": lambda z, a: _sigmoid(z),
    "step": lambda z, a: ZERO,
}
