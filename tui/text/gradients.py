"""The table of gradients: z, a, da, dz and db of each neuron, and dW of each connection."""

from dataclasses import dataclass

from ...core.model.arrays import Array
from ...core.notation import Labels
from ...core.running.moment import Age, Moment
from ...core.training.events import ForwardPass
from .numbers import signed
from .spans import Line, Part, Span, Wide, blank, heading, label, number_styles

NAME = 8
DECIMALS = 5


@dataclass(frozen=True, eq=False)
class GradientTable(Wide):
    """A page with two tables a layer: its neurons, for one example, and its connections, for the whole batch."""

    moment: Moment
    example: int
    """The row of the batch."""
    labels: Labels
    decimals: int = DECIMALS

    @property
    def _columns(self) -> int:
        """Of each number, and of a word over it."""
        return self.decimals + 5

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return NAME + self._columns * max(5, *(int(W.shape[1]) for W in self.moment.state.W))

    @property
    def height(self) -> int:
        """Lines of all layers."""
        return sum(map(self._lines_of, range(len(self.moment.state.W)))) - 1

    def line(self, y: int) -> Line:
        """A heading, a neuron, or the connections that lead to one."""
        return self.part(y, 0, self.width)[1]

    def part(self, y: int, first: int, last: int) -> Part:
        """A line from one column up to another: of a thousand connections that lead to a neuron few can be seen."""
        layer = 0
        while y >= self._lines_of(layer):
            y -= self._lines_of(layer)
            layer += 1
        n_out, n_in = self.moment.state.W[layer].shape
        if y <= n_out:
            return 0, self._neuron(layer, y - 1) if y else self._neurons_heading(layer)
        if y > 2 * n_out + 1:
            return 0, []
        begin, end = max((first - NAME) // self._columns, 0), -(-(last - NAME) // self._columns)
        name, *numbers = self._connections(layer, y - n_out - 2, range(begin, min(max(end, begin), n_in)))
        return (NAME + begin * self._columns, numbers) if begin else (0, [name, *numbers])

    def _lines_of(self, layer: int) -> int:
        return 2 * len(self.moment.state.W[layer]) + 3

    def _neurons_heading(self, layer: int) -> Line:
        return [
            heading(f"layer {layer + 1}".ljust(NAME)),
            *(label(n.rjust(self._columns)) for n in ("z", "a", "da", "dz", "db")),
        ]

    def _neuron(self, layer: int, neuron: int) -> Line:
        name = self.labels.mark(f"a{layer + 1}[{neuron + 1}]").text
        return [label(f"  {name}".ljust(NAME)), *self._forward(layer, neuron), *self._backward(layer, neuron)]

    def _forward(self, layer: int, neuron: int) -> list[Span]:
        forward, age = self.moment.forward_of(layer), self.moment.forward_age(layer)
        if forward is None:
            return [blank(self._columns)] * 2
        row = self._row(forward)
        return [
            self._number(float(each[layer][row, neuron]), age, f"{name}{layer + 1}[{neuron + 1}]@{row + 1}")
            for name, each in (("z", forward.z), ("a", forward.a))
        ]

    def _backward(self, layer: int, neuron: int) -> list[Span]:
        backward, age = self.moment.backward_of(layer), self.moment.backward_age(layer)
        if backward is None:
            return [blank(self._columns)] * 3
        row = self._row(backward.forward)
        spans = [
            self._number(float(each[layer][row, neuron]), age, f"{name}{layer + 1}[{neuron + 1}]@{row + 1}")
            for name, each in (("da", backward.da), ("dz", backward.dz))
        ]
        return [*spans, self._db(layer, backward.db[layer], neuron, age)]

    def _row(self, forward: ForwardPass) -> int:
        return min(self.example, len(forward.X) - 1)

    def _db(self, layer: int, db: Array, neuron: int, age: Age) -> Span:
        if neuron < db.size:
            return self._number(float(db[neuron]), age, f"db{layer + 1}[{neuron + 1}]")
        return label(("shared" if db.size else "none").rjust(self._columns))

    def _connections(self, layer: int, to: int, columns: range) -> Line:
        """The connections that lead to a neuron from these ones; before the first, which ones they are."""
        if to < 0:
            return [
                label(f"  dW{layer + 1}".ljust(NAME)),
                *(label(f"from {n + 1}".rjust(self._columns)) for n in columns),
            ]
        backward, age = self.moment.backward_of(layer), self.moment.backward_age(layer)
        name = label(f"  to {to + 1}".ljust(NAME))
        if backward is None:
            return [name, *(blank(self._columns) for _ in columns)]
        shown = backward.dW[layer][to, columns.start : columns.stop].tolist()
        named = zip(columns, shown, strict=True)
        return [name, *(self._number(dw, age, f"dw{layer + 1}[{to + 1},{source + 1}]") for source, dw in named)]

    def _number(self, value: float, age: Age, quantity: str) -> Span:
        return Span(signed(value, self.decimals).rjust(self._columns), number_styles(value, age), quantity)
