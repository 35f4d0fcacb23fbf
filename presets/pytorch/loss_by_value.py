"""Recognizing a loss that a script writes as a formula, by comparing its value with those of loss functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isclose, isfinite
from typing import Any, NamedTuple

import numpy as np

from ...core.functions.activations import activation_of
from ...core.functions.arrays import Array
from ...core.functions.losses import loss_of
from ...core.functions.output_head import REDUCTIONS, OutputHead, pair_fault
from . import lazy_torch as torch
from .autograd_losses import UnrecognizedError, before, operation, without_factor
from .lazy_torch import AutogradNode, Tensor

ORDER = ("mse", "bce", "cross-entropy", "mae", "huber", "sse", "half-sse", "hinge")
"""The order in which loss functions are tried."""
CHOICES = {"huber": {"Where"}, "hinge": {"Clamp", "ClampMin", "Relu", "Maximum"}}
"""Loss functions that are tried first, if an operation chooses between two values."""
CLOSE = {"float64": 1e-7, "float32": 1e-5}
"""Relative tolerance of the value, because a script's formula can lose digits."""
MOST_TARGETS = 60


class Match(NamedTuple):
    """A loss function, and the index of its targets among the candidates."""

    activation: str
    """Of the last layer; that of logits is part of the loss."""
    loss: str
    reduction: str
    target: int
    is_scaled: bool
    """Whether the value is that of the loss function times the factor in the graph."""
    is_summed: bool
    """Whether it is that of a mean over outputs times their number."""


@dataclass(frozen=True, eq=False, kw_only=True)
class WrittenLoss:
    """A loss with the outputs that it is of."""

    value: float
    nodes: Sequence[AutogradNode]
    """Its graph, from the loss to the outputs."""
    outputs: AutogradNode
    activation: str
    z: Array
    """(examples, outputs)."""
    y_hat: Array

    @property
    def shape(self) -> tuple[str, ...]:
        """Its operations, by which it is recognized in the next step."""
        return (self.activation, *map(operation, self.nodes))

    def factor_of(self, match: Match) -> float:
        """The factor of the loss function."""
        return (self._scale if match.is_scaled else 1.0) * (self.z.shape[1] if match.is_summed else 1)

    @property
    def _scale(self) -> float:
        """The absolute value of the factor of the whole loss."""
        node, factor = without_factor(self.nodes[0])
        while node is not None and operation(node) in ("Mean", "Sum"):
            node, number = without_factor(before(node.next_functions[0][0]))
            factor *= number
        return abs(factor)

    def targets(self) -> list[Array]:
        """Candidates for its targets, in the same order in each step; (examples, outputs)."""
        found: list[Array] = []
        for node in self.nodes:
            sign = _sign(node, self.outputs)
            for tensor in _kept(node):
                found += _targets_of(tensor, self.y_hat, sign)
        return found[:MOST_TARGETS]

    def match(self) -> Match | None:
        """The first loss function with its value; None if none has it."""
        if not isfinite(self.value) or self.value == 0.0:
            return None
        first = [name for name, chooses in CHOICES.items() if chooses & set(self.shape)]
        order = [*first, *ORDER]
        targets = self.targets()
        for is_summed in (False, True)[: self.z.shape[1]]:
            for is_scaled in (False, True):
                for number, y in enumerate(targets):
                    for loss in order:
                        match = Match("", loss, "", number, is_scaled, is_summed)
                        if found := self._matching(match, y):
                            return found
        return None

    def _matching(self, match: Match, y: Array) -> Match | None:
        """The match with the activation and the reduction that give the value; None if none do."""
        loss, value = match.loss, self.value / self.factor_of(match)
        activation = self._activation_for(loss)
        if activation is None or not _are_targets(loss, y):
            return None
        with np.errstate(all="ignore"):
            y_hat = self.y_hat if activation == self.activation else activation_of(activation)(self.z)
            for reduction in REDUCTIONS:
                head = OutputHead(activation_of(activation), loss_of(loss), reduction)
                found = head.reduce(head.losses(self.z, y_hat, y), y)
                if isclose(found, value, rel_tol=CLOSE[self.y_hat.dtype.name]):
                    return match._replace(activation=activation, reduction=reduction)
        return None

    def _activation_for(self, loss: str) -> str | None:
        """The activation of which a loss function is, where it can be one of these outputs."""
        if pair_fault(loss, self.activation) is None:
            return self.activation
        folded = {"bce": "sigmoid", "cross-entropy": "softmax"}.get(loss)
        is_possible = self.activation == "identity" and (folded == "sigmoid" or self.z.shape[1] > 1)
        return folded if is_possible else None


