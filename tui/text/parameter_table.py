"""The table of parameters: each W and b with its value, its gradient, its last change, and what else is known of it."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...core.checking.gradient_check import Check, Verdict
from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.functions.arrays import Array
from ...core.quantities.notation import Labels, Names, Notation
from ...core.quantities.quantity import Kind, Quantity
from ...core.training.events import BackwardPass
from ...core.training.trainer import Trainer
from .columns import Form, form_of
from .spans import Frozen, Line, Span, blank, heading, label, number_styles

NAME = 9
CHECK = 7
DECIMALS = 6
LEAST = 4
"""Of a number that may have many decimals: the place up to which the smallest one shows its digits."""
NONE = np.zeros(0)
SLOT_DIGITS = 4
"""Significant digits of what the optimizer remembers, to compute an update by hand."""


@dataclass(frozen=True, eq=False)
class ParameterTable(Frozen):
    """A page with a heading for each layer and a line for each of its parameters."""

    snapshot: Snapshot
    trainer: Trainer
    notation: Notation = Notation.SUPERSCRIPT
    checks: Mapping[Quantity, Check] | None = None
    """The verdicts of a gradient check, by the gradient; None where the column is not wanted."""
    decimals: int = DECIMALS

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The words over the numbers."""
        penalty = ("penalty",) if self.trainer.penalty else ()
        return ("value", "gradient", "change", *penalty, *self._slots)

    @property
    def frozen(self) -> int:
        """Columns of the name, and of the verdict beside it."""
        return NAME + (CHECK if self.checks is not None else 0)

    @property
    def width(self) -> int:
        """Columns of every line."""
        return self.frozen + sum(self._widths.values())

    @cached_property
    def _widths(self) -> dict[str, int]:
        """Characters of each column: room for a number, and a gap before each word."""
        return {word: max(self.decimals + 5, len(word) + 2) for word in self.columns}

    @property
    def height(self) -> int:
        """One line a parameter, and one for each layer's heading."""
        return self._begins[-1]

    @cached_property
    def _begins(self) -> list[int]:
        """The line at which each layer begins, and the end."""
        begins = [0]
        for W, b in zip(self.snapshot.state.W, self.snapshot.state.b, strict=True):
            begins.append(begins[-1] + 1 + W.size + b.size)
        return begins

    @cached_property
    def _values(self) -> Array:
        return self.snapshot.state.parameters

    @cached_property
    def _labels(self) -> Labels:
        return self.trainer.network.names.labels(self.notation)

    @cached_property
    def _slots(self) -> dict[str, Array]:
        """What the optimizer remembers of each parameter, by name."""
        named = zip(self.trainer.optimizer.slot_names, self.snapshot.state.slots, strict=True)
        return {name: slot for name, slot in named if slot.ndim}

    @cached_property
    def _forms(self) -> dict[str, Form]:
        """How the numbers of each column are written: a value by the largest, all others by the smallest."""
        numbers = {"value": np.abs(self._values).max(keepdims=True), **self._numbers}
        small = max(self.decimals - LEAST + 1, 1)
        digits = {word: max(small, SLOT_DIGITS) if word in self._slots else small for word in self.columns}
        return {
            word: form_of(numbers[word], self.decimals, width, digits[word]) for word, width in self._widths.items()
        }

    @property
    def _numbers(self) -> dict[str, Array]:
        """Those of each column but the first, as far as they are known."""
        backwards = {id(each): each for each, _ in self._backwards if each}.values()
        penalties = [each.penalty_gradient for each in backwards if each.penalty_gradient is not None]
        return {
            "gradient": np.concatenate([NONE, *(each.gradient for each in backwards)]),
            "change": NONE if self._changes is None else self._changes,
            "penalty": np.concatenate([NONE, *penalties]),
            **self._slots,
        }

    def line(self, y: int) -> Line:
        """The heading of a layer, or one of its parameters."""
        layer = bisect_right(self._begins, y) - 1
        k = y - self._begins[layer] - 1
        if k < 0:
            return self._heading(layer)
        places = self.snapshot.state.layout.places
        begin, end, shape = places[layer]
        if k < end - begin:
            to, source = divmod(k, shape[1])
            return self._parameter(self._names.of(Kind.W, layer, to, source), begin + k)
        to = k - (end - begin)
        return self._parameter(self._names.of(Kind.B, layer, to), places[layer + len(places) // 2][0] + to)

    def _heading(self, layer: int) -> Line:
        words = [label(word.rjust(width)) for word, width in self._widths.items()]
        check = [] if self.checks is None else [label("check".rjust(CHECK))]
        return [heading(f"layer {layer + 1}".ljust(NAME)), *check, *words]

    @cached_property
    def _names(self) -> Names:
        return self.trainer.network.names

    @cached_property
    def _backwards(self) -> list[tuple[BackwardPass | None, Freshness]]:
        """The backward pass whose gradients of each layer are known last."""
        snapshot = self.snapshot
        return [(snapshot.backward_of(n), snapshot.backward_freshness(n)) for n in range(snapshot.layers)]

    @cached_property
    def _changes(self) -> Array | None:
        """How the last update changed each parameter; None where there was none."""
        update = self.snapshot.last_update
        return update.state.parameters - update.backward.state.parameters if update else None

    def _parameter(self, parameter: Quantity, place: int) -> Line:
        kind = Kind.DW if parameter.kind is Kind.W else Kind.DB
        gradient = self._names.of(kind, parameter.layer, parameter.to, parameter.from_)
        spans = [self._value(parameter, place), self._gradient(gradient, place), self._change(parameter, place)]
        if self.trainer.penalty:
            spans.append(self._penalty(parameter.layer, place))
        spans += [self._slot(slot, place, slot_name, parameter) for slot_name, slot in self._slots.items()]
        return [label(self._labels.text(parameter).ljust(NAME)), *self._check(gradient), *spans]

    def _value(self, parameter: Quantity, place: int) -> Span:
        value = float(self._values[place])
        return self._number("value", value, self.snapshot.parameters_freshness, parameter)

    def _gradient(self, gradient: Quantity, place: int) -> Span:
        backward, freshness = self._backwards[gradient.layer]
        if backward is None:
            return self._blank("gradient")
        return self._number("gradient", float(backward.gradient[place]), freshness, gradient)

    def _change(self, parameter: Quantity, place: int) -> Span:
        if parameter.kind is Kind.B and not self.trainer.network.train_bias:
            return label("fixed".rjust(self._widths["change"]))
        if self._changes is None:
            return self._blank("change")
        return self._number("change", float(self._changes[place]), self.snapshot.change_freshness, parameter)

    def _penalty(self, layer: int, place: int) -> Span:
        backward, freshness = self._backwards[layer]
        shares = backward.penalty_gradient if backward else None
        if shares is None or place >= len(shares):
            return self._blank("penalty")
        return self._number("penalty", float(shares[place]), freshness, None)

    def _slot(self, slot: Array, place: int, slot_name: str, parameter: Quantity) -> Span:
        if place >= len(slot):
            return self._blank(slot_name)
        remembered = self._names.of(Kind.SLOT, parameter.layer, parameter.to, parameter.from_, slot=slot_name)
        return self._number(slot_name, float(slot[place]), self.snapshot.parameters_freshness, remembered)

    def _check(self, gradient: Quantity) -> list[Span]:
        if self.checks is None:
            return []
        check = self.checks.get(gradient)
        if check is None:
            return [blank(CHECK)]
        text = {Verdict.AGREES: "✓", Verdict.KINK: "kink"}.get(
            check.verdict, f"✗{check.error:.0e}".replace("e-0", "e−")
        )
        return [Span(text.rjust(CHECK), (check.verdict.name.lower(),))]

    def _blank(self, column: str) -> Span:
        return blank(self._widths[column])

    def _number(self, column: str, value: float, freshness: Freshness, quantity: Quantity | None) -> Span:
        text = self._forms[column].text(value).rjust(self._widths[column])
        return Span(text, number_styles(value, freshness), quantity)
