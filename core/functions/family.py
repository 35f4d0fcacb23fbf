"""Families: functions that differ in a number, which their names have in brackets, as leaky-relu(0.2) or bce(3)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from ..typed_number import float_of, quoted
from .ranges import Range

T = TypeVar("T")

WITH_A_NUMBER = re.compile(r"(?P<name>[a-z-]{1,40})\s?\(\s?(?P<number>[^()\s]{1,40})\s?\)")


@dataclass(frozen=True, eq=False)
class Family(Generic[T]):
    """Functions that differ in a number."""

    name: str
    """The name of the usual function, which needs no brackets."""
    usual_number: float
    allowed: Range
    make: Callable[[float, str], T]
    """Creates the function of a number, with its name."""

    @property
    def usual(self) -> T:
        """The function without a number in its name."""
        return self._of(self.usual_number)

    def of(self, text: str) -> T:
        """The function of the number in a text; always the same one for a number.

        Raises:
            ValueError: it says none, or one that is out of range.
        """
        number = float_of(text)
        if number is None or number not in self.allowed:
            raise ValueError(f"{self.name}: expected {self.allowed} in brackets, got {quoted(text)}")
        return self._of(number)

    def _of(self, number: float) -> T:
        found: T = _made(self, number)
        return found


@cache
def _made(family: Family[Any], number: float) -> Any:
    brackets = "" if number == family.usual_number else f"({repr(number).removesuffix('.0')})"
    return family.make(number, family.name + brackets)


def function_named(text: str, table: Mapping[str, T], families: Mapping[str, Family[T]]) -> T:
    """The function of a name, or of a name and a number.

    Raises:
        ValueError: the name is unknown; the message lists the known ones.
    """
    if text in table:
        return table[text]
    match = WITH_A_NUMBER.fullmatch(text)
    if match is None or (family := families.get(match["name"])) is None:
        raise ValueError(f"expected {' or '.join(map(repr, table))}, got {quoted(text)}")
    return family.of(match["number"])
