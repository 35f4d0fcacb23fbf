"""The columns of the table of gradients: how wide each number is, so that as many as possible fit."""

from functools import cached_property

from msgspec import Struct

from ...core.quantities.quantity import Kind

DECIMALS = 5
MORE_DECIMALS = 6
"""The decimals with enough room."""
LEAST_DECIMALS = 3
"""The decimals beside marks, if there is little room."""
LEAST_COLUMNS = 8
"""Columns of a number with four decimals, and of a gap before it."""
LEAST_BAR, MOST_BAR = 4, 24
"""Columns of a bar."""


def least_room(kinds: tuple[Kind, ...], mark: int) -> int:
    """The fewest columns of a neuron's numbers, with one more for each gradient, which may have an exponent."""
    return sum(LEAST_COLUMNS + mark + (kind in (Kind.DA, Kind.DZ)) for kind in kinds)


class GradientColumns(Struct, frozen=True, dict=True):
    """The columns of each number of a neuron, and of each connection."""

    room: int
    """Columns to fill, if there are enough numbers; 0 if there is no end."""
    chosen: int | None
    """The decimals that the user chose; None for as many as fit."""
    kinds: tuple[Kind, ...]
    """The kinds of a neuron's numbers."""
    sources: tuple[int, ...]
    """The inputs of each layer."""
    name: int
    """Columns of a name, with a gap after it."""
    heading: int
    """Columns of the widest heading of a number."""
    db_heading: int
    """Columns of the heading of ∂L/∂b; 0 without it."""
    mark: int
    """Columns of a mark beside each number; 0 without marks."""

    @cached_property
    def decimals(self) -> int:
        """The decimals of a number that has all its columns."""
        if self.chosen:
            return self.chosen
        if self.room >= self.name + (len(self.kinds) + 1) * (MORE_DECIMALS + 4 + self.mark):
            return MORE_DECIMALS
        room = (self.room - self.name) // len(self.kinds) - 4 - self.mark
        return min(max(room, LEAST_DECIMALS), DECIMALS) if self.mark else DECIMALS

    @cached_property
    def number(self) -> int:
        """Columns of a number with its mark."""
        return max(self.decimals + 4, self.heading + 1) + self.mark

    @property
    def _least(self) -> int:
        """Columns of a number with few decimals."""
        return self.number if self.chosen else LEAST_COLUMNS + self.mark

    @cached_property
    def across(self) -> tuple[int, ...]:
        """Columns of each number in a layer's matrix: fewer if the whole matrix fits then."""
        fitting = [(self.room - self.name) // n_in for n_in in self.sources]
        return tuple(each if self._least <= each < self.number else self.number for each in fitting)

    @cached_property
    def of_kind(self) -> dict[Kind, int]:
        """Columns of each of a neuron's numbers: fewer if all of them fit then, and the last ones get what is left."""
        each, rest = divmod(self.room - self.name, len(self.kinds))
        if not self._least <= each < self.number:
            return dict.fromkeys(self.kinds, self.number)
        return {kind: each + (n >= len(self.kinds) - rest) for n, kind in enumerate(self.kinds)}

    def decimals_in(self, columns: int) -> int:
        """The decimals of a number in this many columns, without its mark."""
        return min(self.decimals, columns - 4) if columns < self.number - self.mark else self.decimals

    @cached_property
    def db(self) -> int:
        """Columns of ∂L/∂b; 0 if it does not fit."""
        wanted = max(self.number, self.db_heading + 2 + self.mark) if self.db_heading else 0
        return wanted if self.room == 0 or self.room >= self._numbers + wanted else 0

    @cached_property
    def bar(self) -> int:
        """Columns of the bar of ∂L/∂z, with a gap before it."""
        left = self.room - self._numbers - self.db - 1
        return min(left, MOST_BAR) + 1 if left >= LEAST_BAR else 0

    @property
    def _numbers(self) -> int:
        """Columns of a neuron's name and numbers."""
        return self.name + sum(self.of_kind.values())

    @cached_property
    def widest(self) -> int:
        """Columns of the widest line."""
        matrices = [self.name + n_in * across for n_in, across in zip(self.sources, self.across, strict=True)]
        return max(self._numbers + self.db + self.bar, *matrices)
