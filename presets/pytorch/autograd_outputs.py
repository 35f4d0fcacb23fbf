"""Finding the outputs of a network in the graph of a loss that a script writes as a formula."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from typing import NamedTuple

from .autograd_losses import RESHAPES, UnrecognizedError, before, operation
from .lazy_torch import AutogradNode, Tensor

MOST_NODES = 80
PRODUCTS = ("Addmm", "Mm")


class FoundOutputs(NamedTuple):
    """The outputs in a graph."""

    node: AutogradNode
    """The node that computes the outputs: the last activation, or the last layer."""
    nodes: tuple[AutogradNode, ...]
    """The nodes between the loss and the outputs, the loss first."""


def found_outputs(loss: Tensor, activations: Container[str]) -> FoundOutputs | None:
    """The outputs of a loss; None if no single layer separates the loss from all parameters.

    Args:
        loss: the loss, before its backward pass.
        activations: the names of operations that can be the last layer's activation.

    Raises:
        UnrecognizedError: the loss also depends on the parameters directly.
    """
    users: dict[AutogradNode, set[AutogradNode]] = defaultdict(set)
    above: dict[AutogradNode, None] = {}
    ends: dict[AutogradNode, None] = {}
    waiting = [loss.grad_fn]
    while waiting and len(above) <= MOST_NODES:
        node = waiting.pop(0)
        if node in above or node in ends:
            continue
        if _is_layer(node):
            ends[node] = None
            continue
        if operation(node) == "AccumulateGrad":
            raise UnrecognizedError("the loss has a term of the parameters themselves, such as a penalty")
        above[node] = None
        for each, _ in node.next_functions:
            if each is not None:
                users[each].add(node)
                waiting.append(each)
    if len(ends) != 1 or waiting:
        return None
    (last,) = ends
    passed = []
    node = last
    while len(users[node]) == 1 and (user := next(iter(users[node]))) is not loss.grad_fn:
        if operation(user) not in RESHAPES:
            if operation(user) in activations:
                last = user
                passed.append(user)
            break
        passed.append(user)
        node = user
    return FoundOutputs(last, tuple(each for each in above if each not in passed))


def _is_layer(node: AutogradNode) -> bool:
    """Whether a node is a product with weights, or such a one with a bias added."""
    if operation(node) in PRODUCTS:
        return True
    if operation(node) != "Add":
        return False
    first, second = (each for each, _ in node.next_functions)
    product = before(first)
    return (
        product is not None
        and operation(product) in PRODUCTS
        and second is not None
        and operation(second) == "AccumulateGrad"
    )
