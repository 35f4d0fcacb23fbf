"""Breakpoints of a live training: each holds where it becomes true, and again only after it was false."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, nan

from ..live.orders import HoldCondition
from . import lazy_torch as torch
from .lazy_torch import Tensor


class HoldConditions:
    """The conditions that a dashboard gave, and which of them hold already."""

    def __init__(self) -> None:
        self._conditions: tuple[HoldCondition, ...] = ()
        self._true: frozenset[HoldCondition] = frozenset()

    def broken(
        self, conditions: tuple[HoldCondition, ...], step: int, loss: float, find: Callable[[str], Tensor | None]
    ) -> str:
        """Which condition has become true, in words; empty where none.

        Args:
            conditions: those that count now.
            step: updates done.
            loss: of this step.
            find: the tensor of a name.
        """
        if conditions is not self._conditions:
            self._conditions, self._true = conditions, frozenset()
        true = frozenset(each for each in conditions if _is_true(each, step, loss, find))
        fresh = [each for each in conditions if each in true and each not in self._true]
        self._true = true
        return _said(fresh[0]) if fresh else ""


def _is_true(condition: HoldCondition, step: int, loss: float, find: Callable[[str], Tensor | None]) -> bool:
    if condition.of == "step":
        return step >= condition.bound
    if condition.of == "not finite":
        return not isfinite(loss)
    value = loss if condition.of == "loss" else _value(condition, find)
    return value < condition.bound if condition.relation == "<" else value > condition.bound


def _value(condition: HoldCondition, find: Callable[[str], Tensor | None]) -> float:
    tensor = find(condition.tensor)
    if tensor is not None and condition.of == "gradient norm":
        tensor = tensor.grad
    if tensor is None:
        return nan
    if condition.of != "value":
        return float(torch.linalg.vector_norm(tensor.detach()))
    try:
        return float(tensor.detach()[condition.index])
    except (IndexError, ValueError, RuntimeError):
        return nan


def _said(condition: HoldCondition) -> str:
    if condition.of == "not finite":
        return "the loss is not finite"
    if condition.of == "step":
        return f"step {condition.bound:g}"
    index = f"[{', '.join(map(str, condition.index))}]" if condition.index else ""
    words = [condition.of, condition.tensor + index, condition.relation, f"{condition.bound:g}"]
    return " ".join(each for each in words if each)
