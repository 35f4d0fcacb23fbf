"""Finding the loss function at the end of a PyTorch graph, and its targets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from ...core.functions.activations import activation_of
from ...core.functions.arrays import Array
from ...core.functions.losses import loss_of
from ...core.functions.output_head import OutputHead
from . import lazy_torch as torch
from .lazy_torch import AutogradNode, Tensor

RESHAPES = ("View", "UnsafeView", "ReshapeAlias", "Squeeze", "Unsqueeze", "Select", "Alias")
"""Operations that do not change numbers or their order, if input and output have the same size."""
IDENTITY = activation_of("identity")
REDUCED = {0: "none", 1: "mean", 2: "sum"}
"""Names of reductions in a graph."""


class UnrecognizedError(Exception):
    """nn-tui cannot compute the training, for a reason in one sentence."""


class UnknownLossError(UnrecognizedError):
    """The loss is no PyTorch loss function that nn-tui has; the script may have written it as a formula."""


@dataclass(frozen=True, eq=False, kw_only=True)
class FoundLoss:
    """A loss function, and its arguments."""

    name: str
    """Its name in PyTorch."""
    core_name: str
    """Its name in nn-tui, with a mean over outputs and examples."""
    reduction: str
    node: AutogradNode
    """The node of the predictions, or of the logits."""
    target: Tensor
    prediction: Tensor | None = None
    """None for logits."""
    folded: str = ""
    """The activation of logits that is part of the loss."""
    class_weights: Tensor | None = None
    factor: float = 1.0
    """The factor of the whole loss."""
    is_written: bool = False
    """Whether the script writes it as a formula; then reductions have nn-tui's names."""

    @property
    def shown(self) -> str:
        """Its name, with the factor."""
        return self.name if self.factor == 1.0 else f"{self.factor:.4g} · {self.name}"

    def for_outputs(self, outputs: int) -> tuple[str, str]:
        """The name and the reduction that nn-tui has for it; with a factor it is a sum of weighted examples."""
        name, reduction, factor = self._of_core(outputs)
        return name, reduction if factor == 1.0 else "sum"

    def weights(self, examples: int, outputs: int) -> Array | None:
        """The weight of each example, if the loss has a factor.

        Raises:
            UnrecognizedError: nn-tui has no such loss.
        """
        name, reduction, factor = self._of_core(outputs)
        if factor == 1.0:
            return None
        if factor < 0.0:
            raise UnrecognizedError(f"the loss is the negative of {self.name}, which training makes larger")
        if self.class_weights is not None:
            raise UnrecognizedError(f"nn-tui has no {self.name} with class weights and a factor")
        divisor = OutputHead(IDENTITY, loss_of(name), reduction).divisor(examples, outputs)
        return np.full(examples, factor / divisor)

    def _of_core(self, outputs: int) -> tuple[str, str, float]:
        """The name, the reduction and the factor that nn-tui has for it."""
        name, reduction, factor = self.core_name, self.reduction, self.factor
        if self.is_written:
            return name, reduction, factor
        if name in ("mae", "huber") and reduction == "sum":
            factor *= outputs
        if name == "mse" and reduction == "sum":
            name = "sse"
        if name.startswith("bce") and reduction == "mean" and outputs > 1:
            reduction = "mean-over-outputs"
        if factor == 0.5 and name in ("mse", "sse"):
            name, factor = "half-sse", 1.0
            reduction = "mean-over-outputs" if reduction == "mean" and outputs > 1 else reduction
        return name, reduction, factor

    def y(self, examples: int, outputs: int) -> Array:
        """The targets, (examples, outputs); classes one-hot.

        Raises:
            UnrecognizedError: their number differs from the number of predictions.
        """
        target = self.target.detach().cpu().numpy()
        if self.core_name == "cross-entropy" and not self.target.is_floating_point():
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
    """The first node, from here back, that changes numbers."""
    while node is not None and operation(node) in RESHAPES:
        node = node.next_functions[0][0]
    return node


