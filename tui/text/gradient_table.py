"""The table of gradients: z, a, da, dz and db of each neuron, and dW of each connection."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.functions.arrays import Array
from ...core.quantities.names import Names
from ...core.quantities.notation import Labels
from ...core.quantities.quantity import Kind, Quantity
from .columns import Form, form_of
from .spans import Frozen, Line, Part, Span, Wide, blank, heading, label, number_styles

FORWARD = (Kind.Z, Kind.A)
NAME = 8
DECIMALS = 5
LEAST = 4
"""Of a gradient that may have many decimals: the place up to which the smallest one shows its digits."""


@dataclass(frozen=True, eq=False)
class GradientTable(Wide, Frozen):
    """A page with two tables a layer: its neurons, for one example, and its connections, for the whole batch."""

    snapshot: Snapshot
    example: int
    """The row of the batch."""
    labels: Labels
    decimals: int = DECIMALS

    @property
    def _columns(self) -> int:
        """Of each number, and of a word over it."""
        return max(self.decimals + 5, len(self._db_heading) + 1)

    @property
    def _db_heading(self) -> str:
        """A gradient of b is of the whole batch, unlike the numbers before it."""
        return "db, batch" if len(self.snapshot.forward.X) > 1 else "db"

    @property
    def frozen(self) -> int:
        """Columns of the names."""
        return NAME

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return NAME + self._columns * max(5, *(int(W.shape[1]) for W in self.snapshot.state.W))

    @property
    def height(self) -> int:
        """Lines of all layers."""
        return sum(map(self._lines_of, range(len(self.snapshot.state.W)))) - 1

    def line(self, y: int) -> Line:
        """A heading, a neuron, or the connections that lead to one."""
        return self.part(y, 0, self.width)[1]

    def part(self, y: int, first: int, last: int) -> Part:
        """A line from one column up to another: of a thousand connections that lead to a neuron few can be seen."""
        layer = 0
        while y >= self._lines_of(layer):
            y -= self._lines_of(layer)
            layer += 1
        n_out, n_in = self.snapshot.state.W[layer].shape
        if y <= n_out:
            return 0, self._neuron(layer, y - 1) if y else self._neurons_heading(layer)
        if y > 2 * n_out + 1:
            return 0, []
        begin, end = max((first - NAME) // self._columns, 0), -(-(last - NAME) // self._columns)
        name, *numbers = self._connections(layer, y - n_out - 2, range(begin, min(max(end, begin), n_in)))
        return (NAME + begin * self._columns, numbers) if begin else (0, [name, *numbers])

    def _lines_of(self, layer: int) -> int:
        return 2 * len(self.snapshot.state.W[layer]) + 3

    def _neurons_heading(self, layer: int) -> Line:
        return [
            heading(f"layer {layer + 1}".ljust(NAME)),
            *(label(n.rjust(self._columns)) for n in ("z", "a", "da", "dz", self._db_heading)),
        ]

    def _neuron(self, layer: int, neuron: int) -> Line:
        name = self.labels.text(self._names.of(Kind.A, layer, neuron))
        return [label(f"  {name}".ljust(NAME)), *self._forward(layer, neuron), *self._backward(layer, neuron)]

    def _forward(self, layer: int, neuron: int) -> list[Span]:
        if self.snapshot.forward_of(layer) is None:
            return [blank(self._columns)] * 2
        return [
            self._of_example(kind, layer, neuron, self.snapshot.forward_freshness(layer)) for kind in (Kind.Z, Kind.A)
        ]

    def _backward(self, layer: int, neuron: int) -> list[Span]:
        if self.snapshot.backward_of(layer) is None:
            return [blank(self._columns)] * 3
        freshness = self.snapshot.backward_freshness(layer)
        of_example = (self._of_example(kind, layer, neuron, freshness) for kind in (Kind.DA, Kind.DZ))
        return [*of_example, self._db(layer, neuron, freshness)]

    @property
    def _names(self) -> Names:
        return self.snapshot.backward.network.names

    def _of_example(self, kind: Kind, layer: int, neuron: int, freshness: Freshness) -> Span:
        value = float(self._known(kind, layer)[neuron])
        quantity = self._names.of(kind, layer, neuron, example=self._row(kind, layer))
        return self._number(kind, layer, value, freshness, quantity)

    def _db(self, layer: int, neuron: int, freshness: Freshness) -> Span:
        db = self._known(Kind.DB, layer)
        if neuron < db.size:
            return self._number(Kind.DB, layer, float(db[neuron]), freshness, self._names.of(Kind.DB, layer, neuron))
        return label(("shared" if db.size else "none").rjust(self._columns))

    def _connections(self, layer: int, to: int, columns: range) -> Line:
        """The connections that lead to a neuron from these ones; before the first, which ones they are."""
        if to < 0:
            return [
                label(f"  dW{layer + 1}".ljust(NAME)),
                *(label(f"from {n + 1}".rjust(self._columns)) for n in columns),
            ]
        freshness = self.snapshot.backward_freshness(layer)
        name = label(f"  to {to + 1}".ljust(NAME))
        if self.snapshot.backward_of(layer) is None:
            return [name, *(blank(self._columns) for _ in columns)]
        shown = self._known(Kind.DW, layer)[to, columns.start : columns.stop].tolist()
        named = zip(columns, shown, strict=True)
        return [
            name,
            *(
                self._number(Kind.DW, layer, dw, freshness, self._names.of(Kind.DW, layer, to, source))
                for source, dw in named
            ),
        ]

    def _row(self, kind: Kind, layer: int) -> int:
        """The row of the example in the batch whose numbers are known."""
        backward = self.snapshot.backward_of(layer)
        forward = self.snapshot.forward_of(layer) if kind in FORWARD else backward.forward if backward else None
        return min(self.example, len(forward.X) - 1) if forward else 0

    def _known(self, kind: Kind, layer: int) -> Array:
        """The numbers under a heading of a layer; of an example those of its row."""
        known = self.snapshot.forward_of(layer) if kind in FORWARD else self.snapshot.backward_of(layer)
        array: Array = getattr(known, "dW" if kind is Kind.DW else kind)[layer]
        return array if kind in (Kind.DB, Kind.DW) else array[self._row(kind, layer)]

    @cached_property
    def _forms(self) -> dict[tuple[Kind, int], Form]:
        """How the numbers under each heading are written, as far as somebody has looked at them."""
        return {}

    def _form(self, kind: Kind, layer: int) -> Form:
        """How the numbers under a heading are written: z and a by the largest, gradients by the smallest."""
        if (kind, layer) not in self._forms:
            values = self._known(kind, layer)
            values = np.abs(values).max(keepdims=True) if kind in FORWARD else values
            digits = max(self.decimals - LEAST + 1, 1)
            self._forms[kind, layer] = form_of(values, self.decimals, self._columns, digits)
        return self._forms[kind, layer]

    def _number(self, kind: Kind, layer: int, value: float, freshness: Freshness, quantity: Quantity) -> Span:
        text = self._form(kind, layer).text(value)
        return Span(text.rjust(self._columns), number_styles(value, freshness), quantity)
