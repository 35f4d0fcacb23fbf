"""The losses of probabilities, bce and cross-entropy: alone, and fused with the sigmoid and the softmax.

Of ŷ (or z) and y, (batch, n_out), a loss is one value for each example, (batch,), a derivative (batch, n_out).
"""

from __future__ import annotations

from ..quantities.formula import (
    ONE,
    ZERO,
    Difference,
    Function,
    Negative,
    Node,
    Number,
    Product,
    Quotient,
    Sum,
    Term,
    Terms,
    total,
)
from . import lazy_numpy as np
from .activations import softplus, softplus_formula
from .arrays import Array, sum_of_rows
from .family import Family
from .loss import FusedLoss, Loss, Needed, Targets
from .ranges import ABOVE_0

FROM_0_TO_1 = Targets("a number from 0 to 1", lambda target: 0 <= target <= 1)


def bce(y_hat: Array, y: Array) -> Array:
    """−Σ y ln ŷ + (1 − y) ln(1 − ŷ)."""
    return -sum_of_rows(_x_log_y(y, y_hat) + _x_log_y(1.0 - y, 1.0 - y_hat))


def bce_derivative(y_hat: Array, y: Array) -> Array:
    """(1 − y) / (1 − ŷ) − y / ŷ."""
    return _x_over_y(1.0 - y, 1.0 - y_hat) - _x_over_y(y, y_hat)


def sigmoid_bce(z: Array, y: Array) -> Array:
    """Σ ln(1 + eᶻ) − y z, which is bce(sigmoid(z), y) even if the sigmoid rounds to 0 or 1."""
    return sum_of_rows(softplus(z) - y * z)


def cross_entropy(y_hat: Array, y: Array) -> Array:
    """−Σ y ln ŷ."""
    return -sum_of_rows(_x_log_y(y, y_hat))


def softmax_cross_entropy(z: Array, y: Array, a: Array | None = None) -> Array:
    """Σ y (ln Σ eᶻ − z), which is cross-entropy(softmax(z), y) even if the softmax rounds to 0.

    If there is an `a`, the softmax is written there, because both need the same exponentials.
    """
    most = z.max(axis=1, keepdims=True)
    e = np.exp(z - most)
    total = e.sum(axis=1, keepdims=True)
    if a is not None:
        np.divide(e, total, a)
    log_sum: Array = most + np.log(total)
    return sum_of_rows(y * (log_sum - z))


def _x_log_y(x: Array, y: Array) -> Array:
    """x ln y, with 0 ln 0 = 0: the other classes contribute nothing."""
    return np.where(x == 0.0, 0.0, x * np.log(y))


def _x_over_y(x: Array, y: Array) -> Array:
    """x / y, with 0 / 0 = 0 for the same reason."""
    return np.where(x == 0.0, 0.0, x / y)


def _ln(x: Node) -> Node:
    return Function("ln", (x,))


def bce_formula(y_hat: Terms, y: Terms) -> Node:
    """−Σ y ln ŷ + (1 − y) ln(1 − ŷ)."""
    return Negative(total([_bce_of_one(*each) for each in zip(y_hat, y, strict=True)]))


def _bce_of_one(y_hat: Term, y: Term) -> Node:
    parts: list[Node] = [Product((y, _ln(y_hat)))] if y.value or y_hat.value else []
    other, rest = Difference(ONE, y), Difference(ONE, y_hat)
    # 0 ln 0 is 0: the other classes contribute nothing
    parts += [Product((other, _ln(rest)))] if other.value or rest.value else []
    return total(parts)


def bce_slope(y_hat: Term, y: Term, outputs: int) -> Node:
    """(1 − y) / (1 − ŷ) − y / ŷ."""
    other, rest = Difference(ONE, y), Difference(ONE, y_hat)
    # 0 / 0 is 0 here, as for the loss.
    absent, present = other.value or rest.value, y.value or y_hat.value
    if not absent:
        return Negative(Quotient(y, y_hat))
    return Difference(Quotient(other, rest), Quotient(y, y_hat)) if present else Quotient(other, rest)


def sigmoid_bce_formula(z: Terms, y: Terms) -> Node:
    """Σ ln(1 + eᶻ) − y z; for positive z, z is taken out of the logarithm, so that nothing overflows."""
    parts = zip(z, y, strict=True)
    return total([Difference(softplus_formula(each, most=0.0), Product((target, each))) for each, target in parts])


def cross_entropy_formula(y_hat: Terms, y: Terms) -> Node:
    """−Σ y ln ŷ."""
    pairs = zip(y_hat, y, strict=True)
    parts = [Product((target, _ln(output))) for output, target in pairs if target.value or output.value]
    return Negative(total(parts)) if parts else ZERO


def softmax_cross_entropy_formula(z: Terms, y: Terms) -> Node:
    """Σ y (ln Σ eᶻ − z), with the greatest z taken out of the logarithm."""
    most = max(z, key=lambda each: each.value)
    log_sum = Sum((most, _ln(Sum(tuple(Function("exp", (Difference(each, most),)) for each in z)))))
    parts = [Product((target, Difference(log_sum, each))) for each, target in zip(z, y, strict=True) if target.value]
    return total(parts) if parts else ZERO


