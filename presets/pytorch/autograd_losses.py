"""The loss function that a graph of PyTorch ends in, with the targets that it keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np

from ...core.functions.arrays import Array
from . import lazy_torch as torch
from .lazy_torch import AutogradNode, Tensor

RESHAPES = ("View", "UnsafeView", "ReshapeAlias", "Squeeze", "Unsqueeze", "Select", "Alias")
"""Operations that leave numbers and their order as they are, where as many come out as go in."""
REDUCED = {0: "none", 1: "mean", 2: "sum"}
"""How a graph writes reductions."""


class UnrecognizedError(Exception):
    """The training is not one that nn-tui can compute too; one sentence says why."""


@dataclass(frozen=True, eq=False, kw_only=True)
class FoundLoss:
    """A loss function, and what it was computed of."""

    name: str
    """As PyTorch calls it."""
    core_name: str
    """As nn-tui does, where the mean is taken over outputs and examples."""
    reduction: str
    node: AutogradNode
    """Of the predictions, or of the logits."""
    target: Tensor
    prediction: Tensor | None = None
    """None for logits."""
    folded: str = ""
    """The activation of logits that is part of the loss."""
    class_weights: Tensor | None = None

    def for_outputs(self, outputs: int) -> tuple[str, str]:
        """The name and the reduction that nn-tui has for it.

        Raises:
            UnrecognizedError: it has none.
        """
        if self.core_name in ("mae", "huber") and self.reduction == "sum" and outputs > 1:
            raise UnrecognizedError(f"nn-tui has no sum of {self.name} over {outputs} outputs")
        if self.core_name == "mse" and self.reduction == "sum":
            return "sse", "sum"
        if self.core_name.startswith("bce") and self.reduction == "mean" and outputs > 1:
            return self.core_name, "mean-over-outputs"
        return self.core_name, self.reduction

    def y(self, examples: int, outputs: int) -> Array:
        """The targets, (examples, outputs); classes one-hot.

        Raises:
            UnrecognizedError: they are not as many as the predictions.
        """
        target = self.target.detach().cpu().numpy()
        if self.core_name == "cross-entropy":
            if target.shape != (examples,) or outputs < 2:
                raise UnrecognizedError(f"expected a class of each of {examples} examples and several outputs")
            one_hot: Array = np.eye(outputs)[target]
            return one_hot
        if target.size != examples * outputs:
            raise UnrecognizedError(f"expected {examples} x {outputs} targets, got {prod(target.shape)}")
        return np.asarray(target.reshape(examples, outputs))


def operation(node: AutogradNode) -> str:
    """The operation of a node, as Addmm of AddmmBackward0."""
    name: str = node.name()
    return name.rpartition("::")[2].partition("Backward")[0]


def before(node: AutogradNode | None) -> AutogradNode | None:
    """The first node from here on that changes numbers."""
    while node is not None and operation(node) in RESHAPES:
        node = node.next_functions[0][0]
    return node


def found_loss(loss: Tensor) -> FoundLoss:
    """The loss function of a number that is about to be gone back from.

    Raises:
        UnrecognizedError: nn-tui does not have it.
    """
    node = before(loss.grad_fn)
    outer = ""
    if node is not None and operation(node) in ("Mean", "Sum"):
        outer = operation(node).lower()
        node = before(node.next_functions[0][0])
    if node is None or (find := _FINDERS.get(operation(node))) is None:
        raise UnrecognizedError(f"the loss ends in {_word(node, outer)}, which is not a loss function of nn-tui")
    return find(node, outer)


def _word(node: AutogradNode | None, outer: str) -> str:
    words = [outer, "of"] if outer else []
    return " ".join([*words, operation(node).lower() if node is not None else "nothing"])


def _reduction(node: AutogradNode, outer: str) -> str:
    own = REDUCED.get(int(node._saved_reduction), "none")
    if (own == "none") != bool(outer):
        raise UnrecognizedError("the loss is neither the mean nor the sum of a loss function")
    return outer or own


def _plain(name: str, core_name: str, setting: str = "") -> Callable[[AutogradNode, str], FoundLoss]:
    """A loss that keeps predictions and targets; a setting must be 1."""

    def find(node: AutogradNode, outer: str) -> FoundLoss:
        if setting and float(getattr(node, f"_saved_{setting}")) != 1.0:
            raise UnrecognizedError(f"nn-tui has {name} with {setting} 1 alone")
        if getattr(node, "_saved_weight", None) is not None:
            raise UnrecognizedError(f"nn-tui has no {name} with weights")
        return FoundLoss(
            name=name,
            core_name=core_name,
            reduction=_reduction(node, outer),
            node=node.next_functions[0][0],
            target=node._saved_target,
            prediction=node._saved_self,
        )

    return find


def _bce_with_logits(node: AutogradNode, outer: str) -> FoundLoss:
    if node._saved_weight is not None:
        raise UnrecognizedError("nn-tui has no BCEWithLogitsLoss with weights")
    name, positive = "bce", node._saved_pos_weight
    if positive is not None:
        if bool((positive != positive.flatten()[0]).any()):
            raise UnrecognizedError("nn-tui has one pos_weight for all outputs")
        name = f"bce({float(positive.flatten()[0])!r})"
    return FoundLoss(
        name="BCEWithLogitsLoss",
        core_name=name,
        reduction=_reduction(node, outer),
        node=node.next_functions[0][0],
        target=node._saved_target,
        folded="sigmoid",
    )


def _cross_entropy(node: AutogradNode, outer: str) -> FoundLoss:
    logs = before(node.next_functions[0][0])
    if logs is None or operation(logs) != "LogSoftmax":
        raise UnrecognizedError("nn-tui has NLLLoss of log_softmax alone")
    target = node._saved_target
    if bool((target == int(node._saved_ignore_index)).any()):
        raise UnrecognizedError("the loss leaves out some examples by ignore_index")
    if node._saved_weight is not None and outer == "mean":
        raise UnrecognizedError("the mean of a loss with class weights does not divide by them")
    return FoundLoss(
        name="CrossEntropyLoss",
        core_name="cross-entropy",
        reduction=_reduction(node, outer),
        node=logs.next_functions[0][0],
        target=target,
        folded="softmax",
        class_weights=node._saved_weight,
    )


def _by_hand(name: str, core_name: str) -> Callable[[AutogradNode, str], FoundLoss]:
    """The mean or the sum of |ŷ − y| or of (ŷ − y)², whose graph keeps the difference alone."""

    def find(node: AutogradNode, outer: str) -> FoundLoss:
        minus = before(node.next_functions[0][0])
        power = float(getattr(node, "_saved_exponent", 2.0))
        if minus is None or operation(minus) not in ("Sub", "Rsub") or power != 2.0 or not outer:
            raise UnrecognizedError(f"the loss ends in {_word(node, outer)}, which is not a loss function of nn-tui")
        nodes = [each for each, _ in minus.next_functions]
        side = 0 if nodes[0] is not None else 1
        difference = node._saved_self.detach()
        return FoundLoss(
            name=name,
            core_name=core_name,
            reduction=outer,
            node=nodes[side],
            target=difference if side == 0 else -difference,
            prediction=None,
        )

    return find


def target_of(difference: Tensor, prediction: Tensor) -> Tensor:
    """y of ŷ − y and ŷ: the shortest decimal that gives the difference, where there is one."""
    d, p = (each.detach().cpu().numpy().reshape(-1) for each in (difference, prediction))
    y = p - d
    for decimals in (0, 2, 4, 6):
        short = np.round(y, decimals)
        if np.array_equal(p - short, d):
            return torch.from_numpy(short)
    return torch.from_numpy(y)


_FINDERS: dict[str, Callable[[AutogradNode, str], FoundLoss]] = {
    "MseLoss": _plain("MSELoss", "mse"),
    "SmoothL1Loss": _plain("SmoothL1Loss", "huber", "beta"),
    "HuberLoss": _plain("HuberLoss", "huber", "delta"),
    "BinaryCrossEntropy": _plain("BCELoss", "bce"),
    "BinaryCrossEntropyWithLogits": _bce_with_logits,
    "NllLoss": _cross_entropy,
    "Abs": _by_hand("L1Loss", "mae"),
    "Pow": _by_hand("MSELoss", "mse"),
}