def found_loss(loss: Tensor) -> FoundLoss:
    """The loss function of a loss, before its backward pass.

    Raises:
        UnrecognizedError: nn-tui does not have it.
    """
    node, factor = without_factor(before(loss.grad_fn))
    outer = ""
    if node is not None and operation(node) in ("Mean", "Sum"):
        outer = operation(node).lower()
        node = before(node.next_functions[0][0])
    if node is not None and _is_smoothed(node):
        raise UnrecognizedError("nn-tui has CrossEntropyLoss only without label smoothing")
    if node is None or (find := _FINDERS.get(operation(node))) is None:
        raise UnknownLossError(f"the loss ends in {_word(node, outer)}, which is not a loss function of nn-tui")
    return replace(find(node, outer), factor=factor)


def _is_smoothed(node: AutogradNode) -> bool:
    """Whether it adds the two terms of label smoothing: that of the classes, and the mean over all outputs."""
    if operation(node) != "Add" or len(node.next_functions) != 2:
        return False
    of_classes, of_all = (each for each, _ in node.next_functions)
    while of_classes is not None and operation(of_classes) in ("Mul", "Div", "Sum", "Mean"):
        of_classes = of_classes.next_functions[0][0]
    if of_classes is None or not operation(of_classes).startswith("NllLoss"):
        return False
    logs = before(of_classes.next_functions[0][0])
    while of_all is not None and of_all is not logs and of_all.next_functions:
        of_all = of_all.next_functions[0][0]
    return of_all is logs


def without_factor(node: AutogradNode | None) -> tuple[AutogradNode | None, float]:
    """The first node that does not only scale, and the factor of the nodes after it."""
    factor = 1.0
    while node is not None and (name := operation(node)) in ("Mul", "Div", "Neg"):
        branches = [each for each, _ in node.next_functions if each is not None]
        number = -1.0 if name == "Neg" else _number_beside(node)
        if number is None or len(branches) != 1:
            break
        factor, node = factor / number if name == "Div" else factor * number, before(branches[0])
    return node, factor


def _number_beside(node: AutogradNode) -> float | None:
    """The constant in a product or a quotient; None if there is none, or if it is 0."""
    for name in ("_saved_other", "_saved_self"):
        value: Any = getattr(node, name, None)
        if torch.is_tensor(value) and value.dim() == 0:
            return float(value.detach()) or None
    return None


def _word(node: AutogradNode | None, outer: str) -> str:
    """The operations at the end of a loss: that of a mean or a sum, and of a loss function within the last one."""
    if node is None:
        return "nothing"
    inner = [before(each) for each, _ in node.next_functions if each is not None]
    within = _NAMES.get(operation(inner[0]), "") if len(inner) == 1 and inner[0] is not None else ""
    return " of ".join(each for each in (outer, operation(node).lower(), within) if each)


def _reduction(node: AutogradNode, outer: str) -> str:
    own = REDUCED.get(int(node._saved_reduction), "none")
    if (own == "none") != bool(outer):
        raise UnrecognizedError("the loss is neither the mean nor the sum of a loss function")
    return outer or own


def _plain(name: str, core_name: str, setting: str = "") -> Callable[[AutogradNode, str], FoundLoss]:
    """A loss that keeps predictions and targets; a setting must be 1."""

    def find(node: AutogradNode, outer: str) -> FoundLoss:
        if setting and float(getattr(node, f"_saved_{setting}")) != 1.0:
            raise UnrecognizedError(f"nn-tui has {name} only with {setting} 1")
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
        raise UnknownLossError("nn-tui has NLLLoss only after log_softmax")
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


_FINDERS: dict[str, Callable[[AutogradNode, str], FoundLoss]] = {
    "MseLoss": _plain("MSELoss", "mse"),
    "SmoothL1Loss": _plain("SmoothL1Loss", "huber", "beta"),
    "HuberLoss": _plain("HuberLoss", "huber", "delta"),
    "BinaryCrossEntropy": _plain("BCELoss", "bce"),
    "BinaryCrossEntropyWithLogits": _bce_with_logits,
    "NllLoss": _cross_entropy,
}
_NAMES = {
    "MseLoss": "MSELoss",
    "BinaryCrossEntropy": "BCELoss",
    "BinaryCrossEntropyWithLogits": "BCEWithLogitsLoss",
    "NllLoss": "NLLLoss",
}
"""Loss functions of PyTorch by their operations."""
