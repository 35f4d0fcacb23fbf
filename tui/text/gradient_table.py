"""The table of gradients: z, a, da, dz and db of each neuron, and dW of each connection."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.functions.arrays import Array
from ...core.quantities.notation import Labels, Names
from ...core.quantities.quantity import Kind, Quantity
from .columns import Form, form_of
from .spans import Frozen, Line, Part, Span, Wide, blank, heading, label, number_styles

NAME = 8
DECIMALS = 5
LEAST = 4
"""Of a gradient that may have many decimals: the place up to which the smallest one shows its digits."""


class Known(NamedTuple):
    """The numbers under a heading of a layer, of an example those of its row, and how they are written."""

    values: Array
    row: int
    """Of the example in the batch."""
    freshness: Freshness
    form: Form


@dataclass(frozen=True, eq=False)
class GradientTable(Wide, Frozen):
    """A page with two tables a layer: its neurons, for one example, and its connections, for the whole batch."""

    snapshot: Snapshot
    example: int
    """The row of the batch."""
    labels: Labels
    decimals: int = DECIMALS

    @cached_property
    def _columns(self) -> int:
        """Of each number, and of a word over it."""
        return max(self.decimals + 5, len(self._db_heading) + 1)

    @cached_property
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
        return NAME + self._columns * max(5, *[n_in for _, n_in in self._shapes])

    @property
    def height(self) -> int:
        """Lines of all layers."""
        return sum([self._lines_of(n_out) for n_out, _ in self._shapes]) - 1

    def line(self, y: int) -> Line:
        """A heading, a neuron, or the connections that lead to one."""
        return self.part(y, 0, self.width)[1]

    def part(self, y: int, first: int, last: int) -> Part:
        """A line from one column up to another: of a thousand connections that lead to a neuron few can be seen."""
        layer = 0
        while y >= (lines := self._lines_of(self._shapes[layer][0])):
            y -= lines
            layer += 1
        n_out, n_in = self._shapes[layer]
        if y <= n_out:
            return 0, self._neuron(layer, y - 1) if y else self._neurons_heading(layer)
        if y > 2 * n_out + 1:
            return 0, []
        begin, end = max((first - NAME) // self._columns, 0), -(-(last - NAME) // self._columns)
        name, *numbers = self._connections(layer, y - n_out - 2, range(begin, min(max(end, begin), n_in)))
        return (NAME + begin * self._columns, numbers) if begin else (0, [name, *numbers])

    @cached_property
    def _shapes(self) -> list[tuple[int, int]]:
        """Neurons and inputs of each layer."""
        return [W.shape for W in self.snapshot.state.W]

    @staticmethod
    def _lines_of(n_out: int) -> int:
        """Lines of a layer of so many neurons."""
        return 2 * n_out + 3

    def _neurons_heading(self, layer: int) -> Line:
        return [
            heading(f"layer {layer + 1}".ljust(NAME)),
            *[label(n.rjust(self._columns)) for n in ("z", "a", "da", "dz", self._db_heading)],
        ]

    def _neuron(self, layer: int, neuron: int) -> Line:
        name = self.labels.text(self._names.of(Kind.A, layer, neuron))
        numbers = [self._of_example(kind, layer, neuron) for kind in (Kind.Z, Kind.A, Kind.DA, Kind.DZ)]
        return [label(f"  {name}".ljust(NAME)), *numbers, self._db(layer, neuron)]

    def _of_example(self, kind: Kind, layer: int, neuron: int) -> Span:
        known = self._known(kind, layer)
        if known is None:
            return blank(self._columns)
        return self._span(known, neuron, self._names.of(kind, layer, neuron, example=known.row))

    def _db(self, layer: int, neuron: int) -> Span:
        known = self._known(Kind.DB, layer)
        if known is None:
            return blank(self._columns)
        if neuron < len(known.values):
            return self._span(known, neuron, self._names.of(Kind.DB, layer, neuron))
        return label(("shared" if known.values.size else "none").rjust(self._columns))

    def _connections(self, layer: int, to: int, columns: range) -> Line:
        """The connections that lead to a neuron from these ones; before the first, which ones they are."""
        if to < 0:
            return [
                label(f"  dW{layer + 1}".ljust(NAME)),
                *[label(f"from {n + 1}".rjust(self._columns)) for n in columns],
            ]
        known, name = self._known(Kind.DW, layer), label(f"  to {to + 1}".ljust(NAME))
        if known is None:
            return [name, *[blank(self._columns) for _ in columns]]
        return [name, *[self._span(known, (to, n), self._names.of(Kind.DW, layer, to, n)) for n in columns]]

    @cached_property
    def _names(self) -> Names:
        return self.snapshot.backward.network.names

    @cached_property
    def _found(self) -> dict[tuple[Kind, int], "Known | None"]:
        """What is known under each heading, as far as somebody has looked at it."""
        return {}

    def _known(self, kind: Kind, layer: int) -> "Known | None":
        """The numbers under a heading of a layer; None where there are none yet."""
        if (kind, layer) not in self._found:
            self._found[kind, layer] = self._find(kind, layer)
        return self._found[kind, layer]

    def _find(self, kind: Kind, layer: int) -> "Known | None":
        """Numbers are written in one form under each heading: z and a by the largest, gradients by the smallest."""
        snapshot, is_forward = self.snapshot, kind in (Kind.Z, Kind.A)
        numbers = snapshot.forward_of(layer) if is_forward else snapshot.backward_of(layer)
        if numbers is None:
            return None
        values: Array = getattr(numbers, "dW" if kind is Kind.DW else kind)[layer]
        freshness = snapshot.forward_freshness(layer) if is_forward else snapshot.backward_freshness(layer)
        row = 0
        if kind not in (Kind.DB, Kind.DW):
            row = min(self.example, len(values) - 1)
            values = values[row]
        measured = np.abs(values).max(keepdims=True) if is_forward else values
        form = form_of(measured, self.decimals, self._columns, max(self.decimals - LEAST + 1, 1))
        return Known(values, row, freshness, form)

    def _span(self, known: "Known", index: int | tuple[int, int], quantity: Quantity) -> Span:
        value = float(known.values[index])
        return Span(known.form.text(value).rjust(self._columns), number_styles(value, known.freshness), quantity)
