"""Edits: one number of the parameters or of the examples made another, in copies."""

from dataclasses import replace
from math import isfinite

import numpy as np

from ..functions.arrays import Array, frozen
from ..functions.compatibility import target_fault
from ..naming import match
from ..network.layout import Shape
from .dataset import Dataset
from .state import State


def with_parameter(state: State, what: str, value: float) -> State:
    """The state with another weight or bias.

    Args:
        state: the state before.
        what: such as "w1[4,3]" or "b2[1]".
        value: what it becomes.

    Raises:
        ValueError: the network has no such parameter, or its numbers do not reach so far.
    """
    form = match(what)
    assert form is not None and form["layer"]  # the caller has looked
    layers, layer = len(state.layout.places) // 2, int(form["layer"])
    if not 1 <= layer <= layers:
        raise ValueError(f"{what}: expected a layer from 1 to {layers}, got {layer}")
    begin, end, shape = state.layout.places[layer - 1 if form["from"] else layers + layer - 1]
    index = (int(form["to"]) - 1, int(form["from"]) - 1) if form["from"] else (int(form["to"]) - 1,)
    _check(what, f"layer {layer}", index, shape)
    parameters = state.parameters.copy()
    parameters[begin:end] = _with(what, parameters[begin:end].reshape(shape), index, value).ravel()
    return state._replace(parameters=frozen(parameters))


def with_example(data: Dataset, loss: str, what: str, value: float) -> Dataset:
    """The examples with another input or target.

    Args:
        data: the examples before.
        loss: the name of the loss, which does not take every target.
        what: such as "x[2]@3" or "y[1]@3".
        value: what it becomes.

    Raises:
        ValueError: there is no such number, the loss does not take it, or the numbers do not reach so far.
    """
    form = match(what)
    assert form is not None and form["data"]  # the caller has looked
    array = data.X if form["data"] == "x" else data.y
    index = int(form["example"] or 1) - 1, int(form["to"]) - 1
    _check(what, "the data", index, array.shape)
    changed = frozen(_with(what, array, index, value))
    if form["data"] == "x":
        return replace(data, X=changed)
    if fault := target_fault(loss, value):
        raise ValueError(f"{what}: {fault}")
    return replace(data, y=changed)


def _check(what: str, where: str, index: tuple[int, ...], shape: Shape) -> None:
    if all(0 <= i < n for i, n in zip(index, shape, strict=True)):
        return
    if 0 in shape:
        raise ValueError(f"{what}: expected another number, {where} has none of this kind")
    raise ValueError(f"{what}: expected {_range(what.partition('[')[0], shape)}; {where} has no other")


def _range(name: str, shape: Shape) -> str:
    """The first and the last of an array's numbers, as they are called."""
    if name in ("x", "y"):
        return f"{name}[1]@1 to {name}[{shape[1]}]@{shape[0]}"
    return f"{name}[{','.join('1' for _ in shape)}] to {name}[{','.join(map(str, shape))}]"


def _with(what: str, array: Array, index: tuple[int, ...], value: float) -> Array:
    """A copy with another number."""
    with np.errstate(over="ignore"):
        held = array.dtype.type(value)
    if not isfinite(held):
        raise ValueError(f"{what}: expected a number that {array.dtype} can hold, got {value:g}")
    copy = array.copy()
    copy[index] = held
    return copy
