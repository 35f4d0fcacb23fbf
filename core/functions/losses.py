"""The losses: value, derivative, and the formulas of both; a new one needs an entry in the table at the end.

Of ŷ and y, (batch, n_out), a loss is one value for each example, (batch,), and its derivative is (batch, n_out).
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Sequence
from math import copysign
from typing import Any

from ..quantities.formula import (
    HALF,
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
    Term,
    Terms,
    product,
    share,
    total,
)
from . import lazy_numpy as np
from .arrays import Array, mean_of_rows, sum_of_rows
from .cross_entropy import BCE, BCES, CROSS_ENTROPY
from .family import function_named
from .loss import Loss, Targets


def sse(y_hat: Array, y: Array) -> Array:
    """Σ (ŷ − y)²."""
    error = y_hat - y
    return sum_of_rows(error * error)


def half_sse(y_hat: Array, y: Array) -> Array:
    """½ Σ (ŷ − y)²."""
    return 0.5 * sse(y_hat, y)


def mse(y_hat: Array, y: Array) -> Array:
    """The mean of (ŷ − y)² over the outputs."""
    error = y_hat - y
    return mean_of_rows(error * error)


def mae(y_hat: Array, y: Array) -> Array:
    """The mean of |ŷ − y| over the outputs."""
    return mean_of_rows(np.abs(y_hat - y))


def huber(y_hat: Array, y: Array) -> Array:
    """The mean over the outputs of ½ e² if |e| ≤ 1, otherwise |e| − ½, with e = ŷ − y.

    Source: Huber, Robust Estimation of a Location Parameter, 1964.
    """
    size = np.abs(y_hat - y)
    return mean_of_rows(np.where(size <= 1.0, 0.5 * size * size, size - 0.5))


def hinge(y_hat: Array, y: Array) -> Array:
    """Σ max(0, 1 − y ŷ), for targets −1 and 1."""
    return sum_of_rows(np.maximum(0.0, 1.0 - y * y_hat))


def _each(of_one: Callable[[Term, Term], Node], y_hat: Terms, y: Terms) -> list[Node]:
    """The formula of each output."""
    return [of_one(*each) for each in zip(y_hat, y, strict=True)]


def _error(y_hat: Term, y: Term) -> Node:
    return Difference(y_hat, y)


def _size(y_hat: Term, y: Term) -> Node:
    return Function("abs", (_error(y_hat, y),))


def _square(y_hat: Term, y: Term) -> Node:
    return Power(_error(y_hat, y), TWO)


def _huber(y_hat: Term, y: Term) -> Node:
    if abs(y_hat.value - y.value) <= 1.0:
        return Product((HALF, _square(y_hat, y)))
    return Difference(_size(y_hat, y), HALF)


def _huber_slope(y_hat: Term, y: Term, outputs: int) -> Node:
    error = y_hat.value - y.value
    return product(share(outputs), _error(y_hat, y) if abs(error) <= 1.0 else Number(copysign(1.0, error)))


def _hinge(y_hat: Term, y: Term) -> Node:
    return Function("max", (ZERO, Difference(ONE, Product((y, y_hat)))))


def _hinge_slope(y_hat: Term, y: Term, outputs: int) -> Node:
    return Negative(y) if y.value * y_hat.value < 1.0 else ZERO


def _mean(parts: Sequence[Node]) -> Node:
    return product(share(len(parts)), total(parts))


_TABLE = (
    Loss(
        name="sse",
        description="Σ (ŷ − y)²",
        value=sse,
        derivative=lambda y_hat, y: 2.0 * (y_hat - y),
        formula=lambda y_hat, y: total(_each(_square, y_hat, y)),
        slope=lambda y_hat, y, outputs: Product((TWO, _error(y_hat, y))),
    ),
    Loss(
        name="half-sse",
        description="½ Σ (ŷ − y)²",
        value=half_sse,
        derivative=lambda y_hat, y: y_hat - y,
        formula=lambda y_hat, y: Product((HALF, total(_each(_square, y_hat, y)))),
        slope=lambda y_hat, y, outputs: _error(y_hat, y),
    ),
    Loss(
        name="mse",
        description="the mean of (ŷ − y)² over the outputs",
        value=mse,
        derivative=lambda y_hat, y: 2.0 * (y_hat - y) / y.shape[1],
        formula=lambda y_hat, y: _mean(_each(_square, y_hat, y)),
        slope=lambda y_hat, y, outputs: product(share(outputs), Product((TWO, _error(y_hat, y)))),
        is_mean_over_outputs=True,
        other_names=("meansquarederror",),
    ),
    Loss(
        name="mae",
        description="the mean of |ŷ − y| over the outputs",
        value=mae,
        derivative=lambda y_hat, y: np.sign(y_hat - y) / y.shape[1],
        formula=lambda y_hat, y: _mean(_each(_size, y_hat, y)),
        slope=lambda y_hat, y, outputs: product(share(outputs), Function("sign", (_error(y_hat, y),))),
        is_mean_over_outputs=True,
        kink=lambda y_hat, y: y_hat - y,
        other_names=("meanabsoluteerror", "l1"),
    ),
    BCE,
    CROSS_ENTROPY,
    Loss(
        name="hinge",
        description="Σ max(0, 1 − y ŷ), for targets −1 and 1",
        value=hinge,
        derivative=lambda y_hat, y: -y * (y * y_hat < 1.0),
        formula=lambda y_hat, y: total(_each(_hinge, y_hat, y)),
        slope=_hinge_slope,
        kink=lambda y_hat, y: 1.0 - y * y_hat,
        targets=Targets("-1 or 1", lambda target: target in (-1, 1)),
        classes=(-1.0, 1.0),
    ),
    Loss(
        name="huber",
        description="the mean over the outputs of ½ e² for |e| ≤ 1, otherwise |e| − ½, with e = ŷ − y",
        value=huber,
        derivative=lambda y_hat, y: np.clip(y_hat - y, -1.0, 1.0) / y.shape[1],
        formula=lambda y_hat, y: _mean(_each(_huber, y_hat, y)),
        slope=_huber_slope,
        is_mean_over_outputs=True,
        divides_by_weights=False,
        kink=lambda y_hat, y: 1.0 - np.abs(y_hat - y),
        other_names=("smoothl1",),
    ),
)

LOSSES = {loss.name: loss for loss in _TABLE}
"""All losses by name, the single list for files, options, dialogs and explanations."""


FAMILIES = {BCES.name: BCES}
"""The losses whose name can have a number in brackets, by the name of the usual one."""


def loss_of(text: str) -> Loss:
    """The loss of a name, such as mse, or of a name and a number, such as bce(3).

    Raises:
        ValueError: the name is unknown; the message lists the known ones.
    """
    return function_named(text, LOSSES, FAMILIES)


def _pickled(loss: Loss) -> str | tuple[Any, ...]:
    """The pickled form: by its name if it has one, because its functions cannot be pickled; otherwise by its fields."""
    return (loss_of, (loss.name,)) if _is_named(loss) else loss.__reduce_ex__(2)


def _is_named(loss: Loss) -> bool:
    try:
        return loss_of(loss.name) is loss
    except ValueError:
        return False


copyreg.pickle(Loss, _pickled)
