"""The view: how a training is looked at, in the words that a session keeps; a stranger may have chosen them."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from ...core.debugger.breakpoints import Placed, breakpoint_of
from ...core.quantities.notation import Notation

MOST = 50
"""Breakpoints that are kept: a session has room for few words."""
MOST_DIGITS = 9
"""Of the number of an example."""
ON, OFF = "on", "off"


@dataclass(frozen=True, kw_only=True)
class SessionView:
    """What a person has chosen for one training."""

    notation: Notation | None = None
    example: int = 0
    placed: tuple[Placed, ...] = ()
    """The breakpoints."""

    @classmethod
    def of(cls, words: Mapping[str, str]) -> Self:
        """The view that some words say; what they say wrongly is as at first."""
        example = words.get("example", "")
        return cls(
            notation=next((each for each in Notation if each.value == words.get("notation")), None),
            example=int(example) if example.isdecimal() and len(example) <= MOST_DIGITS else 0,
            placed=tuple(_placed(words)),
        )

    def words(self) -> dict[str, str]:
        """What a session keeps of it."""
        notation = {"notation": self.notation.value} if self.notation else {}
        placed = {
            _name(number): f"{ON if each.enabled else OFF} {each.breakpoint.text}"
            for number, each in enumerate(self.placed[:MOST])
        }
        return {**notation, "example": str(self.example), **placed}


def _placed(words: Mapping[str, str]) -> Iterator[Placed]:
    for said in filter(None, map(words.get, map(_name, range(MOST)))):
        switch, _, text = said.partition(" ")
        with suppress(ValueError):
            yield Placed(breakpoint_of(text), enabled=switch == ON)


def _name(number: int) -> str:
    return f"breakpoint {number + 1}"
