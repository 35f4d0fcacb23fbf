"""Losses: how far the predictions are from the targets, for each example, and the derivative by the prediction."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .arrays import Array, mean_of_rows, sum_of_rows


@dataclass(frozen=True)
class Loss:
    """The loss of each example, and its derivative."""

    name: str
    value: Callable[[Array, Array], Array]
    """Of y_hat and y, both (batch, n_out): the loss of each example, (batch,)."""
    derivative: Callable[[Array, Array], Array]
    """∂loss/∂y_hat, (batch, n_out)."""
    kink: Callable[[Array, Array], Array] | None = None
    """A number for each output, whose sign changes where the slope of the loss, or its curvature, jumps."""


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
    """The mean over the outputs of ½ e² where |e| ≤ 1 and |e| − ½ elsewhere, e = ŷ − y.

    Source: Huber, Robust Estimation of a Location Parameter, 1964.
    """
    size = np.abs(y_hat - y)
    return mean_of_rows(np.where(size <= 1.0, 0.5 * size * size, size - 0.5))


def hinge(y_hat: Array, y: Array) -> Array:
    """Σ max(0, 1 − y ŷ), for targets −1 and 1."""
    return sum_of_rows(np.maximum(0.0, 1.0 - y * y_hat))


def bce(y_hat: Array, y: Array) -> Array:
    """−Σ y ln ŷ + (1 − y) ln(1 − ŷ)."""
    return -sum_of_rows(_x_log_y(y, y_hat) + _x_log_y(1.0 - y, 1.0 - y_hat))


def bce_derivative(y_hat: Array, y: Array) -> Array:
    """(1 − y) / (1 − ŷ) − y / ŷ."""
    return _x_over_y(1.0 - y, 1.0 - y_hat) - _x_over_y(y, y_hat)


def cross_entropy(y_hat: Array, y: Array) -> Array:
    """−Σ y ln ŷ."""
    return -sum_of_rows(_x_log_y(y, y_hat))


def _x_log_y(x: Array, y: Array) -> Array:
    """X ln y, with 0 ln 0 = 0: a class that is not there adds nothing."""
    return np.where(x == 0.0, 0.0, x * np.log(y))


def _x_over_y(x: Array, y: Array) -> Array:
    """X / y, with 0 / 0 = 0, as above."""
    return np.where(x == 0.0, 0.0, x / y)


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("sse", sse, lambda y_hat, y: 2.0 * (y_hat - y)),
        Loss("half-sse", half_sse, lambda y_hat, y: y_hat - y),
        Loss("mse", mse, lambda y_hat, y: 2.0 * (y_hat - y) / y.shape[1]),
        Loss("mae", mae, lambda y_hat, y: np.sign(y_hat - y) / y.shape[1], kink=lambda y_hat, y: y_hat - y),
        Loss(
            "huber",
            huber,
            lambda y_hat, y: np.clip(y_hat - y, -1.0, 1.0) / y.shape[1],
            kink=lambda y_hat, y: 1.0 - np.abs(y_hat - y),
        ),
        Loss("hinge", hinge, lambda y_hat, y: -y * (y * y_hat < 1.0), kink=lambda y_hat, y: 1.0 - y * y_hat),
        Loss("bce", bce, bce_derivative),
        Loss("cross-entropy", cross_entropy, lambda y_hat, y: -_x_over_y(y, y_hat)),
    )
}
