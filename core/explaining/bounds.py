"""Whether a network has a layer, a neuron, a parameter or an example."""

from ..quantity import Quantity
from .step import Step


def check(step: Step, name: str, quantity: Quantity) -> None:
    """Make sure that a step has a quantity.

    Raises:
        IndexError: it has none; the message says which there are.
    """
    kind = quantity.name.removeprefix("penalty-")
    if kind in ("mean-abs-error", "penalty") or (kind == "loss" and not quantity.index):
        return
    if kind == "loss" or kind[-1] in "zaxy":
        _within(name, "the batch has examples", quantity.index[0], step.batch)
    if quantity.example is not None:
        _within(name, "the batch has examples", quantity.example, step.batch)
    if kind == "loss":
        return
    if kind not in ("x", "y"):
        least = -1 if kind == "da" else 0
        if quantity.layer < least:
            raise IndexError(f"{name}: layers count from 1")
        _within(name, "the network has layers", max(quantity.layer, 0), len(step.network.layers))
    _check_neuron(step, name, kind, quantity)


def _check_neuron(step: Step, name: str, kind: str, quantity: Quantity) -> None:
    layer, where = quantity.layer, f"layer {quantity.layer + 1} has"
    if kind == "x" or (kind == "da" and layer == -1):
        _within(name, "there are inputs", quantity.index[1], step.inputs(0))
    elif kind == "y":
        _within(name, "there are outputs", quantity.index[1], step.outputs(step.last))
    elif kind[-1] == "w":
        _within(name, f"{where} neurons", quantity.index[0], step.outputs(layer))
        _within(name, f"{where} inputs", quantity.index[1], step.inputs(layer))
    elif kind[-1] == "b":
        _within(name, f"{where} biases", quantity.index[0], step.state.b[layer].size)
    else:
        _within(name, f"{where} neurons", quantity.index[1], step.outputs(layer))


def _within(name: str, what: str, index: int, count: int) -> None:
    if 0 <= index < count:
        return
    there = f"1 to {count}" if count > 1 else "1 only" if count else "none"
    raise IndexError(f"{name}: {what.replace('has ', 'has no ', 1)}" if not count else f"{name}: {what} {there}")
