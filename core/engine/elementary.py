"""Elementary functions of + − × ÷ and powers of two alone, so that they give the same bits on every machine.

IEEE 754 fixes these operations, and no system's libm is asked. Each function is written once, for numbers and for
arrays of float64 alike; kernel.c has the same operations in the same order. exp, expm1, log and softplus are within
1 ulp, tanh within 2, as measured beside 80-bit numbers.

Source: fdlibm, "Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun
Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely granted, provided
that this notice is preserved."
"""

from __future__ import annotations

from collections.abc import Callable
from math import copysign, frexp, inf, ldexp, nan
from typing import Any, TypeAlias

from ..functions import lazy_numpy as np
from ..functions.arrays import Array
from .error_function import erfc_by

Real: TypeAlias = Any
"""A number, or an array of them."""

Of1: TypeAlias = Callable[[float], float]
OfArray: TypeAlias = Callable[[Array], Array]

FEW = 12
"""Numbers of an array that are computed one by one sooner than together."""
ROUND = 6755399441055744.0
"""1.5 · 2⁵²: added and taken off again, it rounds to a whole number."""
LOG2_E = 1.4426950408889634
LN_2_HIGH, LN_2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""ln 2 in two parts; the first has so few digits that its products with whole numbers are exact."""
LEAST, MOST = -746.0, 710.0
"""Where eᶻ is 0 and infinite."""
LEAST_MINUS_1 = -50.0
"""Where eᶻ − 1 is −1."""
ROOT_2, ROOT_HALF = 1.4142135623730951, 0.7071067811865476
E = (
    *(1.0, -3.33333333333331316428e-02, 1.58730158725481460165e-03, -7.93650757867487942473e-05),
    *(4.00821782732936239552e-06, -2.01099218183624371326e-07),
)
L = (
    *(6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01),
    *(1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01),
)
"""The polynomials of the exponential and of the logarithm."""
POWERS = [ldexp(1.0, n) for n in range(-540, 540)]
"""Powers of two, so that a product with two of them scales as far as numbers reach."""


def polynomial(x: Real, *coefficients: float) -> Real:
    """c₀ + x (c₁ + x (c₂ + …)), the innermost first."""
    # In place, which makes no new array for each term.
    value = x * coefficients[-1]
    value += coefficients[-2]
    for each in coefficients[-3::-1]:
        value *= x
        value += each
    return value


def _reduced(x: Real) -> tuple[Real, Real, Real]:
    """k, r and c, so that x = k ln 2 + r + c; k is whole, |r| ≤ ½ ln 2 and c is what r lacks."""
    k = x * LOG2_E
    k += ROUND
    k -= ROUND
    high, low = x - k * LN_2_HIGH, k * LN_2_LOW
    r = high - low
    high -= r
    high -= low
    return k, r, high


def _e_minus_1(r: Real, c: Real) -> Real:
    """e^(r + c) − 1."""
    half = 0.5 * r
    square = r * half
    R = polynomial(square, *E)
    half *= R
    t = 3.0 - half
    R -= t
    t *= r
    R /= 6.0 - t
    R *= square
    R -= c
    R *= r
    R -= c
    R -= square
    return r - R


def _log_of(k: Real, f: Real, c: Real) -> Real:
    """k ln 2 + ln(1 + f) + c."""
    s = f / (2.0 + f)
    z = s * s
    R = polynomial(z, *L)
    R *= z
    half_square = f * f
    half_square *= 0.5
    R += half_square
    R *= s
    R += k * LN_2_LOW + c
    half_square -= R
    half_square -= f
    return k * LN_2_HIGH - half_square


def _log_1_and(e: Real, u: Real, k: Real, share: Real) -> Real:
    """ln(1 + e) of a number from 0 to 1, of u = 1 + e, and of k = 1, share = ½ where u > √2, otherwise 0 and 1."""
    return _log_of(k, u * share - 1.0, (e - (u - 1.0)) / u)


def exp_of(x: float) -> float:
    """eˣ."""
    k, r, c = _reduced(LEAST if x < LEAST else MOST if x > MOST else x)
    return scaled_by_2(1.0 + _e_minus_1(r, c), k)


def scaled_by_2(x: float, k: float) -> float:
    """x · 2ᵏ."""
    if k != k:
        return x
    n = int(k)
    first = n >> 1
    return x * POWERS[first + 540] * POWERS[n - first + 540]


def expm1_of(x: float) -> float:
    """eˣ − 1, of a number up to 0."""
    k, r, c = _reduced(LEAST_MINUS_1 if x < LEAST_MINUS_1 else x)
    return scaled_by_2(_e_minus_1(r, c) + (1.0 - scaled_by_2(1.0, -k)), k)


def log_of(x: float) -> float:
    """Ln x."""
    if not 0.0 < x < inf:
        return x if x > 0.0 else -inf if x == 0.0 else nan
    f, n = frexp(x)
    if f < ROOT_HALF:
        f, n = 2.0 * f, n - 1
    return float(_log_of(float(n), f - 1.0, 0.0))


def tanh_of(x: float) -> float:
    """The hyperbolic tangent."""
    t = expm1_of(-2.0 * abs(x))
    return copysign(t / (2.0 + t), x)


def sigmoid_of(x: float) -> float:
    """1 / (1 + e⁻ˣ), and eˣ / (1 + eˣ) below 0."""
    e = exp_of(-abs(x))
    return (e if x < 0.0 else 1.0) / (1.0 + e)


def softplus_of(x: float) -> float:
    """ln(1 + eˣ)."""
    e = exp_of(-abs(x))
    u = 1.0 + e
    log = _log_1_and(e, u, 1.0, 0.5) if u > ROOT_2 else _log_1_and(e, u, 0.0, 1.0)
    return float((0.0 if x <= 0.0 else x) + log)


def erfc_of(x: float) -> float:
    """1 − erf x, exact far above 0 too."""
    return erfc_by(exp_of, polynomial, x)


def normal_distribution_of(x: float) -> float:
    """½ (1 + erf(x / √2))."""
    return 0.5 * erfc_of(x / -ROOT_2)


def _exp(x: Array) -> Array:
    k, r, c = _reduced(np.minimum(np.maximum(x, LEAST), MOST))
    y: Array = 1.0 + _e_minus_1(r, c)
    y = np.ldexp(y, k.astype(np.int32))
    return y


def _expm1(x: Array) -> Array:
    k, r, c = _reduced(np.maximum(x, LEAST_MINUS_1))
    n = k.astype(np.int32)
    y: Array = _e_minus_1(r, c) + (1.0 - np.ldexp(1.0, -n))
    y = np.ldexp(y, n)
    return y


def _log(x: Array) -> Array:
    f, n = np.frexp(x)
    is_small = f < ROOT_HALF
    log: Array = _log_of(np.subtract(n, is_small, dtype=x.dtype), np.ldexp(f, is_small.astype(np.int32)) - 1.0, 0.0)
    return np.where((x > 0.0) & (x < inf), log, np.where(x > 0.0, x, np.where(x == 0.0, -inf, nan)))


def _tanh(x: Array) -> Array:
    t = _expm1(-2.0 * np.abs(x))
    return np.copysign(t / (2.0 + t), x)


def _sigmoid(x: Array) -> Array:
    e = _exp(-np.abs(x))
    y: Array = np.where(x < 0.0, e, 1.0) / (1.0 + e)
    return y


def _softplus(x: Array) -> Array:
    e = _exp(-np.abs(x))
    return _softplus_by(x, e, 1.0 + e)


def _softplus_by(x: Array, e: Array, u: Array) -> Array:
    """ln(1 + eˣ), of e = e^−|x| and u = 1 + e."""
    k = (u > ROOT_2).astype(x.dtype)
    y: Array = np.where(x <= 0.0, 0.0, x) + _log_1_and(e, u, k, 1.0 - 0.5 * k)
    return y


def sigmoid_and_softplus(x: Array) -> tuple[Array, Array]:
    """Both, by one exponential."""
    if x.size <= FEW:
        return sigmoid(x), softplus(x)
    e = _exp(-np.abs(x))
    u = 1.0 + e
    y: Array = np.where(x < 0.0, e, 1.0) / u
    return y, _softplus_by(x, e, u)


def _each(of_1: Of1) -> OfArray:
    """The function of an array, one number after the other."""

    def of_each(x: Array) -> Array:
        return np.array([of_1(each) for each in x.ravel().tolist()], x.dtype).reshape(x.shape)

    return of_each


def _quickest(of_1: Of1, of_array: OfArray) -> OfArray:
    """Of two functions with the same bits, the one that is quicker for an array of this size."""
    of_each = _each(of_1)
    return lambda x: of_each(x) if x.size <= FEW else of_array(x)


exp = _quickest(exp_of, _exp)
expm1 = _quickest(expm1_of, _expm1)
log = _quickest(log_of, _log)
tanh = _quickest(tanh_of, _tanh)
sigmoid = _quickest(sigmoid_of, _sigmoid)
softplus = _quickest(softplus_of, _softplus)
normal_distribution = _each(normal_distribution_of)


def power(base: float, n: float) -> float:
    """The base to the power of a whole number from 0 up, by squares."""
    product, left = 1.0, int(n)
    while left:
        if left & 1:
            product *= base
        base *= base
        left >>= 1
    return product
