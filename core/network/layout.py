"""The layout of several arrays in one vector, so that one call can process all of them."""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import prod
from typing import Self

from ..functions.arrays import Array
from ..quantities.quantity import Kind, Quantity

Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """The bounds of each array, and its shape."""

    size: int
    """The number of elements in the vector."""
    places: tuple[tuple[int, int, Shape], ...]

    @classmethod
    def of(cls, shapes: list[Shape]) -> Self:
        """A layout of arrays of these shapes, one after the other."""
        ends = list(accumulate(map(prod, shapes), initial=0))
        places = zip(pairwise(ends), shapes, strict=True)
        return cls(ends[-1], tuple((begin, end, shape) for (begin, end), shape in places))

    def views(self, vector: Array, first: int = 0, last: int | None = None) -> tuple[Array, ...]:
        """The arrays in a vector, from index `first` to `last` − 1, as views."""
        # Not lazily, because every array of every step needs it.
        return tuple([vector[begin:end].reshape(shape) for begin, end, shape in self.places[first:last]])


def parameter_at(layout: Layout, place: int) -> Quantity:
    """The weight or the bias at an index in the vector of all parameters; W come first, then b."""
    array = next(n for n, (_, end, _) in enumerate(layout.places) if place < end)
    begin, _, shape = layout.places[array]
    layers = len(layout.places) // 2
    if array < layers:
        to, source = divmod(place - begin, shape[1])
        return Quantity(Kind.W, array, to, source)
    return Quantity(Kind.B, array - layers, place - begin)


def place_of(layout: Layout, parameter: Quantity) -> int:
    """The index of a weight or a bias in the vector of all parameters."""
    layers = len(layout.places) // 2
    begin, _, shape = layout.places[parameter.layer + (layers if parameter.kind is Kind.B else 0)]
    return begin + parameter.to * (1 if parameter.from_ is None else shape[1]) + (parameter.from_ or 0)
