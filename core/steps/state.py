"""The state of a training: everything that it needs to continue."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, TypeVar

import numpy as np

from ..functions.arrays import Array, frozen
from ..functions.optimizer import Slots
from ..network.layout import Layout

T = TypeVar("T")


@dataclass(frozen=True, eq=False, slots=True)
class State:
    """A point in a training; under the same Trainer it always has the same future, bit for bit.

    Two are equal, and have the same hash, where every number in them is the same bits.
    """

    step: int
    """Updates done so far."""
    epoch: int
    """Epochs done so far."""
    position: int
    """Batches of the present epoch done so far."""
    parameters: Array
    """All W, then all b, in one vector."""
    slots: Slots
    """What the optimizer remembers of the parameters that it moves."""
    layout: Layout
    """Of the parameters."""
    best_loss: float = inf
    """The least loss at the end of an epoch so far, where training watches it."""
    epochs_since: int = 0
    """Epochs done since then."""

    @property
    def W(self) -> tuple[Array, ...]:
        """Weights of each layer, (n_out, n_in)."""
        return self.layout.views(self.parameters, 0, len(self.layout.places) // 2)

    @property
    def b(self) -> tuple[Array, ...]:
        """Biases of each layer: (n_out,), (1,) where shared, (0,) where there are none."""
        return self.layout.views(self.parameters, len(self.layout.places) // 2)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, State) and self._bits == other._bits)

    def __hash__(self) -> int:
        return hash((self.step, self.parameters.tobytes()))

    @property
    def _bits(self) -> tuple[object, ...]:
        arrays = (self.parameters, *self.slots)
        return (
            self.step,
            self.epoch,
            self.position,
            self.best_loss,
            self.epochs_since,
            self.layout.places,
            *((each.dtype, each.tobytes()) for each in arrays),
        )

    def __reduce__(self) -> tuple[object, ...]:
        return pickled(self)


def pickled(fact: Any) -> tuple[object, ...]:
    """How a value of slots is pickled so that its arrays come back read-only, as they were."""
    return _restored, (type(fact), tuple(getattr(fact, name) for name in fact.__slots__))


def _restored(kind: Callable[..., T], values: tuple[object, ...]) -> T:
    return kind(*(_frozen(value) for value in values))


def _frozen(value: object) -> object:
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_frozen(each) for each in value)
    return frozen(value) if isinstance(value, np.ndarray) else value
