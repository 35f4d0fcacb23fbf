"""Where a network ends and its loss begins, in the graph of a loss that a script writes as a formula."""

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
    """That computes them: the last activation, or the last layer."""
    nodes: tuple[AutogradNode, ...]
    """From the loss to the outputs, which are not among them; the loss first."""


def found_outputs(loss: Tensor, activations: Container[str]) -> FoundOutputs | None:
    """The outputs that a loss is of; None where there is not one layer through which it depends on all parameters.

    Args:
        loss: the number that is about to be gone back from.
        activations: the names of operations that can be the last layer's activation.

    Raises:
        UnrecognizedError: the loss is of the parameters too.
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
            raise UnrecognizedError("the loss has a term of the parameters themselves, as a penalty is one")
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
