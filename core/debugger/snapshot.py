"""A snapshot: the stage of a step, which decides whether a number is new, known, or from an earlier step."""

from dataclasses import dataclass

from ..steps.events import BackwardPass, ForwardPass, Updated
from ..steps.state import State
from ..training.trainer import Trainer
from .stage import Freshness as Freshness
from .stage import Phase, Stage


@dataclass(frozen=True, eq=False, slots=True)
class Snapshot:
    """A step up to one of its stages, and the update that led to it."""

    stage: Stage
    backward: BackwardPass
    """The backward pass of the step; at an earlier stage it is not shown yet."""
    before: Updated | None = None
    """The update that led to the step; None at the beginning."""
    updated: Updated | None = None
    """The update of the step, where the stage is that."""

    @property
    def phase(self) -> Phase:
        """The phase that the stage belongs to."""
        return self.stage.phase

    @property
    def state(self) -> State:
        """The parameters of this snapshot."""
        return self.updated.state if self.updated else self.backward.forward.state

    @property
    def step(self) -> int:
        """Updates done so far."""
        return self.state.step

    @property
    def last_two(self) -> tuple[BackwardPass, BackwardPass | None]:
        """The backward pass of the step, and that of the step before."""
        return self.backward, self.before.backward if self.before else None

    @property
    def layers(self) -> int:
        """The number of layers."""
        return self.forward.layers

    @property
    def forward(self) -> ForwardPass:
        """The forward pass of the step."""
        return self.backward.forward

    @property
    def last_update(self) -> Updated | None:
        """The update that led to the current parameters."""
        return self.updated or self.before

    @property
    def loss(self) -> float | None:
        """The last loss that is known."""
        if self.loss_freshness is Freshness.ABSENT:
            return None
        if self.phase is Phase.FORWARD:
            return self.before.forward.loss if self.before else None
        return self.forward.loss

    @property
    def parameters_freshness(self) -> Freshness:
        """Of W and b."""
        return Freshness.NEW if self.phase is Phase.UPDATE else Freshness.CURRENT

    @property
    def loss_freshness(self) -> Freshness:
        """Of the loss."""
        match self.phase:
            case Phase.FORWARD:
                return self._freshness_of_earlier
            case Phase.LOSS:
                return Freshness.NEW
            case Phase.BACKWARD:
                return Freshness.CURRENT
            case Phase.UPDATE:
                return Freshness.STALE

    def forward_freshness(self, layer: int) -> Freshness:
        """Of z and a of a layer, counted from 0."""
        match self.stage:
            case Stage(Phase.FORWARD, None):
                return Freshness.NEW
            case Stage(Phase.FORWARD, int(reached)):
                return self._freshness(reached - layer)
            case Stage(Phase.UPDATE):
                return Freshness.STALE
            case _:
                return Freshness.CURRENT

    def backward_freshness(self, layer: int) -> Freshness:
        """Of dz, da, dW and db of a layer, counted from 0."""
        match self.stage:
            case Stage(Phase.BACKWARD, None):
                return Freshness.NEW
            case Stage(Phase.BACKWARD, int(reached)):
                return self._freshness(layer - reached)
            case Stage(Phase.UPDATE):
                return Freshness.STALE
            case _:
                return self._freshness_of_earlier

    def present(self, trainer: Trainer) -> BackwardPass:
        """The gradients of the parameters of this snapshot; after an update they are not computed yet."""
        return trainer.backward(trainer.forward(self.state)) if self.updated else self.backward

    def forward_of(self, layer: int) -> ForwardPass | None:
        """The last forward pass that has reached a layer."""
        return self.forward if self._is_of_this_step(self.forward_freshness(layer)) else self._earlier_forward

    def backward_of(self, layer: int) -> BackwardPass | None:
        """The last backward pass that has reached a layer."""
        if self._is_of_this_step(self.backward_freshness(layer)):
            return self.backward
        return self.before.backward if self.before else None

    @property
    def _earlier_forward(self) -> ForwardPass | None:
        return self.before.forward if self.before else None

    @property
    def _freshness_of_earlier(self) -> Freshness:
        return Freshness.STALE if self.before else Freshness.ABSENT

    def _is_of_this_step(self, freshness: Freshness) -> bool:
        return freshness in (Freshness.NEW, Freshness.CURRENT) or self.phase is Phase.UPDATE

    def _freshness(self, behind: int) -> Freshness:
        """The recency of a layer that is this many layers after the one just computed."""
        return Freshness.NEW if behind == 0 else Freshness.CURRENT if behind > 0 else self._freshness_of_earlier
