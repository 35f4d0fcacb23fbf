"""Events: the facts of a training, in the order in which they happen.

A later event holds the earlier ones of its step, so that any one of them is a whole, consistent picture.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from ..model.arrays import Array, published
from ..model.output import Output
from .evaluation import Evaluation
from .state import State


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ForwardPass:
    """The network has seen a batch."""

    state: State
    """The state whose parameters were used."""
    X: Array
    y: Array
    z: tuple[Array, ...]
    """Of each layer, (batch, n_out)."""
    a: tuple[Array, ...]
    """Of each layer, (batch, n_out); the last is ŷ."""
    losses: Array
    """Of each example of the batch."""
    penalty: float
    """What large weights add to the loss."""
    loss: float
    """Of the batch, the penalty included."""

    @property
    def step(self) -> int:
        """Updates done before it."""
        return self.state.step

    @property
    def y_hat(self) -> Array:
        """The predictions, (batch, n_out)."""
        return self.a[-1]

    def a_prev(self, layer: int) -> Array:
        """What layer number `layer` (from 0) was given."""
        return self.a[layer - 1] if layer else self.X


@dataclass(frozen=True, eq=False, kw_only=True)
class BackwardPass:
    """The gradients of a batch's loss are known."""

    forward: ForwardPass
    output: Output
    """The last activation and the loss, of which the first gradient comes."""
    dz: tuple[Array, ...]
    """∂L/∂z of each layer, (batch, n_out)."""
    hidden_da: tuple[Array, ...]
    """∂L/∂a of each layer but the last, (batch, n_out)."""
    dW: tuple[Array, ...]
    """∂L/∂W of each layer, (n_out, n_in)."""
    db: tuple[Array, ...]
    """∂L/∂b of each layer, as long as its b."""
    penalty_dW: tuple[Array, ...] | None
    """The share of dW that comes from the penalty; None where there is none."""

    @cached_property
    def da(self) -> tuple[Array, ...]:
        """∂L/∂a of each layer, (batch, n_out); that of the last is computed when it is asked for."""
        with np.errstate(all="ignore"):
            return *self.hidden_da, published(self.output.da(self.forward.y_hat, self.forward.y))

    @property
    def state(self) -> State:
        """The state whose parameters were used."""
        return self.forward.state

    @property
    def step(self) -> int:
        """Updates done before it."""
        return self.forward.state.step


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
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


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class EpochEnded:
    """Every example has been used once more."""

    updated: Updated
    test: Evaluation | None
    """How the network does on the held-out examples, where there are some."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Finished:
    """The stop that was asked for is reached."""

    backward: BackwardPass


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Failed:
    """Training cannot go on."""

    reason: str
    """One sentence that names the step and, where numbers are at fault, the layer and the quantity."""
    state: State
    """The last good state."""


Event: TypeAlias = ForwardPass | BackwardPass | Updated | EpochEnded | Finished | Failed
