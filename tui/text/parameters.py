"""The table of parameters: each W and b with its value, its gradient and its last change."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from ...core.arrays import Array
from ...core.moment import Age, Moment
from ...core.trainer import Trainer
from .numbers import signed
from .spans import Line, Span, blank, heading, label, number_styles

NAME = 11
NUMBER = 12


@dataclass(frozen=True, eq=False)
class ParameterTable:
    """A page with a heading for each layer and a line for each of its parameters."""

    moment: Moment
    trainer: Trainer

    @property
    def width(self) -> int:
        """Columns of every line."""
        return NAME + 3 * NUMBER

    @property
    def height(self) -> int:
        """One line a parameter, and one for each layer's heading."""
        return self._begins[-1]

    @cached_property
    def _begins(self) -> list[int]:
        """The line at which each layer begins, and the end."""
        begins = [0]
        for W, b in zip(self.moment.state.W, self.moment.state.b, strict=True):
            begins.append(begins[-1] + 1 + W.size + b.size)
        return begins

    def line(self, y: int) -> Line:
        """The heading of a layer, or one of its parameters."""
        layer = bisect_right(self._begins, y) - 1
        k = y - self._begins[layer] - 1
        if k < 0:
            return self._heading(layer)
        W = self.moment.state.W[layer]
        if k < W.size:
            to, source = divmod(k, W.shape[1])
            return self._weight(layer, to, source)
        return self._bias(layer, k - W.size)

    def _heading(self, layer: int) -> Line:
        columns = ("value", "gradient", "change")
        return [heading(f"layer {layer + 1}".ljust(NAME)), *(label(each.rjust(NUMBER)) for each in columns)]

    def _weight(self, layer: int, to: int, source: int) -> Line:
        moment, index = self.moment, (to, source)
        dW = moment.backward and moment.backward.dW[layer]
        old = moment.updated and moment.updated.backward.state.W[layer]
        new = moment.updated and moment.updated.state.W[layer]
        name = f"w{layer + 1}[{to + 1},{source + 1}]"
        return [label(name.ljust(NAME)), *self._numbers(moment.state.W[layer], dW, old, new, index)]

    def _bias(self, layer: int, to: int) -> Line:
        moment = self.moment
        db = moment.backward and moment.backward.db[layer]
        old = moment.updated and moment.updated.backward.state.b[layer]
        new = moment.updated and moment.updated.state.b[layer]
        name = label(f"b{layer + 1}[{to + 1}]".ljust(NAME))
        numbers = self._numbers(moment.state.b[layer], db, old, new, (to,))
        if self.trainer.network.train_bias:
            return [name, *numbers]
        return [name, *numbers[:2], label("fixed".rjust(NUMBER))]

    def _numbers(
        self, value: Array, gradient: Array | None, old: Array | None, new: Array | None, index: tuple[int, ...]
    ) -> list[Span]:
        moment = self.moment
        return [
            _number(float(value[index]), moment.parameters_age),
            blank(NUMBER) if gradient is None else _number(float(gradient[index]), moment.backward_age),
            blank(NUMBER) if old is None or new is None else _number(float(new[index] - old[index]), moment.change_age),
        ]


def _number(value: float, age: Age) -> Span:
    return Span(signed(value).rjust(NUMBER), number_styles(value, age))
