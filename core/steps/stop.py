"""Where a training ends: at its stop, or at a number that is not finite."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from math import isfinite

import numpy as np

from ..functions.arrays import Array
from ..network.network import Network
from .events import BackwardPass, ForwardPass
from .state import State


class Watched(Enum):
    """The loss at the end of each epoch that a training watches."""

    NOTHING = "nothing"
    TRAIN = "train"
    """That of all examples to train on, the penalty included."""
    TEST = "test"
    """That of the held-out examples."""

    @property
    def words(self) -> str:
        """What the loss is called."""
        return "held-out" if self is Watched.TEST else self.value


@dataclass(frozen=True)
class Stop:
    """The first of these to be reached ends a training; with none it never ends."""

    steps: int | None = None
    epochs: int | None = None
    loss: float | None = None
    """The loss of a batch, at or below which to end."""
    patience: int | None = None
    """Epochs after the one of the least loss, where training watches that."""
    watched: Watched = Watched.NOTHING
    """The loss that patience is for."""

    def updates_from(self, state: State, per_epoch: int, most: int) -> int:
        """The updates that are left before its steps or its epochs are reached, at most this many."""
        steps = most if self.steps is None else self.steps - state.step
        epochs = most if self.epochs is None else (self.epochs - state.epoch) * per_epoch - state.position
        return max(0, min(steps, epochs, most))

    def reached(self, backward: BackwardPass) -> bool:
        """Whether training ends here."""
        return bool(self.reason(backward))

    def reason(self, backward: BackwardPass) -> str:
        """What ends training here, as in a preset: "steps = 1000"; empty if training continues."""
        state = backward.state
        if self.steps is not None and state.step >= self.steps:
            return f"steps = {self.steps}"
        if self.epochs is not None and state.epoch >= self.epochs:
            return f"epochs = {self.epochs}"
        if self.loss is not None and backward.forward.loss <= self.loss:
            return f"loss = {self.loss:g}"
        if self.patience is not None and state.epochs_since >= self.patience:
            return (
                f"patience = {self.patience}: the {self.watched.words} loss was lowest after epoch "
                f"{state.epoch - state.epochs_since}, {state.best_loss:.6g}"
            )
        return ""


NEVER = Stop()


def forward_fault(forward: ForwardPass) -> str:
    """Where a forward pass whose loss is not finite went wrong, in a sentence."""
    layers = range(len(forward.z))
    seen = _first_seen((name, layer, array) for layer in layers for name, array in _za(forward, layer))
    # Finite predictions can have an infinite loss: a square that overflows, a logarithm of 0.
    if forward.weights is not None and not forward.weights.any():
        seen = seen or "the loss itself: the weights of all examples of the batch are 0"
    seen = seen or f"the loss itself, of the predictions of layer {len(layers)}"
    return f"step {forward.step}: the loss is {forward.loss}; first seen in {seen}"


def backward_fault(backward: BackwardPass) -> str | None:
    """Why nothing can be learned from a step, in a sentence; None if something can."""
    if not isfinite(backward.forward.loss):
        return forward_fault(backward.forward)
    return flat_fault(backward.network, backward.state) if backward.network.flat_activation else None


def flat_fault(network: Network, state: State) -> str:
    """That no gradient passes through the network's flat activation, in a sentence."""
    return f"step {state.step}: no gradient passes through {network.flat_activation}, whose slope is 0"


def update_fault(state: State) -> str | None:
    """Which parameter an update broke, in a sentence; None if all are finite."""
    # A sum of squares is finite only where all its parts are; one that is not may still be one that overflows.
    if isfinite(state.parameters.dot(state.parameters)):
        return None
    seen = _first_seen(
        (name, n, array) for name, arrays in (("W", state.W), ("b", state.b)) for n, array in enumerate(arrays)
    )
    return f"step {state.step}: the update broke {seen}" if seen else None


def _za(forward: ForwardPass, layer: int) -> Iterator[tuple[str, Array]]:
    yield "z", forward.z[layer]
    yield "a", forward.a[layer]


def _first_seen(arrays: Iterable[tuple[str, int, Array]]) -> str | None:
    for name, layer, array in arrays:
        wrong = array[~np.isfinite(array)]
        if wrong.size:
            return f"layer {layer + 1}, where {name} is {wrong[0]}"
    return None
