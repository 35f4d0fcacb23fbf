"""Names: the quantities of a network's numbers, and their labels in each notation."""

from dataclasses import dataclass, field

from ..notation.labels import FOLDED, MOST, Labels
from ..notation.notation import USUAL, Letters, Notation
from ..quantities.quantity import Kind, Quantity, When

Key = tuple[Kind, int, int, int | None, int | None, When, str]


@dataclass(eq=False)
class Names:
    """The quantities and the labels of a network's numbers."""

    sizes: tuple[int, ...]
    """Neurons of each layer, the inputs first."""
    has_shared_bias: bool = False
    letters: Letters = USUAL
    folded: frozenset[int] = frozenset()
    """The layers, from 0, with z equal to a; z has its name."""
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

    def named_kinds(self, layer: int, *kinds: Kind) -> tuple[Kind, ...]:
        """The kinds with their own names in a layer: only a if the layer folds z and a into one."""
        return tuple(kind for kind in kinds if layer not in self.folded or FOLDED.get(kind) not in kinds)

    def labels(self, notation: Notation) -> Labels:
        """The labels in a notation, which cache their texts."""
        if notation not in self._labels:
            self._labels[notation] = Labels(notation, self.sizes, self.has_shared_bias, self.letters, self.folded)
        return self._labels[notation]
