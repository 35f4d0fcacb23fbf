"""The state of a training: everything that it needs to go on."""

from dataclasses import dataclass

from ..model.arrays import Array
from ..model.optimizers import Slots


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class State:
    """A point in a training; under the same Trainer it always has the same future, bit for bit."""

    step: int
    """Updates done so far."""
    epoch: int
    """Epochs done so far."""
    position: int
    """Batches of the present epoch done so far."""
    W: tuple[Array, ...]
    """Weights of each layer, (n_out, n_in)."""
    b: tuple[Array, ...]
    """Biases of each layer: (n_out,), (1,) where shared, (0,) where there are none."""
    W_slots: tuple[Slots, ...]
    """What the optimizer remembers of each W."""
    b_slots: tuple[Slots, ...]
    """What the optimizer remembers of each b."""
