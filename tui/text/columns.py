"""Columns of numbers in one form, for comparison and for computing by hand."""

from typing import NamedTuple

import numpy as np

from ...core.functions.arrays import Array
from .numbers import MINUS, signed
from .spans import Span

MOST = 100_000
"""From this size on, numbers have an exponent."""


class Form(NamedTuple):
    """The form of all numbers in a column."""

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
        values: the values of the column.
        decimals: the decimals, unless a number is too small or too large for them.
        width: columns for a number, with a gap before it.
        digits: the significant digits that the smallest number must show.
    """
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if not sizes.size:
        return Form(decimals)
    least, greatest = float(sizes.min()), float(sizes.max())
    # Digits before the point replace decimals, so that a column keeps its width.
    whole = len(f"{greatest:.{decimals}f}".partition(".")[0]) if greatest < MOST else width
    fixed = max(min(decimals, width - len(" +.") - whole), 0)
    if greatest < MOST and least >= 10.0 ** (digits - 1 - fixed):
        return Form(fixed)
    exponent = max(len(f"{size:e}".partition("e")[2]) for size in (least, greatest))
    return Form(max(width - exponent - len(" +1.e"), 0), has_exponent=True)


def bar(value: float, largest: float, width: int, *, is_stale: bool = False) -> list[Span]:
    """A bar whose length shows a number relative to the largest, in the colour of its sign, in this many columns."""
    return bar_of_size(value, largest, width, "plus-2" if value > 0 else "minus-2", *(("stale",) if is_stale else ()))


def bar_of_size(value: float, largest: float, width: int, *styles: str) -> list[Span]:
    """A bar in these styles, padded to this many columns."""
    share = abs(value) / largest if np.isfinite(value) and largest > 0 else 0.0
    halves = round(min(share, 1.0) * 2 * width)
    text = "━" * (halves // 2) + "╸" * (halves % 2)
    return [Span(text, styles), Span(" " * (width - len(text)))] if text else [Span(" " * width)]
