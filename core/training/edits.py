"""Edits: one number of the parameters or of the examples made another, in copies."""

from dataclasses import replace
from math import isfinite

import numpy as np

from ..functions.arrays import Array, frozen
from ..functions.output_head import target_fault
from ..network.layout import Shape, place_of
from ..quantities.quantity import Kind, Quantity
from .dataset import Dataset
from .state import State


def with_parameter(state: State, what: Quantity, value: float) -> State:
    """The state with another weight or bias.

    Args:
        state: the state before.
        what: a weight or a bias.
        value: what it becomes.

    Raises:
        ValueError: the network has no such parameter, or its numbers do not reach so far.
    """
    layers = len(state.layout.places) // 2
    if not 0 <= what.layer < layers:
        raise ValueError(f"{what}: expected a layer from 1 to {layers}, got {what.layer + 1}")
    shape = state.layout.places[what.layer + (layers if what.kind is Kind.B else 0)][2]
    _check(what, f"layer {what.layer + 1}", what.index, shape)
    place = place_of(state.layout, what)
    return replace(state, parameters=frozen(_with(what, state.parameters, (place,), value)))


def with_example(data: Dataset, loss: str, what: Quantity, value: float) -> Dataset:
    """The examples with another input or target.

    Args:
        data: the examples before.
        loss: the name of the loss, which does not take every target.
        what: an input or a target, its example counted in the data; without one, of the first.
        value: what it becomes.

    Raises:
        ValueError: there is no such number, the loss does not take it, or the numbers do not reach so far.
    """
    array, index = data.X if what.kind is Kind.X else data.y, (what.row, what.to)
    _check(what, "the data", index, array.shape)
    changed = frozen(_with(what, array, index, value))
    if what.kind is Kind.X:
        return replace(data, X=changed)
    if fault := target_fault(loss, value):
        raise ValueError(f"{what}: {fault}")
    return replace(data, y=changed)


def _check(what: Quantity, where: str, index: tuple[int, ...], shape: Shape) -> None:
    if all(0 <= i < n for i, n in zip(index, shape, strict=True)):
        return
    if 0 in shape:
        raise ValueError(f"{what}: expected another number, {where} has none of this kind")
    raise ValueError(f"{what}: expected {_range(what, shape)}; {where} has no otherss")


def _range(what: Quantity, shape: Shape) -> str:
    """The first and the last number of an array, by name."""
    if what.kind in (Kind.X, Kind.Y):
        first, last = (0, 0), (shape[1] - 1, shape[0] - 1)
        return " to ".join(str(Quantity(what.kind, to=to, example=example)) for to, example in (first, last))
    ends = (0,) * len(shape), tuple(n - 1 for n in shape)
    return " to ".join(str(Quantity.in_array(what.kind, what.layer, index)) for index in ends)


def _with(what: Quantity, array: Array, index: tuple[int, ...], value: float) -> Array:
    """A copy with another number."""
    with np.errstate(over="ignore"):
        held = array.dtype.type(value)
    if not isfinite(held):
        raise ValueError(f"{what}: expected a number that {array.dtype} can hold, got {value:g}")
    copy = array.copy()
    copy[index] = held
    return copy
