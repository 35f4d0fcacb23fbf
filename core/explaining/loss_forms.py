"""Losses of one example and their derivatives, written out."""

from collections.abc import Callable, Sequence
from math import copysign
from typing import TypeAlias

from ..functions.formula import Difference, Function, Negative, Node, Number, Power, Product, Quotient, Sum, Term
from .activation_forms import HALF, ONE, TWO, ZERO

Terms: TypeAlias = Sequence[Term]


def loss_form(name: str, y_hat: Terms, y: Terms) -> Node:
    """The loss of one example, of its predictions and targets."""
    return FORMS[name](y_hat, y)


def slope_form(name: str, y_hat: Term, y: Term, outputs: int) -> Node:
    """∂loss/∂ŷ, of one output of so many."""
    return SLOPES[name](y_hat, y, outputs)


def pair_form(name: str, z: Terms, y: Terms) -> Node:
    """The loss of one example by its z, where the loss and the activation are taken together."""
    return _sigmoid_bce(z, y) if name == "bce" else _softmax_cross_entropy(z, y)


def pair_slope_form(name: str, y_hat: Term, y: Terms, output: int) -> Node:
    """∂loss/∂z, where the loss and the activation are taken together: ŷ − y."""
    if name == "bce" or sum(each.value for each in y) == 1.0:
        return Difference(y_hat, y[output])
    return Difference(Product((y_hat, Sum(tuple(y)))), y[output])


def total(nodes: Sequence[Node]) -> Node:
    """The sum of nodes; one is its own sum."""
    return nodes[0] if len(nodes) == 1 else Sum(tuple(nodes))


def product(*factors: Node) -> Node:
    """The product of factors, those that are the number 1 left out."""
    kept = tuple(factor for factor in factors if factor != ONE)
    return Product(kept) if len(kept) > 1 else kept[0] if kept else ONE


def _error(y_hat: Term, y: Term) -> Node:
    return Difference(y_hat, y)


def _size(y_hat: Term, y: Term) -> Node:
    return Function("abs", (_error(y_hat, y),))


def _squares(y_hat: Terms, y: Terms) -> Node:
    return total([Power(_error(*each), TWO) for each in zip(y_hat, y, strict=True)])


def _mean(node: Node, outputs: int) -> Node:
    return product(share(outputs), node)


def share(count: int) -> Node:
    """1 / count."""
    return Quotient(ONE, Number(float(count))) if count > 1 else ONE


def _huber(y_hat: Term, y: Term) -> Node:
    if abs(y_hat.value - y.value) <= 1.0:
        return Product((HALF, Power(_error(y_hat, y), TWO)))
    return Difference(_size(y_hat, y), HALF)


def _hinge(y_hat: Term, y: Term) -> Node:
    return Function("max", (ZERO, Difference(ONE, Product((y, y_hat)))))


def _bce(y_hat: Term, y: Term) -> Node:
    parts: list[Node] = [Product((y, Function("ln", (y_hat,))))] if y.value or y_hat.value else []
    other, rest = Difference(ONE, y), Difference(ONE, y_hat)
    # 0 ln 0 is 0: a class that is not there adds nothing.
    parts += [Product((other, Function("ln", (rest,))))] if other.value or rest.value else []
    return total(parts)


def _cross_entropy(y_hat: Terms, y: Terms) -> Node:
    parts = [
        Product((target, Function("ln", (output,))))
        for output, target in zip(y_hat, y, strict=True)
        if target.value or output.value
    ]
    return Negative(total(parts)) if parts else ZERO


def _sigmoid_bce(z: Terms, y: Terms) -> Node:
    return total([_softplus_less(*each) for each in zip(z, y, strict=True)])


def _softplus_less(z: Term, y: Term) -> Node:
    """ln(1 + eᶻ) − y z; z itself is taken out of the logarithm where it is positive, so that nothing overflows."""
    if z.value > 0.0:
        inner: Node = Sum((z, Function("ln1p", (Function("exp", (Negative(z),)),))))
    else:
        inner = Function("ln1p", (Function("exp", (z,)),))
    return Difference(inner, Product((y, z)))


def _softmax_cross_entropy(z: Terms, y: Terms) -> Node:
    """Σ y (ln Σ eᶻ − z), the greatest z taken out of the logarithm."""
    most = max(z, key=lambda each: each.value)
    exponentials = [Function("exp", (Difference(each, most),)) for each in z]
    log_sum = Sum((most, Function("ln", (Sum(tuple(exponentials)),))))
    parts = [Product((target, Difference(log_sum, each))) for each, target in zip(z, y, strict=True) if target.value]
    return total(parts) if parts else ZERO


FORMS: dict[str, Callable[[Terms, Terms], Node]] = {
    "sse": _squares,
    "half-sse": lambda y_hat, y: Product((HALF, _squares(y_hat, y))),
    "mse": lambda y_hat, y: _mean(_squares(y_hat, y), len(y)),
    "mae": lambda y_hat, y: _mean(total([_size(*each) for each in zip(y_hat, y, strict=True)]), len(y)),
    "huber": lambda y_hat, y: _mean(total([_huber(*each) for each in zip(y_hat, y, strict=True)]), len(y)),
    "hinge": lambda y_hat, y: total([_hinge(*each) for each in zip(y_hat, y, strict=True)]),
    "bce": lambda y_hat, y: Negative(total([_bce(*each) for each in zip(y_hat, y, strict=True)])),
    "cross-entropy": _cross_entropy,
}


def _huber_slope(y_hat: Term, y: Term, outputs: int) -> Node:
    error = y_hat.value - y.value
    return product(share(outputs), _error(y_hat, y) if abs(error) <= 1.0 else Number(copysign(1.0, error)))


def _hinge_slope(y_hat: Term, y: Term, outputs: int) -> Node:
    return Negative(y) if y.value * y_hat.value < 1.0 else ZERO


def _bce_slope(y_hat: Term, y: Term, outputs: int) -> Node:
    other, rest = Difference(ONE, y), Difference(ONE, y_hat)
    # 0 / 0 is 0 here, as for the loss.
    absent, present = other.value or rest.value, y.value or y_hat.value
    if not absent:
        return Negative(Quotient(y, y_hat))
    return Difference(Quotient(other, rest), Quotient(y, y_hat)) if present else Quotient(other, rest)


def _cross_entropy_slope(y_hat: Term, y: Term, outputs: int) -> Node:
    return Negative(Quotient(y, y_hat)) if y.value or y_hat.value else ZERO


SLOPES: dict[str, Callable[[Term, Term, int], Node]] = {
    "sse": lambda y_hat, y, outputs: Product((TWO, _error(y_hat, y))),
    "half-sse": lambda y_hat, y, outputs: _error(y_hat, y),
    "mse": lambda y_hat, y, outputs: product(share(outputs), Product((TWO, _error(y_hat, y)))),
    "mae": lambda y_hat, y, outputs: product(share(outputs), Function("sign", (_error(y_hat, y),))),
    "huber": _huber_slope,
    "hinge": _hinge_slope,
    "bce": _bce_slope,
    "cross-entropy": _cross_entropy_slope,
}
