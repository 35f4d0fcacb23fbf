"""Turning the reported numbers of a recognized network into the dashboard's own values."""

from dataclasses import replace
from pathlib import PurePath
from sys import float_info

import msgspec
import numpy as np

from ...core.data.dataset import Batches, Dataset
from ...core.functions.arrays import Array, frozen
from ...core.network.layout import Layout, Shape
from ...core.steps.events import BackwardPass, ForwardPass
from ...core.steps.state import State
from ...core.training.trainer import Trainer
from ..schema import DataTable, Preset
from .messages import Block, Recognized, StepNumbers


def preset_at(recognized: Recognized, reported: StepNumbers, script: str) -> Preset:
    """The training from a reported step on, as a preset: with its parameters as initial ones, and its batch as data."""
    network = msgspec.structs.replace(
        recognized.network,
        init=None,
        weights=[W.array().tolist() for W in reported.W],
        biases=None if recognized.network.bias == "none" else [b.array().tolist() for b in reported.b],
    )
    training = msgspec.structs.replace(
        recognized.training, learning_rate=_rate(reported), batch_size="all", shuffle=False
    )
    weights = None if reported.weights is None else reported.weights.array().tolist()
    y = reported.y.array()
    is_classes = training.loss == "cross-entropy" and bool(((y == 0.0) | (y == 1.0)).all())
    classes = [str(n) for n in range(y.shape[1])] if is_classes else None  # PyTorch counts them from 0
    data = DataTable(inputs=reported.X.array().tolist(), targets=y.tolist(), weights=weights, classes=classes)
    name = PurePath(script).stem[:60] or "training"
    return Preset(name=name, title=script, network=network, training=training, data=data)


def trainer_at(trainer: Trainer, reported: StepNumbers) -> Trainer:
    """A trainer with the batch and the learning rate of a reported step; the same trainer if it has them already.

    Raises:
        ValueError: the arrays do not fit this network.
    """
    dtype = _dtype(trainer)
    X, y = _array(reported.X, dtype), _array(reported.y, dtype)
    n_in, n_out = trainer.network.sizes[0], trainer.network.sizes[-1]
    if X.shape != (len(X), n_in) or y.shape != (len(X), n_out) or not len(X):
        raise ValueError(f"expected a batch for {n_in} inputs and {n_out} outputs, got {X.shape} and {y.shape}")
    weights = None if reported.weights is None else _array(reported.weights, dtype)
    if weights is not None and weights.shape != (len(X),):
        raise ValueError(f"expected a weight of each of {len(X)} examples, got {weights.shape}")
    own = trainer.train
    data = Dataset(X=X, y=y, weights=weights, class_names=own.class_names)
    if not (np.array_equal(X, own.X) and np.array_equal(y, own.y) and _are_equal(weights, own.weights)):
        trainer = replace(trainer, train=data, batches=Batches(len(X), len(X)))
    rate = _rate(reported)
    return trainer if trainer.optimizer.learning_rate == rate else trainer.with_learning_rate(rate)


def backward_of(trainer: Trainer, reported: StepNumbers) -> BackwardPass:
    """The step with the numbers that the other process computed.

    Args:
        trainer: a trainer with the batch of the step.
        reported: the reported numbers of the step.

    Raises:
        ValueError: the arrays do not fit this network.
    """
    network, X, y, dtype = trainer.network, trainer.train.X, trainer.train.y, _dtype(trainer)
    forward_layout, backward_layout = network.forward_layout(len(X)), network.backward_layout(len(X))
    parameters = _vector((*reported.W, *reported.b), network.layout, dtype)
    state = State(reported.step, reported.step, 0, parameters, _slots(trainer, reported, parameters), network.layout)
    passed = _vector((*reported.z, *reported.a), Layout.of([shape for *_, shape in forward_layout.places[:-1]]), dtype)
    z, y_hat = _array(reported.z[-1], dtype), _array(reported.a[-1], dtype)
    with np.errstate(all="ignore"):
        losses = trainer.output.losses(z, y_hat, y)
    numbers = frozen(np.concatenate([passed, np.asarray(losses, dtype)]))
    weights = trainer.batch_weights(state)
    forward = ForwardPass(state, X, y, numbers, forward_layout, 0.0, reported.loss, weights)
    return BackwardPass(
        forward,
        trainer.output.of(weights),
        network,
        _vector((*reported.dW, *reported.db), network.layout, dtype),
        None,
        _vector((*reported.dz, *reported.da), backward_layout, dtype),
        backward_layout,
    )


def _slots(trainer: Trainer, reported: StepNumbers, parameters: Array) -> tuple[Array, ...]:
    """The optimizer's slots; before its first update nothing is reported, and they are zeros."""
    optimizer, begun = trainer.optimizer, trainer.optimizer.slots(parameters[trainer.network.trained])
    vectors = iter(reported.slots)
    slots: list[Array] = []
    for name, zeros in zip(optimizer.slot_names, begun, strict=True):
        if name in optimizer.scalar_slots:
            slots.append(np.asarray(float(reported.updates), zeros.dtype))
        elif (block := next(vectors, None)) is None:
            slots.append(zeros)
        else:
            slots.append(_vector((block,), Layout.of([zeros.shape]), zeros.dtype))
    return tuple(map(frozen, slots))


def _vector(blocks: tuple[Block, ...], layout: Layout, dtype: np.dtype[np.floating]) -> Array:
    """Arrays of the shapes of a layout, in one vector."""
    arrays = [_array(block, dtype) for block in blocks]
    expected: list[Shape] = [shape for *_, shape in layout.places]
    if (got := [array.shape for array in arrays]) != expected:
        raise ValueError(f"expected arrays of the shapes {expected}, got {got}")
    return frozen(np.concatenate([array.ravel() for array in arrays]))


def _array(block: Block, dtype: np.dtype[np.floating]) -> Array:
    return frozen(block.array().astype(dtype))


def _dtype(trainer: Trainer) -> np.dtype[np.floating]:
    return trainer.train.X.dtype


def _are_equal(one: Array | None, other: Array | None) -> bool:
    return one is other if one is None or other is None else np.array_equal(one, other)


def _rate(reported: StepNumbers) -> float:
    """The learning rate. A warm-up can begin at 0, which no rule here allows; the least number moves nothing either."""
    return reported.learning_rate or float_info.min
