"""The table of parameters: each W and b with its value, its gradient and its last change."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from ...core.model.arrays import Array
from ...core.running.moment import Age, Moment
from ...core.training.trainer import Trainer
from .numbers import signed
from .spans import Line, Span, blank, heading, label, number_styles

Arrays: TypeAlias = tuple[Array, ...]

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
        name, values = f"w{layer + 1}[{to + 1},{source + 1}]", self._W[layer]
        return [label(name.ljust(NAME)), *self._numbers(values, (to, source))]

    def _bias(self, layer: int, to: int) -> Line:
        name, values = f"b{layer + 1}[{to + 1}]", self._b[layer]
        numbers = self._numbers(values, (to,))
        if not self.trainer.network.train_bias:
            numbers[-1] = label("fixed".rjust(NUMBER))
        return [label(name.ljust(NAME)), *numbers]

    @cached_property
    def _W(self) -> list["Values"]:
        backward, updated = self.moment.backward, self.moment.updated
        return _values(
            self.moment.state.W,
            backward.dW if backward else None,
            (updated.backward.state.W, updated.state.W) if updated else None,
        )

    @cached_property
    def _b(self) -> list["Values"]:
        backward, updated = self.moment.backward, self.moment.updated
        return _values(
            self.moment.state.b,
            backward.db if backward else None,
            (updated.backward.state.b, updated.state.b) if updated else None,
        )

    def _numbers(self, values: "Values", index: tuple[int, ...]) -> list[Span]:
        moment = self.moment
        ages = (moment.parameters_age, moment.backward_age, moment.change_age)
        return [
            blank(NUMBER) if array is None else _number(float(array[index]), age)
            for array, age in zip(values, ages, strict=True)
        ]


class Values(NamedTuple):
    """A layer's W or b with what there is to tell of it."""

    value: Array
    gradient: Array | None
    change: Array | None


def _values(now: Arrays, gradients: Arrays | None, moved: tuple[Arrays, Arrays] | None) -> list[Values]:
    nothing = [None] * len(now)
    changes = [after - before for before, after in zip(*moved, strict=True)] if moved else nothing
    return [Values(*each) for each in zip(now, gradients or nothing, changes, strict=True)]


def _number(value: float, age: Age) -> Span:
    return Span(signed(value).rjust(NUMBER), number_styles(value, age))
