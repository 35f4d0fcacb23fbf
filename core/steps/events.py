"""Events: the facts of a training, in the order in which they happen.

An event is equal to itself alone, whatever its numbers. A later event holds the earlier ones of its step, so that any
one of them is a whole, consistent picture. Its numbers lie in one vector, of which the arrays are views: a step on a
small network is reported as fast as it is computed.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ..data.dataset import Evaluation
from ..functions.arrays import Array, frozen
from ..functions.output_head import OutputHead
from ..network.layout import Layout
from ..network.network import Network
from .state import State, pickled


@dataclass(frozen=True, eq=False, slots=True)
class ForwardPass:
    """The network has seen a batch."""

    state: State
    """The state whose parameters were used."""
    X: Array
    y: Array
    numbers: Array
    """All z, then all a, then the losses, in one vector."""
    layout: Layout
    """Of the numbers."""
    penalty: float
    """The penalty for large weights."""
    loss: float
    """Of the batch, the penalty included."""
    weights: Array | None = None
    """The weight of each example of the batch, (batch,); None if all have the same weight."""

    def __reduce__(self) -> tuple[object, ...]:
        return pickled(self)

    @property
    def step(self) -> int:
        """Updates done before it."""
        return self.state.step

    @property
    def layers(self) -> int:
        """The number of layers."""
        return len(self.layout.places) // 2

    @property
    def z(self) -> tuple[Array, ...]:
        """Of each layer, (batch, n_out)."""
        return self.layout.views(self.numbers, 0, self.layers)

    @property
    def a(self) -> tuple[Array, ...]:
        """Of each layer, (batch, n_out); the last is ŷ."""
        return self.layout.views(self.numbers, self.layers, -1)

    @property
    def losses(self) -> Array:
        """Of each example of the batch, (batch,)."""
        return self.layout.views(self.numbers, -1)[0]

    @property
    def y_hat(self) -> Array:
        """The predictions, (batch, n_out)."""
        return self.a[-1]

    def a_prev(self, layer: int) -> Array:
        """The inputs of layer number `layer` (from 0), (batch, n_in)."""
        return self.a[layer - 1] if layer else self.X


@dataclass(frozen=True, eq=False, slots=True)
class BackwardPass:
    """The gradients of a batch's loss are known."""

    forward: ForwardPass
    output: OutputHead
    """The last activation and the loss, of which the first gradient comes."""
    network: Network
    """Whose activations the gradients passed through."""
    gradient: Array
    """∂L/∂W of each layer, then ∂L/∂b of each, in one vector, laid out as the parameters are."""
    penalty_gradient: Array | None
    """The share of all dW, and of all db where biases are penalized, that comes from the penalty, in one vector."""
    numbers: Array
    """All dz, then all da but the last, in one vector."""
    layout: Layout
    """Of the numbers."""

    def __reduce__(self) -> tuple[object, ...]:
        return pickled(self)

    @property
    def state(self) -> State:
        """The state whose parameters were used."""
        return self.forward.state

    @property
    def step(self) -> int:
        """Updates done before it."""
        return self.forward.state.step

    @property
    def dW(self) -> tuple[Array, ...]:
        """∂L/∂W of each layer, (n_out, n_in)."""
        return self.state.layout.views(self.gradient, 0, self.forward.layers)

    @property
    def db(self) -> tuple[Array, ...]:
        """∂L/∂b of each layer, of the shape of its b."""
        return self.state.layout.views(self.gradient, self.forward.layers)

    @property
    def dz(self) -> tuple[Array, ...]:
        """∂L/∂z of each layer, (batch, n_out)."""
        return self.layout.views(self.numbers, 0, self.forward.layers)

    @property
    def da(self) -> tuple[Array, ...]:
        """∂L/∂a of each layer, (batch, n_out); that of the last is computed when it is asked for."""
        with np.errstate(all="ignore"):
            last = frozen(self.output.da(self.forward.y_hat, self.forward.y))
        return *self.layout.views(self.numbers, self.forward.layers), last

    @property
    def penalty_dW(self) -> tuple[Array, ...] | None:
        """The share of dW that comes from the penalty, (n_out, n_in); None if there is none."""
        if self.penalty_gradient is None:
            return None
        return self.state.layout.views(self.penalty_gradient, 0, self.forward.layers)

    @property
    def penalty_db(self) -> tuple[Array, ...] | None:
        """The share of db that comes from the penalty, as long as b; None if there is none."""
        if self.penalty_gradient is None or len(self.penalty_gradient) < self.state.layout.size:
            return None
        return self.state.layout.views(self.penalty_gradient, self.forward.layers)


@dataclass(frozen=True, eq=False, slots=True)
class Updated:
    """The optimizer moved the parameters."""

    backward: BackwardPass
    state: State
    """With the new parameters."""

    @property
    def step(self) -> int:
        """Updates done, this one included."""
        return self.state.step

    @property
    def forward(self) -> ForwardPass:
        """The forward pass that led to it."""
        return self.backward.forward


@dataclass(frozen=True, eq=False, slots=True)
class EpochEnded:
    """Every example has been used once more."""

    updated: Updated
    test: Evaluation | None
    """How the network does on the held-out examples, where there are some."""


@dataclass(frozen=True, eq=False, slots=True)
class Finished:
    """The stop that was asked for is reached."""

    backward: BackwardPass


@dataclass(frozen=True, eq=False, slots=True)
class Failed:
    """Training cannot continue."""

    reason: str
    """One sentence that names the step and, where numbers are at fault, the layer and the quantity."""
    state: State
    """The last good state."""


Event: TypeAlias = ForwardPass | BackwardPass | Updated | EpochEnded | Finished | Failed
