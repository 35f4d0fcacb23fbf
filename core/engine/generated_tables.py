"""The functions, tables and numbers that generated Python uses, with what is looked up together in one table."""

from __future__ import annotations

from functools import cache, partial
from math import floor, sqrt
from typing import Any, TypeAlias

from ..functions import elementary_numbers as numbers
from ..functions.tables import MOST_TANGENT, POWERS, POWERS_LOW, POWERS_OF_2, SCALES, TANGENTS, TANHS, TANHS_LOW

Row: TypeAlias = tuple[float, float, float, float]
"""A number of a table, and what belongs to it."""

FAR = 2**15
"""Numbers by which the table of tanh goes on as it ends."""
MOST_POWER = 900 * POWERS_OF_2
"""The number of the least power; smaller ones could lose bits in a product."""
KEPT_POWERS = 2**16
"""The most numbers of the table of powers, which begins empty."""


@cache
def generated_tables() -> dict[str, Any]:
    """Each by its name in generated Python."""
    powers: list[Row] = []
    return {name: value for name, value in vars(numbers).items() if isinstance(value, float)} | {
        "POWERS": powers,
        "power_at": partial(power_at, powers),
        "TANHS": [
            *map(_tangent, range(-MOST_TANGENT * TANGENTS, MOST_TANGENT * TANGENTS)),
            *[(float(MOST_TANGENT), 1.0, 0.0, 1.0)] * FAR,
        ],
        "sqrt": sqrt,
        "floor": floor,
        "power": numbers.power,
    }


def power_at(powers: list[Row], n: int) -> Row:
    """2^(−n/2048), its rounding error, and the negative of its logarithm in two parts.

    The list keeps them, with all before it, unless they are too many.

    Raises:
        OverflowError: it is so small that products with it could lose bits.
    """
    if n > MOST_POWER:
        raise OverflowError
    if n >= KEPT_POWERS:
        return _power(n)
    for begin in range(0, n + 1, POWERS_OF_2):
        if begin >= len(powers):  # another thread writes the same numbers to the same places
            powers[begin : begin + POWERS_OF_2] = map(_power, range(begin, begin + POWERS_OF_2))
    return powers[n]


def _power(n: int) -> Row:
    scale = SCALES[-n >> POWERS_OF_2.bit_length() - 1]
    place = -n % POWERS_OF_2
    return POWERS[place] * scale, POWERS_LOW[place] * scale, n * numbers.STEP_HIGH, n * numbers.STEP_LOW


def _tangent(n: int) -> Row:
    """n/128, its tanh, the rounding error of that, and the square."""
    return n / TANGENTS, TANHS[n], TANHS_LOW[n], TANHS[n] * TANHS[n]
