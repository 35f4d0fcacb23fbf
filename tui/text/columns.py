"""Columns of numbers in one form, so that they can be compared and computed with by hand."""

from typing import NamedTuple

import numpy as np

from ...core.functions.arrays import Array
from .numbers import MINUS, signed

MOST = 100_000
"""From here on numbers have an exponent."""


class Form(NamedTuple):
    """How all numbers of a column are written."""

    decimals: int
    has_exponent: bool = False

    def text(self, value: float) -> str:
        """A number with its sign."""
        if not np.isfinite(value):
            return signed(value)
        if value == 0:
            return f"{0:.{0 if self.has_exponent else self.decimals}f}"
        sign = MINUS if value < 0 else "+"
        return sign + f"{abs(value):.{self.decimals}{'e' if self.has_exponent else 'f'}}".replace("e-", f"e{MINUS}")


def form_of(values: Array, decimals: int, width: int, digits: int) -> Form:
    """The form in which every one of these numbers shows enough digits.

    Args:
        values: those of the column.
        decimals: as many as there are where no number is too small or too large for that.
        width: columns for a number, with a gap before it.
        digits: significant ones that the smallest number must show.
    """
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if not sizes.size:
        return Form(decimals)
    least, greatest = float(sizes.min()), float(sizes.max())
    # Digits before the point take the place of decimals, so that a column keeps its width.
    fixed = max(decimals - max(len(str(int(greatest))) - 2, 0), 0) if greatest < MOST else 0
    if greatest < MOST and least >= 10.0 ** (digits - 1 - fixed):
        return Form(fixed)
    exponent = max(len(f"{size:e}".partition("e")[2]) for size in (least, greatest))
    return Form(max(width - exponent - len(" +1.e"), 0), has_exponent=True)
