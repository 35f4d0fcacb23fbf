"""The columns of the table of parameters: value, gradient, next value, and the optimizer's slots."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from msgspec import Struct

from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.functions.arrays import Array
from ...core.quantities.quantity import Kind, Quantity
from ...core.steps.events import BackwardPass
from ...core.training.trainer import Trainer
from ...presets.printed_figures import PrintedFigure, PrintedFigures
from .columns import Form, form_of

NONE = np.zeros(0)
LEAST = 4
"""The decimal place up to which the smallest gradient shows its digits."""
SLOT_DIGITS = 4
"""Significant digits of the optimizer's slots, enough to compute an update by hand."""


class ParameterColumn(Struct, frozen=True, eq=False):
    """Numbers of the parameters under one heading."""

    word: str
    form: Form
    numbers: tuple[Array | None, ...]
    """For each layer the vector of all parameters' numbers; None if they are not known yet."""
    freshness: tuple[Freshness, ...]
    """The freshness of each layer's numbers."""
    width: int
    """Columns of a number, with a gap before it."""
    printed: Mapping[Quantity, PrintedFigure]
    """The source's figures beside the numbers, by parameter."""
    mark: int = 0
    """Columns of a figure, with a gap before it."""


class ParameterColumns(Struct, frozen=True, eq=False, dict=True):
    """Every column that has numbers."""

    snapshot: Snapshot
    trainer: Trainer
    printed: PrintedFigures
    decimals: int
    has_room_for_figures: bool
    """Whether the source's figures fit beside the numbers."""

    @cached_property
    def backwards(self) -> list[tuple[BackwardPass | None, Freshness]]:
        """The latest backward pass that is known for each layer."""
        snapshot = self.snapshot
        return [(snapshot.backward_of(n), snapshot.backward_freshness(n)) for n in range(snapshot.layers)]

    def are_of(self, other: "ParameterColumns") -> bool:
        """Whether others would be the same, so that nothing is computed again for them."""
        return self.snapshot is other.snapshot and self._form == other._form

    @property
    def _form(self) -> tuple[object, ...]:
        return self.trainer, self.printed, self.decimals, self.has_room_for_figures

    @cached_property
    def every(self) -> tuple[ParameterColumn, ...]:
        """Value, gradient, next value, the penalty's share, and the optimizer's slots."""
        snapshot, layers = self.snapshot, self.snapshot.layers
        value = self._column(
            "value", [snapshot.state.parameters] * layers, [snapshot.parameters_freshness] * layers, snapshot.step
        )
        gradients = [backward.gradient if backward else None for backward, _ in self.backwards]
        ages = [freshness for _, freshness in self.backwards]
        gradient = self._column("gradient", gradients, ages, snapshot.backward.step, is_gradient=True)
        penalties = [backward.penalty_gradient if backward else None for backward, _ in self.backwards]
        penalty = [self._column("penalty", penalties, ages)] if self.trainer.penalty.is_in_loss else []
        slots = [
            self._column(name, [slot] * layers, [snapshot.parameters_freshness] * layers, digits=SLOT_DIGITS)
            for name, slot in zip(self.trainer.optimizer.slot_names, snapshot.state.slots, strict=True)
            if slot.ndim
        ]
        return value, gradient, self._next, *penalty, *slots

    @property
    def _next(self) -> ParameterColumn:
        """The result of the coming update, once the gradients are known; after an update, the previous values."""
        snapshot, layers = self.snapshot, self.snapshot.layers
        if snapshot.updated:
            before: Array | None = snapshot.updated.backward.state.parameters
            return self._column("before", [before] * layers, [Freshness.STALE] * layers, snapshot.backward.step)
        known = [each is snapshot.backward and freshness is not Freshness.STALE for each, freshness in self.backwards]
        after = self.trainer.update(snapshot.backward).state.parameters if any(known) else None
        numbers = [after if each else None for each in known]
        return self._column("next", numbers, [Freshness.CURRENT] * layers, snapshot.step + 1)

    def _column(
        self,
        word: str,
        numbers: list[Array] | list[Array | None],
        freshness: list[Freshness],
        step: int | None = None,
        digits: int = 0,
        *,
        is_gradient: bool = False,
    ) -> ParameterColumn:
        """A column whose numbers have one form, with the source's figures of a step."""
        known = list({id(each): each for each in numbers if each is not None}.values())
        values = np.concatenate([NONE, *known])
        if not is_gradient and step is not None:  # only gradients need the digits of the smallest number
            values = np.abs(values).max(keepdims=True) if values.size else values
        digits = max(digits, self.decimals - LEAST + 1, 1)
        width = max(self.decimals + (5 if digits == SLOT_DIGITS else 4), len(word) + 1)
        figures = {} if step is None or not known else self._figures(step, is_gradient=is_gradient)
        longest = max((len(each.text) for each in figures.values()), default=0)
        mark = 2 + (longest + 2) * self.has_room_for_figures
        form = form_of(values, self.decimals, width, digits)
        return ParameterColumn(word, form, tuple(numbers), tuple(freshness), width, figures, mark if figures else 0)

    def _figures(self, step: int, *, is_gradient: bool) -> dict[Quantity, PrintedFigure]:
        """The source's figures for the parameters, or for their gradients, at a step."""
        kinds = (Kind.DW, Kind.DB) if is_gradient else (Kind.W, Kind.B)
        return {quantity.parameter: each for quantity, each in self.printed.of_step(step) if quantity.kind in kinds}
