"""Figures of a drawing: numbers in so many columns, and how strong a weight is."""

from math import isfinite

from ..numbers import MINUS

WEAK, STRONG = 0.25, 0.6
"""Shares of the largest weight of a gap, below which a line is dim, and from which on it is bright and thick."""
DENSE_WEAK, DENSE_STRONG = 0.4, 0.7
"""The same where there are many lines."""


def fitted(number: float, width: int, decimals: int, *, sign: bool) -> str:
    """A number in so many columns, with as many of its decimals as fit; very large ones as 1e9."""
    if not isfinite(number):
        return ("nan" if number != number else "inf" if number > 0 else f"{MINUS}inf").rjust(width)
    form = "+" if sign else ""
    for places in range(decimals, -1, -1):
        if len(text := f"{number:{form}.{places}f}") <= width:
            return _typeset(text).rjust(width)
    return _typeset(f"{number:{form}.0e}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-"))[:width].rjust(
        width
    )


def gradient(number: float, width: int, decimals: int) -> str:
    """A gradient; one that would be written as 0 keeps its order of magnitude, as +4e−5."""
    if number and isfinite(number) and abs(number) < 0.5 * 10.0**-decimals:
        return _typeset(f"{number:+.0e}".replace("e-0", "e-"))[:width].rjust(width)
    return fitted(number, width, decimals, sign=True)


def strength_level(share: float, *, dense: bool) -> int:
    """How bright a line is, from 1 to 3, by its share of the largest weight of its gap."""
    weak, strong = (DENSE_WEAK, DENSE_STRONG) if dense else (WEAK, STRONG)
    return 1 if share < weak else 2 if share < strong else 3


def sign_style(number: float, level: int) -> str:
    """The style of a number or of its line."""
    return f"plus-{level}" if number > 0 else f"minus-{level}" if number < 0 else "faint"


def _typeset(text: str) -> str:
    return text.replace("-", MINUS)
