"""The state of a training: everything that it needs to go on."""

from typing import NamedTuple

from ..functions.arrays import Array
from ..functions.optimizer import Slots
from ..network.layout import Layout


class State(NamedTuple):
    """A point in a training; under the same Trainer it always has the same future, bit for bit."""

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

    @property
    def W(self) -> tuple[Array, ...]:
        """Weights of each layer, (n_out, n_in)."""
        return self.layout.views(self.parameters, 0, len(self.layout.places) // 2)

    @property
    def b(self) -> tuple[Array, ...]:
        """Biases of each layer: (n_out,), (1,) where shared, (0,) where there are none."""
        return self.layout.views(self.parameters, len(self.layout.places) // 2)
