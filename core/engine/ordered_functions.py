"""Activations and losses with ordered sums and our own exponentials, by their names.

A function that is not in a table here has no sum and no exponential, or is computed by its own code.
"""

from collections.abc import Callable, Mapping
from functools import cache
from math import pi, sqrt

import numpy as np

from ..functions.activation import Activation
from ..functions.activations import FAMILIES, is_named
from ..functions.arrays import Array
from ..functions.gelu import CUBE, SCALE
from ..functions.linear_units import SELU_ALPHA, SELU_SCALE
from ..functions.loss import Loss
from ..functions.losses import LOSSES
from ..functions.output_head import OutputHead
from . import elementary
from .ordered_sums import sum_across, sum_down

Function = Callable[[Array], Array]
Slope = Callable[[Array, Array], Array]
LossOf = Callable[[Array, Array], Array]


def activate(activation: Activation, z: Array, a: Array) -> None:
    """Write a = f(z); both are (batch, n_out)."""
    name, number = kind_of(activation)
    if own := FUNCTIONS.get(name):
        a[...] = own(z)
    elif name == "elu":
        a[...] = _elu(z, number)
    else:
        activation.function(z, a)


@cache
def kind_of(activation: Activation) -> tuple[str, float]:
    """The name of an activation without the number that it may have in brackets, and the number; 0 without one.

    A different activation with the same name is of no kind.
    """
    name, _, number = activation.name.partition("(")
    if not is_named(activation):
        return "", 0.0
    if name not in FAMILIES:
        return activation.name, 0.0
    return name, float(number.rstrip(")")) if number else FAMILIES[name].usual_number


def loss_kind(loss: Loss) -> str:
    """The name of a loss; empty for a different loss with the same name."""
    return loss.name if LOSSES.get(loss.name) is loss else ""


def pass_back(activation: Activation, da: Array, z: Array, a: Array, dz: Array) -> None:
    """Write ∂L/∂z of ∂L/∂a; all are (batch, n_out)."""
    if kind_of(activation)[0] == "softmax":
        np.multiply(a, da - sum_across(da * a)[:, None], dz)
    else:
        np.multiply(da, SLOPES.get(kind_of(activation)[0], activation.derivative)(z, a), dz)


def predict(output: OutputHead, z: Array, a: Array) -> Array | None:
    """Write the predictions, (batch, n_out), of the output layer; what the loss can use of that, one row an example."""
    match loss_kind(output.loss), kind_of(output.activation)[0]:
        case "bce", "sigmoid":
            e = elementary.exp_of_minus_size(z)
            elementary.sigmoid_by_exp(z, e, a)
            return e
        case "cross-entropy", "softmax":
            a[...], parts = softmax_parts(z)
            return parts
    activate(output.activation, z, a)
    return None


def losses_by(output: OutputHead, z: Array, a: Array, y: Array, parts: Array | None) -> Array:
    """The loss of each example, (batch,), with what `predict` has left for it."""
    match loss_kind(output.loss), kind_of(output.activation)[0]:
        case "bce", "sigmoid" if parts is not None:
            return sum_across(elementary.softplus_by_exp(z, parts) - y * z)
        case "cross-entropy", "softmax" if parts is not None:
            log_sum = parts[:, 0] + elementary.log_of_usual(parts[:, 1])
            return sum_across(y * (log_sum[:, None] - z))
    if output.fused and output.fused.of_softplus:
        return sum_across(output.fused.of_softplus(elementary.softplus(z), elementary.softplus(-z), y))
    own = LOSSES_OF.get(loss_kind(output.loss))
    return own(a, y) if own else output.losses(z, a, y)


def _relu(z: Array) -> Array:
    a: Array = np.maximum(z, 0.0)
    a += 0.0  # of the two zeros, the positive one
    return a


def _elu(z: Array, alpha: float) -> Array:
    return np.where(z > 0.0, z, alpha * elementary.expm1(np.where(z > 0.0, 0.0, z)))


def _selu(z: Array) -> Array:
    a: Array = SELU_SCALE * _elu(z, SELU_ALPHA)
    return a


def _silu(z: Array) -> Array:
    a: Array = z * elementary.sigmoid(z)
    return a


