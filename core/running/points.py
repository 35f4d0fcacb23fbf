"""Points: a number by step, such as a loss, in so little room that every step can have one."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias, overload

import numpy as np

from ..model.arrays import Array

Point: TypeAlias = tuple[int, float]
"""A step and its number."""


class Points(Sequence[Point]):
    """Points by rising step."""

    __slots__ = ("steps", "values")

    def __init__(self, points: Iterable[Point] = ()) -> None:
        """Begin with these."""
        self.steps = array("q")
        self.values = array("d")
        self.extend(points)

    def append(self, step: int, value: float) -> None:
        """Add the point of a later step."""
        self.steps.append(step)
        self.values.append(value)

    def extend(self, points: Iterable[Point]) -> None:
        """Add points of later steps."""
        if isinstance(points, Points):
            self.steps.extend(points.steps)
            self.values.extend(points.values)
        else:
            for step, value in points:
                self.append(step, value)

    def rewind(self, step: int) -> None:
        """Forget this step and later ones."""
        first = bisect_left(self.steps, step)
        del self.steps[first:], self.values[first:]

    def before(self, step: int) -> "Points":
        """Those before a step."""
        return self[: bisect_left(self.steps, step)]

    def thinned(self, most: int) -> "Points":
        """At most this many of them: the first, the last, and the least and greatest of each stretch between."""
        if len(self) <= max(most, 4):
            return self
        size = -(-(len(self) - 2) // ((most - 2) // 2))
        between = np.array(self.values)[1:-1]
        stretches = np.pad(between, (0, -len(between) % size), "edge").reshape(-1, size)
        begins = 1 + size * np.arange(len(stretches))
        kept = np.union1d(begins + _least(stretches), begins + _least(-stretches))
        kept = np.concatenate([[0], kept, [len(self) - 1]])
        thinned = Points()
        thinned.steps.frombytes(np.array(self.steps)[kept].tobytes())
        thinned.values.frombytes(np.array(self.values)[kept].tobytes())
        return thinned

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Points) and (self.steps, self.values) == (other.steps, other.values)

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Point]:
        return zip(self.steps, self.values, strict=True)

    @overload
    def __getitem__(self, place: int) -> Point: ...
    @overload
    def __getitem__(self, place: slice) -> "Points": ...
    def __getitem__(self, place: int | slice) -> "Point | Points":
        if isinstance(place, int):
            return self.steps[place], self.values[place]
        part = Points()
        part.steps, part.values = self.steps[place], self.values[place]
        return part


def thinned(points: Iterable[Point], most: int) -> Points:
    """At most this many of some points: the first, the last, and the least and greatest of each stretch between."""
    return (points if isinstance(points, Points) else Points(points)).thinned(most)


def _least(stretches: Array) -> Array:
    """The place of the least number of each stretch; one that is no number counts only where there is nothing else."""
    least: Array = np.where(np.isnan(stretches), np.inf, stretches).argmin(axis=1)
    return least
