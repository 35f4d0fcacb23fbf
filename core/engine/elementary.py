"""The elementary functions of arrays of float64: the operations of elementary_numbers.py, with the same bits.

They are made in place, which makes no new array for each.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import inf, nan
from typing import TypeAlias

from ..functions import lazy_numpy as np
from ..functions.arrays import Array
from ..functions.elementary_numbers import (
    EXP_2,
    EXP_3,
    EXPM1_2,
    EXPM1_3,
    EXPM1_4,
    LEAST,
    LEAST_MINUS_1,
    LOG_3,
    LOG_4,
    LOG_5,
    MOST,
    POWERS_PER_E,
    ROOT_HALF,
    ROUND,
    ROUND_LOG,
    STEP_HIGH,
    STEP_LOW,
    TANH_2,
    TANH_4,
    exp_of,
    expm1_of,
    log_by,
    log_of,
    normal_distribution_of,
    sigmoid_of,
    softplus_of,
    tanh_of,
)
from ..functions.tables import (
    LEAST_EXPONENT,
    LOGS,
    LOGS_LOW,
    MOST_TANGENT,
    POWERS,
    POWERS_LOW,
    POWERS_OF_2,
    SCALES,
    TANGENTS,
    TANHS,
    TANHS_LOW,
)

Of1: TypeAlias = Callable[[float], float]
OfArray: TypeAlias = Callable[[Array], Array]

FEW = 12
"""Numbers of an array that are computed one by one sooner than together."""


class Constants:
    """The numbers and tables as arrays: NumPy is twice as quick with an array of one number as with a number."""

    def __init__(self) -> None:
        """Make each once."""
        self.zero, self.one, self.half = np.array(0.0), np.array(1.0), np.array(0.5)
        self.root_half = np.array(ROOT_HALF)
        self.powers_per_e, self.round = np.array(POWERS_PER_E), np.array(ROUND)
        self.step_high, self.step_low = np.array(STEP_HIGH), np.array(STEP_LOW)
        self.exp_2, self.exp_3 = np.array(EXP_2), np.array(EXP_3)
        self.expm1_2, self.expm1_3, self.expm1_4 = np.array(EXPM1_2), np.array(EXPM1_3), np.array(EXPM1_4)
        self.least, self.most, self.least_minus_1 = np.array(LEAST), np.array(MOST), np.array(LEAST_MINUS_1)
        self.tanh_2, self.tanh_4 = np.array(TANH_2), np.array(TANH_4)
        self.log_3, self.log_4, self.log_5 = np.array(LOG_3), np.array(LOG_4), np.array(LOG_5)
        self.round_tangent, self.round_log = np.array(ROUND / TANGENTS), np.array(ROUND_LOG)
        self.most_tangent, self.least_tangent = np.array(float(MOST_TANGENT)), np.array(-float(MOST_TANGENT))
        self.powers, self.powers_low = np.array(POWERS), np.array(POWERS_LOW)
        self.logs, self.logs_low = np.array(LOGS), np.array(LOGS_LOW)
        # The tables with negative indices begin with the least of these, which is the place 0.
        below = TANGENTS * MOST_TANGENT
        self.tanhs, self.tanhs_low = np.roll(TANHS, below), np.roll(TANHS_LOW, below)
        self.scales = np.roll(SCALES, -LEAST_EXPONENT)
        self.words = np.dtype(np.int64)
        self.first_power = np.array(self.round.view(self.words) + LEAST_EXPONENT * POWERS_OF_2)
        self.first_tangent = np.array(self.round_tangent.view(self.words) - below)
        self.first_log = self.round_log.view(self.words)
        self.round_less_1 = self.round - 1.0
        self.tables = (
            self.powers,
            self.powers_low,
            self.logs,
            self.logs_low,
            self.tanhs,
            self.tanhs_low,
            self.scales,
        )
        self.mask, self.shift = np.array(POWERS_OF_2 - 1), np.array(POWERS_OF_2.bit_length() - 1)


@cache
def constants() -> Constants:
    """Made when they are first needed."""
    return Constants()


def _powers_of(c: Constants, x: Array, k: Array) -> tuple[Array, Array, Array, Array]:
    """r, t, what t lacks, and a scale, so that eˣ is eʳ t scale; k, the number of t plus ROUND, is overwritten."""
    j = k.view(c.words) - c.first_power
    k -= c.round
    r = x - k * c.step_high
    k *= c.step_low
    r -= k
    scale = c.scales.take(j >> c.shift, None, None, "clip")
    j &= c.mask
    return r, c.powers.take(j, None, None, "clip"), c.powers_low.take(j, None, None, "clip"), scale


def _exp(x: Array) -> Array:
    c = constants()
    x = np.minimum(x, c.most)
    return _exp_up_to_most(c, np.maximum(x, c.least, out=x))


def _exp_up_to_0(x: Array) -> Array:
    """eˣ of numbers that are not above 0."""
    c = constants()
    return _exp_up_to_most(c, np.maximum(x, c.least))


def _exp_up_to_most(c: Constants, x: Array) -> Array:
    k = x * c.powers_per_e
    k += c.round
    r, t, low, scale = _powers_of(c, x, k)
    y: Array = r * c.exp_3
    y += c.exp_2
    y *= r
    y *= r
    y += r
    y *= t
    y += low
    y += t
    y *= scale
    return y


def _exp_of_minus_size(x: Array) -> Array:
    """e^−|x|."""
    c = constants()
    x = np.copysign(x, c.least)
    return _exp_up_to_most(c, np.maximum(x, c.least, out=x))


def _expm1(x: Array) -> Array:
    c = constants()
    x = np.maximum(x, c.least_minus_1)
    k = x * c.powers_per_e
    k += c.round
    np.copyto(k, c.round, where=k == c.round_less_1)
    r, t, low, scale = _powers_of(c, x, k)
    p = r * c.expm1_4
    p += c.expm1_3
    p *= r
    p += c.expm1_2
    p *= r
    p *= r
    p += r
    p *= t
    p += low
    p *= scale
    t *= scale
    e: Array = t + p
    np.subtract(e, t, out=t)
    p -= t
    e -= c.one
    e += p
    return e


def _log_of_usual(x: Array) -> Array:
    """The logarithm of numbers above 0 that are finite."""
    f, n = np.frexp(x)
    is_small = np.less(f, constants().root_half)
    f *= is_small + constants().one
    f -= constants().one
    log: Array = log_by(np.subtract(n, is_small, dtype=x.dtype), f)
    return log


def _log(x: Array) -> Array:
    log = _log_of_usual(x)
    return np.where((x > 0.0) & (x < inf), log, np.where(x > 0.0, x, np.where(x == 0.0, -inf, nan)))


def _tanh(x: Array, out: Array | None = None) -> Array:
    c = constants()
    r: Array = np.minimum(x, c.most_tangent, out=out)
    np.maximum(r, c.least_tangent, out=r)
    a = r + c.round_tangent
    j = a.view(c.words) - c.first_tangent
    a -= c.round_tangent
    r -= a
    square = np.multiply(r, r, out=a)
    s = square * c.tanh_4
    s += c.tanh_2
    s *= square
    t = c.tanhs.take(j, None, None, "clip")
    q = t * r
    s += q
    np.multiply(t, t, out=q)
    q += s
    s += c.one
    q /= s
    q *= r
    r += c.tanhs_low.take(j, None, None, "clip")
    r -= q
    r += t
    return r


def _sigmoid(x: Array) -> Array:
    return sigmoid_by_exp(x, _exp_of_minus_size(x))


def sigmoid_by_exp(x: Array, e: Array, out: Array | None = None) -> Array:
    """The sigmoid, of e = e^−|x|; into `out` where there is one."""
    c = constants()
    y: Array = np.heaviside(x, c.one)
    np.maximum(y, e, out=y)
    sigmoid: Array = np.divide(y, e + c.one, y if out is None else out)
    return sigmoid


def _softplus(x: Array) -> Array:
    return softplus_by_exp(x, _exp_of_minus_size(x))


def softplus_by_exp(x: Array, e: Array) -> Array:
    """ln(1 + eˣ), of e = e^−|x|."""
    c = constants()
    a = e + c.round_log
    j = a.view(c.words) - c.first_log
    a -= c.round_log
    r: Array = e - a
    a += c.one
    r /= a
    s = r * c.log_5
    s += c.log_4
    s *= r
    s += c.log_3
    s *= r
    s += c.half
    s *= r
    s *= r
    s -= c.logs_low.take(j, None, None, "clip")
    r -= s
    r += c.logs.take(j, None, None, "clip")
    r += np.maximum(x, c.zero)
    return r


def _each(of_1: Of1) -> OfArray:
    """The function of an array, one number after the other."""

    def of_each(x: Array) -> Array:
        return np.array([of_1(each) for each in x.ravel().tolist()], x.dtype).reshape(x.shape)

    return of_each


def _quickest(of_1: Of1, of_array: OfArray) -> OfArray:
    """Of two functions with the same bits, the one that is quicker for an array of this size."""
    of_each = _each(of_1)
    return lambda x: of_each(x) if x.size <= FEW else of_array(x)


def tanh_into(x: Array, out: Array) -> None:
    """Write the hyperbolic tangents into another array."""
    if x.size <= FEW:
        out[...] = tanh(x)
    else:
        _tanh(x, out)


exp = _quickest(exp_of, _exp)
exp_up_to_0 = _quickest(exp_of, _exp_up_to_0)
expm1 = _quickest(expm1_of, _expm1)
log = _quickest(log_of, _log)
log_of_usual = _quickest(log_of, _log_of_usual)
tanh = _quickest(tanh_of, _tanh)
sigmoid = _quickest(sigmoid_of, _sigmoid)
softplus = _quickest(softplus_of, _softplus)
exp_of_minus_size = _quickest(lambda x: exp_of(x if x < 0.0 else -x), _exp_of_minus_size)
normal_distribution = _each(normal_distribution_of)
