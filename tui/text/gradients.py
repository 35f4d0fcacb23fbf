"""The table of gradients: z, a, da, dz and db of each neuron, and dW of each connection."""

from dataclasses import dataclass

from ...core.model.arrays import Array
from ...core.running.moment import Age, Moment
from .numbers import signed
from .spans import Line, Span, blank, heading, label, number_styles

NAME = 8
NUMBER = 10
DECIMALS = 5


@dataclass(frozen=True, eq=False)
class GradientTable:
    """A page with two tables a layer: its neurons, for one example, and its connections, for the whole batch."""

    moment: Moment
    example: int
    """The row of the batch."""

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return NAME + NUMBER * max(5, *(int(W.shape[1]) for W in self.moment.state.W))

    @property
    def height(self) -> int:
        """Lines of all layers."""
        return sum(map(self._lines_of, range(len(self.moment.state.W)))) - 1

    def line(self, y: int) -> Line:
        """A heading, a neuron, or the connections that lead to one."""
        layer = 0
        while y >= self._lines_of(layer):
            y -= self._lines_of(layer)
            layer += 1
        n_out = len(self.moment.state.W[layer])
        if y == 0:
            return self._neurons_heading(layer)
        if y <= n_out:
            return self._neuron(layer, y - 1)
        if y == n_out + 1:
            return self._connections_heading(layer)
        return self._connections(layer, y - n_out - 2) if y < 2 * n_out + 2 else []

    def _lines_of(self, layer: int) -> int:
        return 2 * len(self.moment.state.W[layer]) + 3

    def _neurons_heading(self, layer: int) -> Line:
        return [
            heading(f"layer {layer + 1}".ljust(NAME)),
            *(label(n.rjust(NUMBER)) for n in ("z", "a", "da", "dz", "db")),
        ]

    def _neuron(self, layer: int, neuron: int) -> Line:
        forward, backward = self.moment.forward, self.moment.backward
        here = (min(self.example, len(forward.X) - 1), neuron)
        spans = [label(f"  {neuron + 1}".ljust(NAME)), *self._forward(forward.z[layer], forward.a[layer], here)]
        if backward is None:
            return [*spans, blank(NUMBER), blank(NUMBER), blank(NUMBER)]
        here = (min(self.example, len(backward.forward.X) - 1), neuron)
        age, db = self.moment.backward_age, backward.db[layer]
        spans += [_number(float(each[layer][here]), age) for each in (backward.da, backward.dz)]
        return [*spans, self._db(db, neuron, age)]

    def _forward(self, z: Array, a: Array, here: tuple[int, int]) -> list[Span]:
        return [_number(float(each[here]), self.moment.forward_age) for each in (z, a)]

    def _db(self, db: Array, neuron: int, age: Age) -> Span:
        if neuron < db.size:
            return _number(float(db[neuron]), age)
        return label(("shared" if db.size else "none").rjust(NUMBER))

    def _connections_heading(self, layer: int) -> Line:
        columns = range(self.moment.state.W[layer].shape[1])
        return [label(f"  dW{layer + 1}".ljust(NAME)), *(label(f"from {n + 1}".rjust(NUMBER)) for n in columns)]

    def _connections(self, layer: int, to: int) -> Line:
        backward = self.moment.backward
        name = label(f"  to {to + 1}".ljust(NAME))
        if backward is None:
            return [name, *(blank(NUMBER) for _ in self.moment.state.W[layer][to])]
        return [name, *(_number(dw, self.moment.backward_age) for dw in backward.dW[layer][to].tolist())]


def _number(value: float, age: Age) -> Span:
    return Span(signed(value, DECIMALS).rjust(NUMBER), number_styles(value, age))
