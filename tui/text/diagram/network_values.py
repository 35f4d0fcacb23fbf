"""The numbers that a picture of a network shows, for one example of a moment's batch."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ....core.debugger.snapshot import Freshness, Snapshot
from ....core.explaining.explanation import Connection
from ....core.functions.arrays import Array
from ....core.quantities.notation import Names, Notation
from ....core.quantities.quantity import Kind, Quantity
from ..numbers import plain, signed
from ..spans import number_styles

FILLS = "○◔◑◕●"
"""A neuron from the least value of its layer to the greatest."""


@dataclass(frozen=True, eq=False)
class NetworkValues:
    """Values by layer, the inputs being layer 0, and connections by the layer they lead from."""

    snapshot: Snapshot
    example: int = 0
    """The row of the batch."""
    lit: frozenset[Connection] = frozenset()
    """Connections to be seen before all others."""
    notation: Notation = Notation.SUPERSCRIPT
    gradients: bool = False
    """Connections show ∂L/∂w, not w; neurons ∂L/∂z, not a, and inputs ∂L/∂x."""

    @cached_property
    def row(self) -> int:
        """The row of the batch that there is."""
        return min(self.example, len(self.snapshot.forward.X) - 1)

    @cached_property
    def values(self) -> list[Array]:
        """What inputs show, then the neurons of each layer, as it is known last; nan where it is not."""
        if self.gradients:
            return [self._gradients(n) for n in range(self.snapshot.layers + 1)]
        return [self.snapshot.forward.X[self.row], *map(self._activations, range(self.snapshot.layers))]

    @cached_property
    def fills(self) -> list[list[int]]:
        """The place of each value in the range of its layer, of a gradient from 0 on, as a place in FILLS."""
        return [_parts(shares) for shares in self.shares] if self.gradients else [_places(v) for v in self.values]

    @cached_property
    def shares(self) -> list[Array]:
        """The size of each value, from 0 to 1, the greatest of its layer."""
        return [_shares(values) for values in self.values]

    @cached_property
    def targets(self) -> Array:
        """What the last layer should say."""
        targets: Array = self.snapshot.forward.y[self.row]
        return targets

    @cached_property
    def _known(self) -> list[Array | None]:
        return [self._connections_of(n) for n in range(self.snapshot.layers)]

    @cached_property
    def edges(self) -> list[Array]:
        """The number of each connection, (to, from); nan where it is not known."""
        shapes = self.snapshot.state.W
        return [
            np.full(W.shape, np.nan) if known is None else known for known, W in zip(self._known, shapes, strict=True)
        ]

    @cached_property
    def strengths(self) -> list[Array]:
        """How strong each connection is, from 0 to 1, the strongest of its layer."""
        return [_shares(edges) for edges in self.edges]

    def edges_freshness(self, n: int) -> Freshness:
        """Of the connections that lead from a layer."""
        return self.snapshot.backward_freshness(n) if self.gradients else self.snapshot.parameters_freshness

    def values_freshness(self, n: int) -> Freshness:
        """Of the values of a layer."""
        if self.gradients:
            return self.snapshot.backward_freshness(max(n - 1, 0))
        return self.snapshot.forward_freshness(n - 1) if n else Freshness.CURRENT

    def value_quantity(self, n: int, k: int) -> Quantity:
        """The quantity that a neuron shows."""
        kind = (Kind.DZ if n else Kind.DA) if self.gradients else Kind.A if n else Kind.X
        layer = n - 1 if n or self.gradients else 0
        return self._names.of(kind, layer, k, example=self.row)

    def value_text(self, n: int, k: int, decimals: int) -> str:
        """The value that a neuron shows, a gradient with its sign."""
        return (signed if self.gradients else plain)(float(self.values[n][k]), decimals)

    def value_styles(self, n: int, k: int) -> tuple[str, ...]:
        """The styles of that value."""
        freshness = self.values_freshness(n)
        return number_styles(float(self.values[n][k]), freshness) if self.gradients else ("neuron", freshness.value)

    def neuron_label(self, n: int, k: int) -> str:
        """What a neuron is called."""
        return self.label(self._names.of(Kind.A, n - 1, k) if n else self._names.of(Kind.X, to=k))

    def edge_quantity(self, n: int, to: int, source: int) -> Quantity:
        """The quantity that a connection shows."""
        return self._names.of(Kind.DW if self.gradients else Kind.W, n, to, source)

    def target_quantity(self, k: int) -> Quantity:
        """What an output should say."""
        return self._names.of(Kind.Y, to=k, example=self.row)

    def label(self, quantity: Quantity) -> str:
        """A quantity in the notation, without its example."""
        return self._names.labels(self.notation).text(
            quantity if quantity.example is None else replace(quantity, example=None)
        )

    def heading(self, kind: Kind) -> str:
        """What all numbers of a kind are called."""
        return self._names.labels(self.notation).heading(kind)

    def is_active(self, n: int) -> bool:
        """Whether numbers go along the connections that lead from a layer in this stage."""
        return not self.lit and self.snapshot.stage.layer == n

    def light(self, n: int, to: int, source: int) -> tuple[str, ...]:
        """Whether a connection is lit, left in the dark by those that are, or at work in this stage."""
        if self.lit:
            return ("lit",) if (n, to, source) in self.lit else ("unlit",)
        return ("active",) if self.snapshot.stage.layer == n else ()

    @property
    def _names(self) -> Names:
        return self.snapshot.backward.network.names

    def _gradients(self, n: int) -> Array:
        """∂L/∂z of a layer, of the inputs ∂L/∂x."""
        backward = self.snapshot.backward_of(max(n - 1, 0))
        if backward is None:
            return np.full(len(self.snapshot.state.W[n - 1]) if n else self.snapshot.forward.X.shape[1], np.nan)
        dz = backward.dz[max(n - 1, 0)]
        row: Array = dz[min(self.row, len(dz) - 1)]
        return row if n else row @ backward.state.W[0]

    def _activations(self, layer: int) -> Array:
        known = self.snapshot.forward_of(layer)
        if known is None:
            return np.full(len(self.snapshot.state.W[layer]), np.nan)
        a: Array = known.a[layer][min(self.row, len(known.X) - 1)]
        return a

    def _connections_of(self, n: int) -> Array | None:
        if not self.gradients:
            return self.snapshot.state.W[n]
        backward = self.snapshot.backward_of(n)
        return backward.dW[n] if backward else None


def _places(values: Array) -> list[int]:
    """The fifth of the range in which each value is; a range of one value is full."""
    known = np.nan_to_num(values, nan=0.0, posinf=1e300, neginf=-1e300)
    least, greatest = known.min() / 2, known.max() / 2
    if least == greatest:
        return [len(FILLS) - 1] * len(known)
    places = (known / 2 - least) / (greatest - least) * len(FILLS)
    return [min(int(place), len(FILLS) - 1) for place in places.tolist()]


def _parts(shares: Array) -> list[int]:
    """The fifth of the way from 0 to 1 on which each share is."""
    return [min(int(share * len(FILLS)), len(FILLS) - 1) for share in shares.tolist()]


def _shares(numbers: Array) -> Array:
    sizes = np.abs(np.nan_to_num(numbers, nan=0.0, posinf=1e300, neginf=-1e300))
    greatest = sizes.max(initial=0.0)
    shares: Array = sizes / greatest if greatest else sizes
    return shares