def _silu_slope(z: Array, a: Array) -> Array:
    s = elementary.sigmoid(z)
    slope: Array = s + a * (1.0 - s)
    return slope


def _gelu(z: Array) -> Array:
    a: Array = z * elementary.normal_distribution(z)
    return a


def _gelu_slope(z: Array, a: Array) -> Array:
    slope: Array = elementary.normal_distribution(z) + z * elementary.exp(-0.5 * z * z) / ROOT_2_PI
    return slope


def _tanh_of_gelu(z: Array) -> Array:
    return elementary.tanh(SCALE * (z + CUBE * (z * z * z)))


def _gelu_tanh(z: Array) -> Array:
    a: Array = 0.5 * z * (1.0 + _tanh_of_gelu(z))
    return a


def _gelu_tanh_slope(z: Array, a: Array) -> Array:
    t = _tanh_of_gelu(z)
    slope: Array = 0.5 * (1.0 + t) + 0.5 * z * (1.0 - t * t) * SCALE * (1.0 + 3.0 * CUBE * z * z)
    return slope


def _softmax(z: Array) -> Array:
    return softmax_parts(z)[0]


def softmax_parts(z: Array) -> tuple[Array, Array]:
    """eᶻ / Σ eᶻ, (batch, n_out), and the greatest z and Σ eᶻ⁻ᵐᵒˢᵗ of each row, (batch, 2)."""
    z = np.ascontiguousarray(z.T)  # NumPy's innermost loop is that over the batch then
    most, total = parts = np.empty((2, z.shape[1]))
    np.maximum.reduce(z, out=most)
    e = elementary.exp_up_to_0(z - most)
    e /= sum_down(e, total)
    return e.T, parts.T


def _mean(of: Array) -> Array:
    mean: Array = sum_across(of) / of.shape[1]
    return mean


def _sse(y_hat: Array, y: Array) -> Array:
    error = y_hat - y
    return sum_across(error * error)


def _half_sse(y_hat: Array, y: Array) -> Array:
    half: Array = 0.5 * _sse(y_hat, y)
    return half


def _mse(y_hat: Array, y: Array) -> Array:
    error = y_hat - y
    return _mean(error * error)


def _mae(y_hat: Array, y: Array) -> Array:
    return _mean(np.abs(y_hat - y))


def _huber(y_hat: Array, y: Array) -> Array:
    size = np.abs(y_hat - y)
    return _mean(np.where(size <= 1.0, 0.5 * size * size, size - 0.5))


def _hinge(y_hat: Array, y: Array) -> Array:
    return sum_across(_relu(1.0 - y * y_hat))


def _bce(y_hat: Array, y: Array) -> Array:
    return -sum_across(_x_log_y(y, y_hat) + _x_log_y(1.0 - y, 1.0 - y_hat))


def _cross_entropy(y_hat: Array, y: Array) -> Array:
    return -sum_across(_x_log_y(y, y_hat))


def _x_log_y(x: Array, y: Array) -> Array:
    return np.where(x == 0.0, 0.0, x * elementary.log(y))


ROOT_2_PI = sqrt(2.0 * pi)
FUNCTIONS: Mapping[str, Function] = {
    "sigmoid": elementary.sigmoid,
    "tanh": elementary.tanh,
    "relu": _relu,
    "selu": _selu,
    "silu": _silu,
    "gelu": _gelu,
    "gelu-tanh": _gelu_tanh,
    "softplus": elementary.softplus,
    "softmax": _softmax,
}
"""Functions of activations; elu has its own number, and the others have no exponential."""
SLOPES: Mapping[str, Slope] = {
    "silu": _silu_slope,
    "gelu": _gelu_slope,
    "gelu-tanh": _gelu_tanh_slope,
    "softplus": lambda z, a: elementary.sigmoid(z),
}
"""Derivatives of activations; those of the others have no exponential."""
LOSSES_OF: Mapping[str, LossOf] = {
    "sse": _sse,
    "half-sse": _half_sse,
    "mse": _mse,
    "mae": _mae,
    "bce": _bce,
    "cross-entropy": _cross_entropy,
    "hinge": _hinge,
    "huber": _huber,
}
"""The loss of each example, of ŷ and y."""
