"""The layout of arrays that share one vector, so that a single call serves them all."""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import prod
from typing import Self

from ..functions.arrays import Array

Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """Where each array begins and ends, and its shape."""

    size: int
    """Numbers in the vector."""
    places: tuple[tuple[int, int, Shape], ...]

    @classmethod
    def of(cls, shapes: list[Shape]) -> Self:
        """Arrays of these shapes, one behind the other."""
        ends = list(accumulate(map(prod, shapes), initial=0))
        places = zip(pairwise(ends), shapes, strict=True)
        return cls(ends[-1], tuple((begin, end, shape) for (begin, end), shape in places))

    def views(self, vector: Array, first: int = 0, last: int | None = None) -> tuple[Array, ...]:
        """The arrays in a vector, from number `first` to the one before `last`, as views."""
        return tuple(vector[begin:end].reshape(shape) for begin, end, shape in self.places[first:last])


def name_of(layout: Layout, place: int) -> str:
    """The name of a parameter, "w1[4,3]", by its place in the vector of all; W come first, then b."""
    array = next(n for n, (_, end, _) in enumerate(layout.places) if place < end)
    begin, _, shape = layout.places[array]
    layers = len(layout.places) // 2
    if array < layers:
        to, source = divmod(place - begin, shape[1])
        return f"w{array + 1}[{to + 1},{source + 1}]"
    return f"b{array - layers + 1}[{place - begin + 1}]"