def softmax_cross_entropy_slope(y_hat: Term, y: Terms, output: int) -> Node:
    """ŷ Σ y − y, which is ŷ − y if the targets add up to 1."""
    if sum(each.value for each in y) == 1.0:
        return Difference(y_hat, y[output])
    return Difference(Product((y_hat, Sum(tuple(y)))), y[output])


BCE = Loss(
    name="bce",
    description="binary cross-entropy, −Σ (y ln ŷ + (1 − y) ln(1 − ŷ)), for targets from 0 to 1; bce(3) has 3 y ln ŷ",
    value=bce,
    derivative=bce_derivative,
    formula=bce_formula,
    slope=bce_slope,
    outputs=Needed(("sigmoid", "softmax"), "predictions between 0 and 1"),
    targets=FROM_0_TO_1,
    classes=(0.0, 1.0),
    divides_by_weights=False,
    fused=(
        FusedLoss(
            activation="sigmoid",
            value=sigmoid_bce,
            dz=lambda y_hat, y: y_hat - y,
            formula=sigmoid_bce_formula,
            slope=lambda y_hat, y, output: Difference(y_hat, y[output]),
        ),
    ),
    other_names=("binarycrossentropy", "bcewithlogits", "log"),
)


def weighted_bce(p: float, name: str) -> Loss:
    """The binary cross-entropy with the loss of positive targets times p; PyTorch's pos_weight."""

    def log_of(y_hat: Term, y: Term) -> Node:
        parts: list[Node] = [Product((Number(p), y, _ln(y_hat)))] if y.value else []
        other = Difference(ONE, y)
        return total(parts + ([Product((other, _ln(Difference(ONE, y_hat))))] if other.value or not parts else []))

    def of_z(z: Term, y: Term) -> Node:
        parts: list[Node] = [Product((Number(p), y, _softplus_of_negative(z)))] if y.value else []
        other = Difference(ONE, y)
        return total(parts + ([Product((other, softplus_formula(z, most=0.0)))] if other.value or not parts else []))

    def slope(y_hat: Term, y: Term, outputs: int) -> Node:
        other, rest = Difference(ONE, y), Difference(ONE, y_hat)
        positive = Product((Number(p), Quotient(y, y_hat)))
        if not (other.value or rest.value):
            return Negative(positive)
        return Difference(Quotient(other, rest), positive) if y.value or y_hat.value else Quotient(other, rest)

    def slope_of_z(y_hat: Term, y: Terms, output: int) -> Node:
        one = y[output]
        if one.value == 0.0:
            return y_hat
        count = Sum((Difference(ONE, one), Product((Number(p), one))))
        return Difference(Product((count, y_hat)), Product((Number(p), one)))

    def of_softplus(positive: Array, negative: Array, y: Array) -> Array:
        return (1.0 - y) * positive + p * y * negative

    return Loss(
        name=name,
        description=BCE.description,
        value=lambda y_hat, y: -sum_of_rows(p * _x_log_y(y, y_hat) + _x_log_y(1.0 - y, 1.0 - y_hat)),
        derivative=lambda y_hat, y: _x_over_y(1.0 - y, 1.0 - y_hat) - p * _x_over_y(y, y_hat),
        formula=lambda y_hat, y: Negative(total([log_of(*each) for each in zip(y_hat, y, strict=True)])),
        slope=slope,
        outputs=BCE.outputs,
        targets=BCE.targets,
        classes=BCE.classes,
        divides_by_weights=False,
        fused=(
            FusedLoss(
                activation="sigmoid",
                value=lambda z, y: sum_of_rows(of_softplus(softplus(z), softplus(-z), y)),
                dz=lambda y_hat, y: (1.0 - y + p * y) * y_hat - p * y,
                formula=lambda z, y: total([of_z(*each) for each in zip(z, y, strict=True)]),
                slope=slope_of_z,
                of_softplus=of_softplus,
            ),
        ),
    )


def _softplus_of_negative(z: Term) -> Node:
    """ln(1 + e⁻ᶻ); for negative z, −z is taken out of the logarithm."""
    if z.value < 0.0:
        return Difference(Function("ln1p", (Function("exp", (z,)),)), z)
    return Function("ln1p", (Function("exp", (Negative(z),)),))


BCES = Family("bce", 1.0, ABOVE_0, lambda p, name: BCE if p == 1.0 else weighted_bce(p, name))
CROSS_ENTROPY = Loss(
    name="cross-entropy",
    description="−Σ y ln ŷ, for probabilities that add up to 1",
    value=cross_entropy,
    derivative=lambda y_hat, y: -_x_over_y(y, y_hat),
    formula=cross_entropy_formula,
    slope=lambda y_hat, y, outputs: Negative(Quotient(y, y_hat)) if y.value or y_hat.value else ZERO,
    outputs=Needed(("softmax",), "probabilities that add up to 1"),
    targets=FROM_0_TO_1,
    classes=(0.0, 1.0),
    takes_class_numbers=True,
    fused=(
        FusedLoss(
            activation="softmax",
            value=softmax_cross_entropy,
            head=softmax_cross_entropy,
            dz=lambda y_hat, y: y_hat * y.sum(axis=1, keepdims=True) - y,
            formula=softmax_cross_entropy_formula,
            slope=softmax_cross_entropy_slope,
        ),
    ),
    other_names=("categoricalcrossentropy", "sparsecategoricalcrossentropy", "nll"),
)
