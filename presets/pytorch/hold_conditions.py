"""Breakpoints of a live training: each holds where something makes it true that did not before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan
from typing import TypeAlias

from ..live.orders import HoldCondition
from . import lazy_torch as torch
from .lazy_torch import Tensor
from .tensor_statistics import norm_of

Facts: TypeAlias = frozenset[tuple[int, ...]]
"""What makes a condition true at a step; empty if it is false."""
TRUE: Facts = frozenset({()})
FALSE: Facts = frozenset()


@dataclass(frozen=True, eq=False, kw_only=True)
class SeenStep:
    """What conditions are checked of."""

    number: int
    """Updates done."""
    loss: float
    find: Callable[[str], Tensor | None]
    """The tensor of a name."""
    gradients: Callable[[], Sequence[Tensor]]
    dead_neurons: Callable[[], Facts]
    """Layer and number of each relu neuron that is 0 for all examples of the batch, from 0."""


class HoldConditions:
    """The conditions that a dashboard gave, and what made them true at the last step."""

    def __init__(self) -> None:
        self._conditions: tuple[HoldCondition, ...] = ()
        self._facts: dict[HoldCondition, Facts] = {}
        self._last_loss = nan

    def broken(self, conditions: tuple[HoldCondition, ...], seen: SeenStep) -> str:
        """Which condition has become true, in words; empty if none has.

        Args:
            conditions: the current conditions.
            seen: the step.
        """
        if conditions is not self._conditions:
            self._conditions, self._facts, self._last_loss = conditions, {}, nan
        before, last_loss = self._facts, self._last_loss
        self._facts = {each: _facts(each, seen, last_loss) for each in conditions}
        self._last_loss = seen.loss
        for each, facts in self._facts.items():
            if fresh := facts - before.get(each, FALSE):
                return _said(each, fresh)
        return ""


def _facts(condition: HoldCondition, seen: SeenStep, last_loss: float) -> Facts:
    match condition.of:
        case "dead relu":
            return seen.dead_neurons()
        case "loss rises":  # each rise is a new one
            return frozenset({(seen.number,)}) if seen.loss > last_loss else FALSE
        case "step":
            return TRUE if seen.number == condition.bound else FALSE
        case "not finite":
            return FALSE if isfinite(seen.loss) else TRUE
    value = _value(condition, seen)
    return TRUE if (value < condition.bound if condition.relation == "<" else value > condition.bound) else FALSE


def _value(condition: HoldCondition, seen: SeenStep) -> float:
    if condition.of == "loss":
        return seen.loss
    if condition.of == "|gradient|" or (condition.of == "gradient norm" and not condition.tensor):
        return _length(seen.gradients(), inf if condition.of == "|gradient|" else 2.0)
    tensor = seen.find(condition.tensor)
    if tensor is not None and condition.of == "gradient norm":
        tensor = tensor.grad
    if tensor is None:
        return nan
    if condition.of != "value":
        return norm_of(tensor)
    try:
        number = tensor.detach()[condition.index]
        return float(number.abs() if number.is_complex() else number)
    except (IndexError, ValueError, RuntimeError):
        return nan


def _length(gradients: Sequence[Tensor], order: float) -> float:
    """Of all gradients as one vector: its length, or its largest number."""
    dense = [each.coalesce().values() if each.is_sparse else each for each in gradients]
    lengths = [norm_of(each, order) for each in dense if each.numel()]
    return norm_of(torch.tensor(lengths, dtype=torch.float64), order) if lengths else nan


def _said(condition: HoldCondition, fresh: Facts) -> str:
    if condition.of == "not finite":
        return "the loss is not finite"
    if condition.of == "dead relu":
        layer, neuron = min(fresh)
        more = f" and {len(fresh) - 1} more" if len(fresh) > 1 else ""
        return f"dead relu: neuron {neuron + 1} of layer {layer + 1}{more}"
    if condition.of in ("step", "loss rises"):
        return f"step {condition.bound:g}" if condition.of == "step" else condition.of
    index = f"[{', '.join(map(str, condition.index))}]" if condition.index else ""
    words = [condition.of, condition.tensor + index, condition.relation, f"{condition.bound:g}"]
    return " ".join(each for each in words if each)
