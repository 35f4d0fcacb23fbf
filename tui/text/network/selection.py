"""The selection: which lines and neurons are lit by the number under the cursor or along an explanation."""

from functools import cached_property
from itertools import chain

from msgspec import Struct

from ....core.explaining.explanation import Connection
from ....core.quantities.quantity import OF_THE_BATCH, Kind, Quantity

BESIDE = frozenset((Kind.B, Kind.DB, Kind.CLIPPED_DB, Kind.Y))
"""Numbers beside a neuron, which also light its lines."""


class Selection(Struct, frozen=True, dict=True):
    """The lit parts: a neuron's lines, a weight's paths to the outputs, or given connections; otherwise everything.

    Neurons are numbered by layer, with the inputs as layer 0; connections by the layer that they come from.
    """

    last: int
    """The number of the output layer."""
    quantity: Quantity | None = None
    """The number under the cursor."""
    neuron: tuple[int, int] | None = None
    weight: Connection | None = None
    connections: frozenset[Connection] = frozenset()

    @classmethod
    def of(
        cls, sizes: tuple[int, ...], quantity: Quantity | None, connections: frozenset[Connection] = frozenset()
    ) -> "Selection":
        """The selection of a quantity; given connections have priority."""
        last = len(sizes) - 1
        if quantity is None or quantity.kind in OF_THE_BATCH:
            return cls(last, quantity, connections=connections)
        if quantity.from_ is not None:
            return cls(last, quantity, weight=(quantity.layer, quantity.to, quantity.from_), connections=connections)
        layer = 0 if quantity.kind is Kind.X else last if quantity.kind is Kind.Y else quantity.layer + 1
        return cls(last, quantity, (layer, quantity.to), connections=connections)

    @property
    def is_all(self) -> bool:
        """Whether everything is lit."""
        return not self.connections and self.weight is None and self.neuron is None

    def has_line(self, n: int, to: int, source: int) -> bool:
        """Whether the line of a weight is lit."""
        if self.connections:
            return (n, to, source) in self.connections
        if self.weight:
            layer, target, _ = self.weight
            return (n, to, source) == self.weight or (n == layer + 1 and source == target) or n > layer + 1
        if self.neuron is None:
            return True
        layer, k = self.neuron
        if layer == self.last:
            return n < layer - 1 or to == k
        return self.is_at(n, to, source)

    def is_at(self, n: int, to: int, source: int) -> bool:
        """Whether a line begins or ends at the selected neuron, or is that of the selected weight."""
        if self.neuron is None:
            return (n, to, source) == self.weight or (n, to, source) in self.connections
        return (n + 1, to) == self.neuron or (n, source) == self.neuron

    @cached_property
    def _connected(self) -> frozenset[tuple[int, int]]:
        """The neurons at the ends of the connections."""
        ends = [((layer + 1, to), (layer, source)) for layer, to, source in self.connections]
        return frozenset(chain.from_iterable(ends))

    def has_neuron(self, n: int, k: int) -> bool:
        """Whether a neuron is lit."""
        if self.connections:
            return (n, k) in self._connected
        if self.weight:
            layer, to, source = self.weight
            return (n, k) in ((layer, source), (layer + 1, to)) or n > layer + 1
        if self.neuron is None:
            return True
        layer, own = self.neuron
        if (n, k) == self.neuron or (layer == self.last and n < layer):
            return True
        return abs(n - layer) == 1

    def is_quantity(self, quantity: Quantity) -> bool:
        """Whether the cursor is on this number, of any example."""
        own = self.quantity
        return own is not None and (own.kind, own.layer, own.to, own.from_) == (
            quantity.kind,
            quantity.layer,
            quantity.to,
            quantity.from_,
        )

    def is_selected(self, n: int, k: int) -> bool:
        """Whether the cursor is on a neuron itself, not on its bias or its target."""
        own = self.quantity
        return self.neuron == (n, k) and (own is None or own.kind not in BESIDE)
