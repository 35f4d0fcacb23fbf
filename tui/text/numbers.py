"""Numbers as text, so that they fit in columns and show their sign."""

from math import floor, isfinite, log10

MINUS = "−"
MOST_ZEROS = 3
"""The most zeros after the point of a number with significant digits."""
LARGE = 100_000
"""From here on, a number has an exponent."""
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))
"""Seconds of each unit, the largest first."""


def signed(number: float, decimals: int = 6) -> str:
    """A number with its sign, as +0.178863; very small and very large ones as +1.2346e−05."""
    if number == 0:
        return f"{0:.{decimals}f}".rjust(decimals + 3)
    return ("+" if number > 0 else MINUS if number < 0 else " ") + plain(abs(number), decimals)


def plain(number: float, decimals: int = 6) -> str:
    """A number, with a sign only if it is negative."""
    if number < 0:
        return MINUS + plain(-number, decimals)
    if not isfinite(number):
        return "nan" if number != number else "inf"
    number = abs(number)  # 0 may have a sign too, which is not shown
    # Fixed while it shows three digits, or one if there are few decimals.
    if number == 0 or 10.0 ** -min(decimals, max(decimals - 2, 3)) <= number < LARGE:
        # Digits before the point replace decimals, so that a column keeps its width.
        before = len(str(int(number)))
        return f"{number:.{max(0, decimals - max(0, before - 2))}f}"
    return f"{number:.{max(decimals - 4, 0)}e}".replace("e-", f"e{MINUS}").replace("e+", "e")


def significant(number: float, digits: int = 3) -> str:
    """A number with as many significant digits or decimals, as 0.652, 0.0523, 0.000412, 4.12e−05; see `wide`."""
    exponent = floor(log10(abs(number))) if number and isfinite(number) else 0
    return plain(number, digits + (MOST_ZEROS if abs(number) >= LARGE else min(max(-1 - exponent, 0), MOST_ZEROS)))


def wide(digits: int = 3) -> int:
    """Columns for a number from 0 to 100 000 with this many significant digits."""
    return len("0.") + MOST_ZEROS + digits


def short(number: float) -> str:
    """A number as people say it: 0.5, 12, 1e−05."""
    return f"{number:g}".replace("-", MINUS).replace("e+0", "e").replace(f"e{MINUS}0", f"e{MINUS}")


def count(number: float) -> str:
    """A count with thin groups: 12 345."""
    return f"{number:,.0f}".replace(",", " ")


def counted(number: int, word: str) -> str:
    """A count with its word: 1 figure, 2 figures, 1 agrees, 21 agree."""
    several = {
        "agrees": "agree",
        "disagrees": "disagree",
        "follows": "follow",
        "figure": "figures",
        "network": "networks",
        "gradient": "gradients",
        "array": "arrays",
    }
    return f"{count(number)} {word if number == 1 else several.get(word, word)}"


def first_of(shown: int, total: int) -> str:
    """The number of a total that is shown or counted from the first one on: 200, the first 300 of 1 500."""
    return count(total) if shown >= total else f"the first {count(shown)} of {count(total)}"


def percent(share: float) -> str:
    """A share as 97.5 %."""
    return f"{share * 100:.1f} %"


def ago(seconds: float) -> str:
    """A duration before now, as "an hour ago" or "3 days ago"."""
    for size, unit in UNITS:
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}s ago" if number > 1 else f"{'an' if unit == 'hour' else 'a'} {unit} ago"
    return "just now"
