"""A number as the user types it."""

from math import isfinite

MOST = 40
"""Characters of what the user types that are read, or quoted in an error."""


def number(text: str, example: str = "0.5") -> float:
    """The number in a text.

    Args:
        text: what was typed.
        example: a number that would be right.

    Raises:
        ValueError: it contains no finite number.
    """
    if not text.strip():
        raise ValueError(f"expected a number such as {example}, got an empty field")
    if "," in text:
        raise ValueError(f"expected a point for decimals, as in 0.5, got {quoted(text)}")
    value = float_of(text)
    if value is None:
        raise ValueError(f"expected a number such as {example}, got {quoted(text)}")
    if not isfinite(value):
        raise ValueError(f"expected a finite number such as {example}, got {quoted(text)}")
    return value


def float_of(text: str) -> float | None:
    """The number in a text, possibly infinite or NaN; None if there is none.

    Unlike Python, this accepts neither underscores nor digits of other scripts.
    """
    plain = text.strip().replace("−", "-")
    if not plain.isascii() or "_" in plain:
        return None
    try:
        return float(plain)
    except ValueError:
        return None


def quoted(text: str) -> str:
    """A wrong text as an error shows it, in one line."""
    return repr(shortened(text))


def shortened(text: str) -> str:
    """A text, cut where it is long."""
    return text if len(text) <= MOST else text[: MOST - 1] + "…"
