"""The functions, tables and numbers that generated Python uses, with what is looked up together in one table."""

from __future__ import annotations

from functools import cache, partial
from itertools import islice
from math import floor, sqrt
from typing import Any, TypeAlias

from ..functions import elementary_numbers as numbers
from ..functions.tables import POWERS, POWERS_LOW, POWERS_OF_2, SCALES, TANH_SLOPES, TANHS

Pair: TypeAlias = tuple[float, float]

FAR = 2**15
"""Numbers by which the table of tanh goes on as it ends."""
MOST_POWER = 900 * POWERS_OF_2
"""The number of the least power; smaller ones could lose bits in a product."""
KEPT_POWERS = 2**16
"""The most numbers of the table of powers, which begins empty."""


@cache
def generated_tables() -> dict[str, Any]:
    """Each by its name in generated Python."""
    powers: list[Pair] = []
    return {name: value for name, value in vars(numbers).items() if isinstance(value, float)} | {
        "POWERS": powers,
        "power_at": partial(power_at, powers),
        "TANHS": [*islice(zip(TANHS, TANH_SLOPES, strict=True), len(TANHS) // 2 + 1), *[(1.0, 0.0)] * FAR],
        "sqrt": sqrt,
        "floor": floor,
        "power": numbers.power,
    }


def power_at(powers: list[Pair], n: int) -> Pair:
    """2^(−n/2048) and its rounding error, which the list keeps, with all before it, unless they are too many.

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


def _power(n: int) -> Pair:
    scale = SCALES[-n >> POWERS_OF_2.bit_length() - 1]
    return POWERS[-n % POWERS_OF_2] * scale, POWERS_LOW[-n % POWERS_OF_2] * scale
