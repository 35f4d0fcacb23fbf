"""The ranges of a function's settings, for its constructor and for files."""

from dataclasses import dataclass, fields
from functools import cache
from math import inf
from typing import Annotated, Any, TypeAlias


@dataclass(frozen=True)
class Range:
    """The valid numbers of a setting, with or without each end."""

    least: float
    most: float
    has_least: bool
    has_most: bool = False
    is_whole: bool = False

    def __contains__(self, number: float) -> bool:
        above = number >= self.least if self.has_least else number > self.least
        below = number <= self.most if self.has_most else number < self.most
        return above and below and (not self.is_whole or number == int(number))

    def __str__(self) -> str:
        least = f"from {self.least:g} up" if self.has_least else f"above {self.least:g}"
        if self.is_whole:
            return f"a whole number {least}"
        if self.has_least and self.has_most and self.most < inf:
            return f"a number from {self.least:g} to {self.most:g}"
        if self.most < inf:
            return f"a number {least} and {'at most' if self.has_most else 'below'} {self.most:g}"
        return f"a number {least}" if self.has_most else f"a finite number {least}"


ABOVE_0 = Range(0.0, inf, has_least=False)
UP_TO_1 = Range(0.0, 1.0, has_least=False, has_most=True)

Positive: TypeAlias = Annotated[float, ABOVE_0]
NotNegative: TypeAlias = Annotated[float, Range(0.0, inf, has_least=True)]
Share: TypeAlias = Annotated[float, Range(0.0, 1.0, has_least=True)]
ShareOrAll: TypeAlias = Annotated[float, Range(0.0, 1.0, has_least=True, has_most=True)]
Bound: TypeAlias = Annotated[float, Range(0.0, inf, has_least=False, has_most=True)]
"""A bound; infinity means no bound."""
Count: TypeAlias = Annotated[int, Range(1, inf, has_least=True, is_whole=True)]


@cache
def ranges_of(kind: Any) -> dict[str, Range]:
    """The range of each field of a dataclass that has one; its module must not turn annotations into text."""
    found = ((field.name, getattr(field.type, "__metadata__", ())) for field in fields(kind))
    return {name: each for name, extras in found for each in extras if isinstance(each, Range)}


def check_ranges(settings: Any) -> None:
    """Refuse a dataclass with a field out of its range.

    Raises:
        ValueError: it is; the message says what must hold.
    """
    kind: Any = type(settings)
    for name, allowed in ranges_of(kind).items():
        if (number := getattr(settings, name)) not in allowed:
            raise ValueError(f"{kind.__name__}: {name} must be {allowed}, got {number!r}")
