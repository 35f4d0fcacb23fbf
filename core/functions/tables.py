"""Tables that elementary functions interpolate: powers of two, logarithms and hyperbolic tangents on a grid.

They are computed in whole numbers, which are the same on every machine, and rounded once at the end, in about 5 ms.
"""

from math import inf, isqrt, ldexp

POWERS_OF_2 = 2048
"""Powers 2^(i/2048) from 1 to 2."""
LOGARITHMS = 1024
"""ln(1 + i/1024) from 0 to ln 2."""
TANGENTS, MOST_TANGENT = 128, 20
"""tanh(i/128) up to 20; beyond that it is 1."""
LEAST_EXPONENT, MOST_EXPONENT = -1077, 1024
"""The exponents of two that scale numbers; the least and the greatest give 0 and infinity."""
BITS = 128
"""The bits of the whole numbers after the point."""
ONE = 1 << BITS


def _powers() -> list[int]:
    """2^(i/2048)."""
    root = 2 * ONE
    for _ in range(POWERS_OF_2.bit_length() - 1):
        root = isqrt(root << BITS)
    powers = [ONE]
    for _ in range(1, POWERS_OF_2):
        powers.append(powers[-1] * root >> BITS)
    return powers


def _logarithms() -> list[int]:
    """ln(1 + i/1024), by ln((n + 1) / n) = 2 artanh(1 / (2n + 1))."""
    log, logs = 0, [0]
    for n in range(LOGARITHMS, 2 * LOGARITHMS):
        odd, square, count = 2 * ONE // (2 * n + 1), (2 * n + 1) ** 2, 1
        while odd:
            log += odd // count
            odd, count = odd // square, count + 2
        logs.append(log)
    return logs


def _exponentials() -> list[int]:
    """e^(2i/128), as far as the table of tanh needs it."""
    step, term, count = 0, ONE, 0
    while term:
        step, count = step + term, count + 1
        term //= TANGENTS // 2 * count
    powers = [ONE]
    for _ in range(TANGENTS * MOST_TANGENT):
        powers.append(powers[-1] * step >> BITS)
    return powers


def _rounded(numbers: list[int]) -> tuple[list[float], list[float]]:
    """The nearest numbers, and the rounding errors."""
    high = [each / ONE for each in numbers]
    return high, [(each - int(ldexp(top, BITS))) / ONE for each, top in zip(numbers, high, strict=True)]


def _mirrored(above: list[float]) -> list[float]:
    """The values at the indices −n … n, in the order of a list's indices: 0 … n and then −n … −1."""
    return [*above, *(-each for each in above[:0:-1])]


POWERS, POWERS_LOW = _rounded(_powers())
"""2^(i/2048), and the rounding errors."""
LOGS, LOGS_LOW = _rounded(_logarithms())
"""ln(1 + i/1024), and the rounding errors."""
TANHS, TANHS_LOW = map(_mirrored, _rounded([(e - ONE << BITS) // (e + ONE) for e in _exponentials()]))
"""tanh(i/128) and the rounding errors, with negative indices too."""
SCALES = [
    *(ldexp(1.0, n) for n in range(MOST_EXPONENT)),
    *(inf, *(ldexp(1.0, n) for n in range(LEAST_EXPONENT, 0))),
]
"""2ⁿ, with negative indices too."""
