"""The table of gradients: z, a, da, dz and db of each neuron, and dW of each connection."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.functions.arrays import Array
from ...core.network.names import Names
from ...core.network.network import Bias
from ...core.quantities.quantity import Kind, Quantity
from ...presets.printed_figures import NO_FIGURES, PrintedFigures
from .columns import Form, bar, form_of
from .data_names import DataNames
from .gradient_columns import GradientColumns, least_room
from .safe import cut
from .spans import Frozen, Line, Part, Span, Wide, blank, label, marked, value_styles

LEAST = 4
"""The decimal place up to which the smallest gradient shows its digits, if the user asks for many decimals."""
LEAST_NAME, LONGEST_NAME = 8, 12
OF_A_NEURON = (Kind.Z, Kind.A, Kind.DA, Kind.DZ)
MARKED = (*OF_A_NEURON, Kind.DW, Kind.DB)
"""Kinds of the numbers in the table."""


class Known(NamedTuple):
    """The numbers under a heading of a layer, for the example of a row, and their form."""

    values: Array
    row: int
    """The row of the example in the batch."""
    freshness: Freshness
    form: Form
    step: int
    """The step of the numbers."""


class GradientTable(Wide, Frozen, Struct, frozen=True, eq=False, dict=True):
    """A page with the neurons of all layers for one example, and below each layer its ∂L/∂W for the whole batch."""

    snapshot: Snapshot
    example: int
    """The row of the example in the batch."""
    names: DataNames
    decimals: int | None = None
    """The decimals; None for as many as fit."""
    selected: Quantity | None = None
    """A number of the neuron whose line is marked."""
    room: int = 0
    """Columns to fill, if there are enough numbers."""
    printed: PrintedFigures = NO_FIGURES
    """The figures that numbers are compared with."""

    @cached_property
    def _mark(self) -> int:
        """Columns of a mark beside each number; 0 without marks."""
        steps = {self.snapshot.step, self.snapshot.backward.step}
        return 2 * any(each.kind in MARKED for step in steps for each, _ in self.printed.of_step(step))

    @cached_property
    def _kinds(self) -> tuple[Kind, ...]:
        """The kinds of a neuron's numbers; without z if every z is its a."""
        is_folded = len(self._quantities.folded) == len(self._shapes)
        return (Kind.A, Kind.DA) if is_folded else OF_A_NEURON

    @cached_property
    def _columns(self) -> GradientColumns:
        network = self.snapshot.backward.network
        has_db = self._is_batch or network.bias is not Bias.PER_NEURON  # otherwise it equals ∂L/∂z
        return GradientColumns(
            room=self.room,
            chosen=self.decimals,
            kinds=self._kinds,
            sources=tuple(n_in for _, n_in in self._shapes),
            name=self._name,
            heading=len(self.names.labels.heading(Kind.DA)),
            db_heading=len(self._db_heading) if has_db else 0,
            mark=self._mark,
        )

    @property
    def _is_batch(self) -> bool:
        return len(self.snapshot.forward.X) > 1

    @property
    def _db_heading(self) -> str:
        """The heading of ∂L/∂b, which is of the whole batch, unlike the numbers before it."""
        return self.names.labels.heading(Kind.DB) + (", batch" if self._is_batch else "")

    @cached_property
    def _name(self) -> int:
        """Columns of the names of neurons and of matrices, with a gap after them; fewer if all numbers fit then."""
        outputs = (self.names.output(n) for n in range(self._shapes[-1][0]))
        widest = self.names.labels.text(self._quantities.of(Kind.A, 0, self._shapes[0][0] - 1))
        whole = min(max(len(widest), *map(len, outputs)), LONGEST_NAME) + 1
        left = self.room - least_room(self._kinds, self._mark)
        return left if LEAST_NAME <= left < whole and not self.decimals else whole

    @property
    def frozen(self) -> int:
        """Columns of the names."""
        return self._name

    @cached_property
    def width(self) -> int:
        """Columns of the widest line."""
        return self._columns.widest

    @cached_property
    def height(self) -> int:
        """A heading and all neurons; then for each layer an empty line, two headings and a line for each neuron."""
        neurons = sum([n_out for n_out, _ in self._shapes])
        return 1 + neurons + sum([n_out + 3 for n_out, _ in self._shapes])

    def line(self, y: int) -> Line:
        """A heading, a neuron, or the connections that lead to a neuron."""
        return self.part(y, 0, self.width)[1]

    def part(self, y: int, first: int, last: int) -> Part:
        """Part of a line: of a thousand connections to a neuron, only few are visible."""
        if y == 0:
            return 0, self._heading
        y -= 1
        for layer, (n_out, _) in enumerate(self._shapes):
            if y < n_out:
                return 0, self._neuron(layer, y)
            y -= n_out
        layer = 0
        while y >= self._shapes[layer][0] + 3:
            y -= self._shapes[layer][0] + 3
            layer += 1
        if y < 2:
            return 0, [label(self._matrix_heading(layer))] if y else []
        across = self._columns.across[layer]
        begin = max((first - self._name) // across, 0)
        end = min(max(-(-(last - self._name) // across), begin), self._shapes[layer][1])
        name, *numbers = self._connections(layer, y - 3, range(min(begin, end), end))
        return (self._name + begin * across, numbers) if begin else (0, [name, *numbers])

    @cached_property
    def _shapes(self) -> list[tuple[int, int]]:
        """Neurons and inputs of each layer."""
        return [W.shape for W in self.snapshot.state.W]

    @cached_property
    def _heading(self) -> Line:
        words = [
            label(self._word(self.names.labels.heading(kind), self._columns.of_kind[kind])) for kind in self._kinds
        ]
        db = [label(self._word(self._db_heading, self._columns.db))] if self._columns.db else []
        return [label(" " * self._name), *words, *db]

    def _word(self, text: str, width: int) -> str:
        """A word over numbers that may have marks."""
        return text.rjust(width - self._mark).ljust(width)

    def _matrix_heading(self, layer: int) -> str:
        """The title of a matrix."""
        heading = self.names.labels.heading(Kind.DW, layer) + (", batch" if self._is_batch else "")
        return f"{heading}: to a row, from a column"

    def _neuron(self, layer: int, neuron: int) -> Line:
        numbers = [span for kind in self._kinds for span in self._of_example(kind, layer, neuron)]
        spans = [
            label(self._name_of(layer, neuron)),
            *numbers,
            *(self._db_of(layer, neuron) if self._columns.db else ()),
            *self._bar_of(layer, neuron),
        ]
        is_selected = self.selected and (self.selected.layer, self.selected.to) == (layer, neuron)
        return marked(spans, self.room) if is_selected else spans

    def _name_of(self, layer: int, neuron: int) -> str:
        """The name of a neuron; for an output, that of its class."""
        is_last = layer == len(self._shapes) - 1
        name = (
            self.names.output(neuron) if is_last else self.names.labels.text(self._quantities.of(Kind.A, layer, neuron))
        )
        return cut(name, self._name - 1).ljust(self._name)

    def _bar_of(self, layer: int, neuron: int) -> list[Span]:
        known = self._known(Kind.DZ, layer)
        if not self._columns.bar or known is None:
            return []
        value, is_stale = float(known.values[neuron]), known.freshness is Freshness.STALE
        return [Span(" "), *bar(value, self._largest, self._columns.bar - 1, is_stale=is_stale)]

    @cached_property
    def _largest(self) -> float:
        """The size of the largest ∂L/∂z."""
        every = [known.values for n in range(len(self._shapes)) if (known := self._known(Kind.DZ, n))]
        return max((float(np.abs(each[np.isfinite(each)]).max(initial=0.0)) for each in every), default=0.0)

    def _of_example(self, kind: Kind, layer: int, neuron: int) -> list[Span]:
        known = self._known(kind, layer)
        if known is None:
            return [blank(self._columns.of_kind[kind])]
        quantity = self._quantities.of(kind, layer, neuron, example=known.row)
        return self._number(known, neuron, quantity, self._columns.of_kind[kind])

    def _db_of(self, layer: int, neuron: int) -> list[Span]:
        known = self._known(Kind.DB, layer)
        if known is None:
            return [blank(self._columns.db)]
        if neuron < len(known.values):
            return self._number(known, neuron, self._quantities.of(Kind.DB, layer, neuron), self._columns.db)
        return [label(self._word("shared" if known.values.size else "none", self._columns.db))]

    def _connections(self, layer: int, to: int, columns: range) -> Line:
        """The connections from some sources to a neuron; before the first neuron, the names of the sources."""
        across = self._columns.across[layer]
        if to < 0:
            sources = [self._word(self._source(layer, n), across) for n in columns]
            return [label(" " * self._name), *map(label, sources)]
        known, name = self._known(Kind.DW, layer), label(self._name_of(layer, to))
        if known is None:
            return [name, *[blank(across) for _ in columns]]
        numbers = (self._number(known, (to, n), self._quantities.of(Kind.DW, layer, to, n), across) for n in columns)
        return [name, *(span for each in numbers for span in each)]

    def _source(self, layer: int, n: int) -> str:
        """The symbol of an input or of a neuron of the previous layer."""
        kind = Kind.A if layer else Kind.X
        return self.names.labels.text(self._quantities.of(kind, max(layer - 1, 0), n))

    @cached_property
    def _quantities(self) -> Names:
        return self.snapshot.backward.network.names

    @cached_property
    def _found(self) -> dict[tuple[Kind, int], "Known | None"]:
        """The known numbers under each heading; filled when they are read."""
        return {}

    def _known(self, kind: Kind, layer: int) -> "Known | None":
        """The numbers under a heading of a layer; None if there are none yet."""
        if (kind, layer) not in self._found:
            self._found[kind, layer] = self._find(kind, layer)
        return self._found[kind, layer]

    def _find(self, kind: Kind, layer: int) -> "Known | None":
        """The form of the numbers under a heading: by the largest z or a, by the smallest gradient."""
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
        of_neuron = self._columns.of_kind.get(kind, self._columns.number)
        columns = (self._columns.across[layer] if kind is Kind.DW else of_neuron) - self._mark
        decimals = self._columns.decimals_in(columns)
        form = form_of(measured, decimals, columns, max(decimals - LEAST + 1, 1))
        return Known(values, row, freshness, form, numbers.state.step)

    def _number(self, known: "Known", index: int | tuple[int, int], quantity: Quantity, width: int = 0) -> list[Span]:
        """A number, and a mark if there is a figure to compare it with."""
        value = float(known.values[index])
        text = known.form.text(value).rjust((width or self._columns.number) - self._mark)
        number = Span(text, value_styles(known.freshness, is_emphasized=self._is_partial), quantity)
        if not self._mark:
            return [number]
        figure = self.printed.at(quantity, known.step)
        mark = Span(f" {figure.mark(value)}", (figure.style(value),)) if figure else Span(" " * self._mark)
        return [number, mark]

    @property
    def _is_partial(self) -> bool:
        """Whether only some of the numbers are new."""
        return self.snapshot.stage.layer is not None
