"""Elementary functions from + − × ÷ and powers of two only, so that every machine computes the same bits.

IEEE 754 fixes these operations, and no system's libm is called. These functions are for numbers; elementary.py has
those for arrays, kernel.c and generated.py the same operations in the same order. exp, expm1, log and tanh are within
1 ulp, softplus within 2 and on average within a third, compared with 113-bit numbers.

A number is split into the nearest point of a table and a small remainder, for which a short polynomial is enough.
Source: Tang, Table-driven implementation of the exponential function, 1989. The logarithm, the sine and the cosine are
those of fdlibm: "Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun
Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely granted, provided
that this notice is preserved."
"""

from __future__ import annotations

from functools import lru_cache
from math import frexp, inf, nan, pi
from typing import Any, TypeAlias

from .error_function import erfc_by
from .tables import (
    LOGARITHMS,
    LOGS,
    LOGS_LOW,
    POWERS,
    POWERS_LOW,
    POWERS_OF_2,
    SCALES,
    TANHS,
    TANHS_LOW,
)

Real: TypeAlias = Any
"""A number, or an array of them."""


ROUND = 6755399441055744.0
"""1.5 · 2⁵²: adding and subtracting it rounds to a whole number."""
LN_2_HIGH, LN_2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""ln 2 in two parts; the first has few digits, so that its products with whole numbers are exact."""
POWERS_PER_E = 2954.639443740597
"""2048 / ln 2."""
STEP_HIGH, STEP_LOW = LN_2_HIGH / POWERS_OF_2, LN_2_LOW / POWERS_OF_2
"""The distance between two powers of the table, in two parts."""
EXP_2, EXP_3 = 0.500000000988, 0.1666666666666667
"""Coefficients of r² and r³ in eʳ, the best for |r| up to half that distance."""
EXPM1_2, EXPM1_3, EXPM1_4 = 0.5000000000001511, 0.16666666635221294, 0.0416613532617046
"""Coefficients of r², r³ and r⁴ in eʳ, for the least error relative to r from −1½ of that distance to ½ of it."""
LEAST, MOST = -746.0, 710.0
"""The numbers from which on eᶻ is 0 and infinite."""
LEAST_MINUS_1 = -50.0
"""The number below which eᶻ − 1 is −1."""
TANH_2, TANH_4 = 0.3333333333331202, -0.022222177169656594
"""Coefficients of r² and r⁴ in r / tanh r, the best for |r| up to 1/256."""
ROUND_LOG = ROUND / LOGARITHMS
"""Adding and subtracting it rounds to a point of the table of logarithms."""
LOG_3, LOG_4, LOG_5 = -0.3333333333333333, 0.25, -0.2
"""Coefficients of r³, r⁴ and r⁵ in r − ln(1 + r), except for the sign."""
QUARTER_HIGH, QUARTER_LOW = 1.57079632673412561417e00, 6.07710050650619224932e-11
"""½ π in two parts, as for ln 2."""
SINE = (
    *(-1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04),
    *(2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10),
)
COSINE = (
    *(4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05),
    *(-2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11),
)
"""The polynomials of the sine and the cosine, up to an eighth of a turn."""
ROOT_2, ROOT_HALF = 1.4142135623730951, 0.7071067811865476
L = (
    *(6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01),
    *(1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01),
)
"""The polynomial of the logarithm."""


def polynomial(x: Real, *coefficients: float) -> Real:
    """c₀ + x (c₁ + x (c₂ + …)), from the inside out."""
    # In place, so that no term needs a new array.
    value = x * coefficients[-1]
    value += coefficients[-2]
    for each in coefficients[-3::-1]:
        value *= x
        value += each
    return value


def log_by(k: Real, f: Real) -> Real:
    """k ln 2 + ln(1 + f)."""
    s = f / (2.0 + f)
    z = s * s
    R = polynomial(z, *L)
    R *= z
    half_square = f * f
    half_square *= 0.5
    R += half_square
    R *= s
    R += k * LN_2_LOW
    half_square -= R
    half_square -= f
    return k * LN_2_HIGH - half_square


def exp_of(x: float) -> float:
    """eˣ."""
    if x != x:
        return x
    x = LEAST if x < LEAST else MOST if x > MOST else x
    k = x * POWERS_PER_E + ROUND - ROUND
    j = int(k)
    r = x - k * STEP_HIGH - k * STEP_LOW
    t = POWERS[j & 2047]
    return (((r * EXP_3 + EXP_2) * r * r + r) * t + POWERS_LOW[j & 2047] + t) * SCALES[j >> 11]


def expm1_of(x: float) -> float:
    """eˣ − 1, of a number up to 0."""
    if x != x:
        return x
    x = LEAST_MINUS_1 if x < LEAST_MINUS_1 else x
    k = x * POWERS_PER_E + ROUND - ROUND
    if k == -1.0:
        k = 0.0  # r is x itself, and nothing cancels
    j = int(k)
    r = x - k * STEP_HIGH - k * STEP_LOW
    t, scale = POWERS[j & 2047], SCALES[j >> 11]
    p = ((((r * EXPM1_4 + EXPM1_3) * r + EXPM1_2) * r * r + r) * t + POWERS_LOW[j & 2047]) * scale
    t *= scale
    e = t + p
    return (e - 1.0) + (p - (e - t))


def log_of(x: float) -> float:
    """Ln x."""
    if not 0.0 < x < inf:
        return x if x > 0.0 else -inf if x == 0.0 else nan
    f, n = frexp(x)
    if f < ROOT_HALF:
        f, n = 2.0 * f, n - 1
    return float(log_by(float(n), f - 1.0))


def tanh_of(x: float) -> float:
    """The hyperbolic tangent: t + r − r (t² + s) / (1 + s) with 1 + s = t r + r / tanh r, where t is in the table."""
    if x != x:
        return x
    x = -20.0 if x < -20.0 else 20.0 if x > 20.0 else x
    k = x * 128.0 + ROUND - ROUND
    r, t, low = x - k / 128.0, TANHS[int(k)], TANHS_LOW[int(k)]
    square = r * r
    s = (square * TANH_4 + TANH_2) * square + t * r
    return r + low - (t * t + s) / (s + 1.0) * r + t


def sigmoid_of(x: float) -> float:
    """1 / (1 + e⁻ˣ), and eˣ / (1 + eˣ) below 0."""
    e = exp_of(x if x < 0.0 else -x)
    return (e if x < 0.0 else 1.0) / (1.0 + e)


def softplus_of(x: float) -> float:
    """ln(1 + eˣ)."""
    return softplus_by(x, exp_of(x if x < 0.0 else -x))


def softplus_by(x: float, e: float) -> float:
    """ln(1 + eˣ), of e = e^−|x|."""
    if x != x:
        return x
    a = e + ROUND_LOG - ROUND_LOG
    j = int(a * 1024.0)
    r = (e - a) / (a + 1.0)
    s = (((r * LOG_5 + LOG_4) * r + LOG_3) * r + 0.5) * r * r
    return r - (s - LOGS_LOW[j]) + LOGS[j] + (0.0 if x <= 0.0 else x)


def erfc_of(x: float) -> float:
    """1 − erf x, accurate even for large x."""
    return erfc_by(exp_of, polynomial, x)


def normal_distribution_of(x: float) -> float:
    """½ (1 + erf(x / √2))."""
    return 0.5 * erfc_of(x / -ROOT_2)


def sin_of(x: float) -> float:
    """The sine of an angle of a few turns."""
    sine, cosine, quarter = _sine_and_cosine(x)
    return (sine, cosine, -sine, -cosine)[quarter]


def cos_of(x: float) -> float:
    """The cosine of an angle of a few turns."""
    sine, cosine, quarter = _sine_and_cosine(x)
    return (cosine, -sine, -cosine, sine)[quarter]


def _sine_and_cosine(x: float) -> tuple[float, float, int]:
    """The sine and the cosine of the remainder of an angle after this many quarter turns."""
    n = x * (2.0 / pi) + ROUND - ROUND
    near, far = x - n * QUARTER_HIGH, n * QUARTER_LOW
    r = near - far
    low = (near - r) - far
    z = r * r
    sine = r - ((z * (0.5 * low - z * r * polynomial(z, *SINE[1:])) - low) - z * r * SINE[0])
    half = 0.5 * z
    cosine = (1.0 - half) + (((1.0 - (1.0 - half)) - half) + (z * (z * polynomial(z, *COSINE)) - r * low))
    return sine, cosine, int(n) & 3


def power(base: float, n: float) -> float:
    """The base to the power of a whole number from 0 up, by squares."""
    product, left, squares = 1.0, int(n), _squares(base)
    while left:
        lowest = left & -left
        product *= squares[lowest.bit_length() - 1]
        left ^= lowest
    return product


@lru_cache(maxsize=16)
def _squares(base: float) -> tuple[float, ...]:
    """The base, its square, the square of that and so on."""
    squares = [base]
    for _ in range(63):
        squares.append(squares[-1] * squares[-1])
    return tuple(squares)