def _kept(node: AutogradNode) -> Iterator[Tensor]:
    """The tensors that a node keeps for its backward pass; those of a script's own function too."""
    kept: list[Any] = [getattr(node, name) for name in dir(node) if name.startswith("_saved_")]
    kept += getattr(node, "saved_tensors", ())
    for each in kept:
        yield from (tensor for tensor in (each if isinstance(each, tuple) else (each,)) if torch.is_tensor(tensor))


def _sign(node: AutogradNode, outputs: AutogradNode) -> float | None:
    """1 where a node is of ŷ − y, −1 where it is of y − ŷ; None if it is of something else."""
    sign, inner = 1.0, before(node.next_functions[0][0] if node.next_functions else None)
    while inner is not None and inner is not outputs:
        branches = [before(each) for each, _ in inner.next_functions]
        known = [each for each in branches if each is not None]
        if (name := operation(inner)) not in ("Sub", "Rsub", "Add", "Neg") or len(known) != 1:
            return None
        if name in ("Rsub", "Neg") or (name == "Sub" and branches[0] is None):
            sign = -sign
        inner = known[0]
    return None if inner is None else sign


def _targets_of(tensor: Tensor, y_hat: Array, sign: float | None) -> list[Array]:
    """Targets that follow from a tensor: itself, what is missing to 1, or what it differs from the predictions by."""
    kept, (examples, outputs) = tensor.detach().cpu().numpy(), y_hat.shape
    if kept.size == examples * examples and outputs == 1 < examples and kept.shape[-2:] == (examples, examples):
        raise UnrecognizedError(
            f"the loss is of {examples} x {examples} numbers: the shapes of outputs and targets, such as "
            f"({examples}, 1) and ({examples},), make a table of all pairs"
        )
    if kept.dtype == np.int64 and kept.size == examples and outputs > 1 and kept.min() >= 0 and kept.max() < outputs:
        return [np.eye(outputs, dtype=y_hat.dtype)[kept.reshape(-1)]]
    if kept.size != y_hat.size:
        return []
    t = kept.reshape(y_hat.shape).astype(y_hat.dtype)
    return [t, 1.0 - t, -t] + ([] if sign is None else [_short(y_hat, sign * t)])


def _short(y_hat: Array, difference: Array) -> Array:
    """y of ŷ − y and ŷ: the shortest decimals that give the difference, where there are some."""
    y: Array = y_hat - difference
    for decimals in (0, 2, 4, 6):
        short: Array = np.round(y, decimals)
        if np.array_equal(y_hat - short, difference):
            return short
    return y


def _are_targets(loss: str, y: Array) -> bool:
    if loss == "hinge":
        return bool(np.all(np.abs(y) == 1.0))
    if loss == "cross-entropy" and (y.shape[1] == 1 or not np.allclose(y.sum(1), 1.0)):
        return False
    return loss not in ("bce", "cross-entropy") or bool(np.all((y >= 0.0) & (y <= 1.0)))


class KnownLosses:
    """The recognized loss function of each formula; it stays the same when the value changes."""

    def __init__(self) -> None:
        self._matches: dict[tuple[str, ...], Match] = {}

    def match(self, written: WrittenLoss) -> Match | None:
        """The loss function of a formula; None if none has its value."""
        known = self._matches.get(written.shape)
        if known is None and (known := written.match()) is not None:
            self._matches[written.shape] = known
        return known
