"""Whether a network has a layer, a neuron, a parameter or an example."""

from ..quantities.quantity import DATA, OF_AN_EXAMPLE, OF_THE_BATCH, Kind, Quantity
from .step import Step


def check(step: Step, quantity: Quantity) -> None:
    """Make sure that a step has a quantity.

    Raises:
        IndexError: it has none; the message says which there are.
    """
    kind = quantity.kind
    if kind in OF_AN_EXAMPLE:
        _within(quantity, "the batch has examples", quantity.row, step.batch)
    if kind in OF_THE_BATCH:
        return
    if kind not in DATA:
        if quantity.layer < (-1 if kind is Kind.DA else 0):
            raise IndexError(f"{quantity}: layers count from 1")
        _within(quantity, "the network has layers", max(quantity.layer, 0), len(step.network.layers))
    _check_neuron(step, quantity)


def _check_neuron(step: Step, quantity: Quantity) -> None:
    kind, layer, where = quantity.kind, quantity.layer, f"layer {quantity.layer + 1} has"
    if kind is Kind.X or (kind is Kind.DA and layer == -1):
        _within(quantity, "there are inputs", quantity.to, step.inputs(0))
    elif kind is Kind.Y:
        _within(quantity, "there are outputs", quantity.to, step.outputs(step.last))
    elif kind in (Kind.Z, Kind.A, Kind.DZ, Kind.DA) or quantity.from_ is not None:
        _within(quantity, f"{where} neurons", quantity.to, step.outputs(layer))
        if quantity.from_ is not None:
            _within(quantity, f"{where} inputs", quantity.from_, step.inputs(layer))
    else:
        _within(quantity, f"{where} biases", quantity.to, step.state.b[layer].size)


def _within(quantity: Quantity, what: str, index: int, count: int) -> None:
    if 0 <= index < count:
        return
    there = f"1 to {count}" if count > 1 else "1 only" if count else "none"
    what = what.replace("has ", "has no ", 1) if not count else f"{what} {there}"
    raise IndexError(f"{quantity}: {what}")
