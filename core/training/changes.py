"""Changes: the user's edits in a training, as values that can be saved and made again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import isfinite
from typing import NamedTuple

import numpy as np

from ..data.dataset import Dataset
from ..functions.activations import activation_of
from ..functions.arrays import Array, frozen
from ..functions.losses import loss_of
from ..functions.optimizer import Optimizer
from ..functions.optimizers import OPTIMIZERS
from ..functions.output_head import activations_fault, pair_fault, target_fault
from ..network.layout import Shape, place_of
from ..network.network import Network
from ..quantities.quantity import Kind, Quantity
from ..steps.state import State
from .change_rules import ALL, Value, What, allowed, read
from .trainer import Trainer
from .training import Training


@dataclass(frozen=True)
class Change:
    """One thing that is edited, and its new value."""

    what: What
    """A parameter; an input or a target of an example of the data, without one of the first; "learning_rate",
    "optimizer", "batch_size", "loss"; "activation" of all hidden layers, or "activation2" of layer 2 alone, which can
    be hidden or the last."""
    value: Value
    """A number, the name of an optimizer, activation or loss, or "all" for a batch size."""


class Changed(NamedTuple):
    """A training after a change."""

    training: Training
    note: str = ""
    """In a sentence, what could not be kept; empty if everything was kept."""


def typed_change(what: What, text: str) -> Change:
    """The change to a value that the user typed, checked as far as possible without the network.

    Raises:
        ValueError: there is no such thing, or it cannot have that value.
    """
    return Change(what, read(what, text))


def apply(change: Change, training: Training) -> Changed:
    """The training after a change; the original training is unchanged.

    A changed batch size begins the epoch again, in the same order of the examples, unless it is at its beginning.
    A changed optimizer begins without a memory, and keeps the learning rate.

    Raises:
        ValueError: the network has no such number, or the change does not go with the rest.
    """
    what, value = change.what, allowed(change.what, change.value)
    trainer, state = training.trainer, training.state
    if isinstance(what, Quantity):
        return _with_number(trainer, state, what, float(value))
    match what, value:
        case "learning_rate", float():
            return Changed(Training(trainer.with_learning_rate(value), state))
        case "optimizer", str():
            return _with_optimizer(trainer, state, value)
        case "batch_size", _:
            return _with_batch_size(trainer, state, value)
        case "loss", str():
            return Changed(Training(_with_loss(trainer, value), state))
        case _:
            return Changed(Training(_with_activation(trainer, what, str(value)), state))


def apply_all(changes: Sequence[Change], training: Training) -> Changed:
    """The training after several changes, made one after the other.

    Raises:
        ValueError: one of them cannot be made.
    """
    notes = []
    for change in changes:
        training, note = apply(change, training)
        notes += [note] if note else []
    return Changed(training, "; ".join(notes))


def _with_number(trainer: Trainer, state: State, what: Quantity, value: float) -> Changed:
    """With another parameter, input or target."""
    if what.kind in (Kind.W, Kind.B):
        return Changed(Training(trainer, with_parameter(state, what, value)))
    train = with_example(trainer.train, trainer.output.loss.name, what, value)
    return Changed(Training(replace(trainer, train=train), state))


def _with_optimizer(trainer: Trainer, state: State, name: str) -> Changed:
    if name == trainer.optimizer.name:
        return Changed(Training(trainer, state))
    optimizer = OPTIMIZERS[name](learning_rate=trainer.optimizer.learning_rate)
    slots = optimizer.slots(state.parameters[trainer.network.trained])
    for slot in slots:
        frozen(slot)
    note = _memory_note(trainer.optimizer, optimizer)
    return Changed(Training(replace(trainer, optimizer=optimizer), replace(state, slots=slots)), note)


def _memory_note(before: Optimizer, after: Optimizer) -> str:
    """The slots of the new optimizer after a change of optimizer."""
    if after.slot_names:
        return f"the optimizer's state ({', '.join(after.slot_names)}) starts at 0" + " again" * bool(before.slot_names)
    return f"the optimizer's state ({', '.join(before.slot_names)}) is removed" if before.slot_names else ""


def _with_batch_size(trainer: Trainer, state: State, value: Value) -> Changed:
    examples = len(trainer.train)
    size = examples if value == ALL else int(value)
    if size > examples:
        raise ValueError(f"batch_size: expected at most {examples}, as there are {examples} examples, got {size}")
    if size == trainer.batches.size:
        return Changed(Training(trainer, state))
    note = f"the epoch restarts with batches of {size}" if state.position else ""
    trainer = replace(trainer, batches=replace(trainer.batches, size=size))
    return Changed(Training(trainer, replace(state, position=0)), note)


def _with_loss(trainer: Trainer, name: str) -> Trainer:
    if fault := pair_fault(name, trainer.output.activation.name) or _targets_fault(trainer, name):
        raise ValueError(f"loss: {fault}")
    return replace(trainer, output=replace(trainer.output, loss=loss_of(name)))


def _targets_fault(trainer: Trainer, loss: str) -> str | None:
    """What is wrong with the first target that a loss does not accept."""
    targets = chain.from_iterable(np.unique(data.y).tolist() for data in (trainer.train, trainer.test) if data)
    return next(filter(None, (target_fault(loss, target) for target in targets)), None)


def _with_activation(trainer: Trainer, what: str, name: str) -> Trainer:
    network = _with_activations(trainer.network, _layers(trainer.network, what), name)
    names = [layer.activation.name for layer in network.layers]
    if fault := activations_fault(names, network.layers[-1].n_out) or pair_fault(trainer.output.loss.name, names[-1]):
        raise ValueError(f"{what}: {fault}")
    return replace(trainer, network=network, output=replace(trainer.output, activation=network.layers[-1].activation))


def _layers(network: Network, what: str) -> range:
    """The layers, from 0, that a change of activation is for."""
    count, number = len(network.layers), what.removeprefix("activation")
    if not number:
        if count == 1:
            raise ValueError("activation: expected activation1, because there are no hidden layers")
        return range(count - 1)
    if not 1 <= int(number) <= count:
        raise ValueError(f"{what}: expected a layer from 1 to {count}")
    return range(int(number) - 1, int(number))


def _with_activations(network: Network, numbers: range, name: str) -> Network:
    layers = (
        replace(layer, activation=activation_of(name)) if n in numbers else layer
        for n, layer in enumerate(network.layers)
    )
    return replace(network, layers=tuple(layers))


def with_parameter(state: State, what: Quantity, value: float) -> State:
    """The state with another weight or bias.

    Args:
        state: the state before.
        what: a weight or a bias.
        value: the new value.

    Raises:
        ValueError: the network has no such parameter, or its type cannot represent the value.
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
        value: the new value.

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
