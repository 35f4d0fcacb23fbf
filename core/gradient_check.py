"""The gradient check: every gradient beside the slope of the loss, measured by central differences."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from .debugger.snapshot import Snapshot
from .functions.arrays import Array
from .quantities.quantity import Kind, Quantity
from .steps.events import BackwardPass, ForwardPass
from .training.trainer import Trainer

STEPS = (1e-3, 1e-6)
"""Parts of a parameter's size (at least 1) by which it is moved; the second where the first crosses a kink, or is too
long for the slope of a loss that is steep, as with inputs in the thousands."""
TOLERANCE = 1e-6
"""The greatest relative error that is no error."""
TOLERANCE_32 = 1e-3
"""The same for gradients in float32; slopes are measured in float64 all the same."""
LEAST = 1e-5
"""A part of the loss; the error of smaller gradients is relative to this, the limit of what losses can show."""
ROUNDING = 4.0 * float(np.finfo(np.float64).eps)
"""A part of the loss; a measured slope is uncertain by this over the step, since the losses are rounded."""


class Verdict(Enum):
    """The verdict of a check."""

    AGREES = "agrees"
    KINK = "at a kink"
    """The loss has no slope there: the parameter cannot be moved without a relu, say, bending."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """One parameter's gradient against the slope of the loss."""

    quantity: Quantity
    """The gradient."""
    gradient: float
    slope: float
    error: float
    """Relative."""
    verdict: Verdict


def check_gradients(trainer: Trainer, backward: BackwardPass) -> Iterator[Check]:
    """Check every parameter of a step, the weights of a layer first, then its biases."""
    for layer in range(len(backward.dW)):
        yield from _check_layer(trainer, backward, layer)


def check_snapshot(trainer: Trainer, snapshot: Snapshot) -> Iterator[Check]:
    """Check the gradients that a snapshot shows, layer by layer; where none is shown yet, those of its step."""
    for layer in range(snapshot.layers):
        backward = snapshot.backward_of(layer) or snapshot.backward
        yield from _check_layer(trainer.as_of(backward), backward, layer)


def _check_layer(trainer: Trainer, backward: BackwardPass, layer: int) -> Iterator[Check]:
    for name, gradients in (("W", backward.dW), ("b", backward.db)):
        for index in np.ndindex(gradients[layer].shape):
            yield _check(trainer, backward, name, layer, index)


def _check(trainer: Trainer, backward: BackwardPass, name: str, layer: int, index: tuple[int, ...]) -> Check:
    gradient = float((backward.dW if name == "W" else backward.db)[layer][index])
    tolerance = TOLERANCE if backward.dW[layer].dtype == np.float64 else TOLERANCE_32
    slope, error, verdict = 0.0, 0.0, Verdict.AGREES
    for part in STEPS:
        slope, step, bends = _slope(trainer, backward.forward, name, layer, index, part)
        least = max(LEAST, ROUNDING / step / TOLERANCE)
        size = max(abs(gradient), abs(slope), least * max(1.0, abs(backward.forward.loss)))
        error = abs(gradient - slope) / size
        verdict = Verdict.AGREES if error <= tolerance else Verdict.KINK if bends else Verdict.WRONG
        if verdict is Verdict.AGREES and not bends:
            break
    quantity = Quantity.in_array(Kind.DW if name == "W" else Kind.DB, layer, index)
    return Check(quantity, gradient, slope, error, verdict)


def _slope(
    trainer: Trainer, forward: ForwardPass, name: str, layer: int, index: tuple[int, ...], part: float
) -> tuple[float, float, bool]:
    """The slope of the loss along a parameter, the step it is measured over, and whether the loss bends within it.

    Four points, of which the error of fourth order falls out (Fornberg, 1988, table 1).
    """
    value = float(getattr(forward.state, name)[layer][index])
    step = part * max(1.0, abs(value))
    near = [_forward_at(trainer, forward, name, layer, index, value + k * step) for k in (-2, -1, 1, 2)]
    far_down, down, up, far_up = (each.loss for each in near)
    slope = (8.0 * (up - down) - (far_up - far_down)) / (12.0 * step)
    sides = _sides(trainer, forward)
    return slope, step, any(not np.array_equal(sides, _sides(trainer, each)) for each in near)


def _forward_at(
    trainer: Trainer, forward: ForwardPass, name: str, layer: int, index: tuple[int, ...], value: float
) -> ForwardPass:
    """The same examples with one parameter changed."""
    moved = replace(forward.state, parameters=_exact(forward.state.parameters))
    getattr(moved, name)[layer][index] = value
    X, y = _exact(forward.X), _exact(forward.y)
    return trainer.forward_on(moved, X, y, trainer.penalty, weights=forward.weights)


def _exact(array: Array) -> Array:
    """A copy in float64."""
    return array.astype(np.float64)


def _sides(trainer: Trainer, forward: ForwardPass) -> Array:
    """On which side of each kink a forward pass is."""
    loss = trainer.output.loss
    numbers = [z for layer, z in zip(trainer.network.layers, forward.z, strict=True) if layer.activation.has_kink]
    numbers += [loss.kink(forward.y_hat, forward.y)] if loss.kink else []
    penalty = trainer.penalty
    numbers += list(forward.state.W) if penalty.is_in_loss and penalty.l1 else []
    numbers += list(forward.state.b) if penalty.is_in_loss and penalty.l1 and penalty.biases else []
    return np.concatenate([np.sign(each).ravel() for each in numbers]) if numbers else np.empty(0)
