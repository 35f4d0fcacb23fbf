"""The quantities of a network, each made once, and their labels: some 300 are named in every frame."""

from dataclasses import dataclass, field

from .notation import Labels, Notation
from .quantity import Kind, Quantity, When

MOST = 50_000
"""Quantities that are held; there can be millions, of which few are looked at."""

Key = tuple[Kind, int, int, int | None, int | None, When, str]


@dataclass(eq=False)
class Names:
    """The quantities and the labels of a network's numbers."""

    sizes: tuple[int, ...]
    """Neurons of each layer, the inputs first."""
    has_shared_bias: bool = False
    _made: dict[Key, Quantity] = field(default_factory=dict)
    _labels: dict[Notation, Labels] = field(default_factory=dict)

    def of(
        self,
        kind: Kind,
        layer: int = 0,
        to: int = 0,
        from_: int | None = None,
        example: int | None = None,
        when: When = When.NOW,
        slot: str = "",
    ) -> Quantity:
        """A quantity by its parts, always the same object."""
        key = (kind, layer, to, from_, example, when, slot)
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= MOST:
                self._made.clear()
            made = self._made[key] = Quantity(*key)
        return made

    def labels(self, notation: Notation) -> Labels:
        """The labels in a notation, which remember what they have written."""
        if notation not in self._labels:
            self._labels[notation] = Labels(notation, self.sizes, self.has_shared_bias)
        return self._labels[notation]
