"""A moment: how far a step has come, and so which numbers are new, still true, or of an earlier moment."""

from dataclasses import dataclass
from enum import Enum

from ..training.events import BackwardPass, ForwardPass, Updated
from ..training.state import State
from ..training.trainer import Trainer
from .stage import Phase, Stage


class Age(Enum):
    """How a number stands to the moment that it is shown in."""

    NEW = "new"
    """Computed in this stage."""
    CURRENT = "current"
    """Computed before, and true for the present parameters."""
    STALE = "stale"
    """Of earlier parameters."""
    ABSENT = "absent"
    """Not computed yet."""


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """A step up to one of its stages, and the update that led to it."""

    stage: Stage
    backward: BackwardPass
    """Of the step; at a stage before it, not to be shown yet."""
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
        """The parameters of this moment."""
        return self.updated.state if self.updated else self.backward.forward.state

    @property
    def step(self) -> int:
        """Updates done so far."""
        return self.state.step

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
        """The update that led to the present parameters."""
        return self.updated or self.before

    @property
    def loss(self) -> float | None:
        """The last loss that is known."""
        if self.loss_age is Age.ABSENT:
            return None
        if self.phase is Phase.FORWARD:
            return self.before.forward.loss if self.before else None
        return self.forward.loss

    @property
    def parameters_age(self) -> Age:
        """Of W and b."""
        return Age.NEW if self.phase is Phase.UPDATE else Age.CURRENT

    @property
    def change_age(self) -> Age:
        """Of the last change of W and b."""
        return self.parameters_age if self.last_update else Age.ABSENT

    @property
    def loss_age(self) -> Age:
        """Of the loss."""
        match self.phase:
            case Phase.FORWARD:
                return self._age_of_earlier
            case Phase.LOSS:
                return Age.NEW
            case Phase.BACKWARD:
                return Age.CURRENT
            case Phase.UPDATE:
                return Age.STALE

    def forward_age(self, layer: int) -> Age:
        """Of z and a of a layer, counted from 0."""
        match self.stage:
            case Stage(Phase.FORWARD, None):
                return Age.NEW
            case Stage(Phase.FORWARD, int(reached)):
                return self._age(reached - layer)
            case Stage(Phase.UPDATE):
                return Age.STALE
            case _:
                return Age.CURRENT

    def backward_age(self, layer: int) -> Age:
        """Of dz, da, dW and db of a layer, counted from 0."""
        match self.stage:
            case Stage(Phase.BACKWARD, None):
                return Age.NEW
            case Stage(Phase.BACKWARD, int(reached)):
                return self._age(layer - reached)
            case Stage(Phase.UPDATE):
                return Age.STALE
            case _:
                return self._age_of_earlier

    def present(self, trainer: Trainer) -> BackwardPass:
        """The gradients of the parameters of this moment; after an update nobody has computed them yet."""
        return trainer.backward(trainer.forward(self.state)) if self.updated else self.backward

    def forward_of(self, layer: int) -> ForwardPass | None:
        """The forward pass whose numbers of a layer are known last."""
        return self.forward if self._is_of_this_step(self.forward_age(layer)) else self._earlier_forward

    def backward_of(self, layer: int) -> BackwardPass | None:
        """The backward pass whose numbers of a layer are known last."""
        if self._is_of_this_step(self.backward_age(layer)):
            return self.backward
        return self.before.backward if self.before else None

    @property
    def _earlier_forward(self) -> ForwardPass | None:
        return self.before.forward if self.before else None

    @property
    def _age_of_earlier(self) -> Age:
        return Age.STALE if self.before else Age.ABSENT

    def _is_of_this_step(self, age: Age) -> bool:
        return age in (Age.NEW, Age.CURRENT) or self.phase is Phase.UPDATE

    def _age(self, behind: int) -> Age:
        """Of a layer so many layers behind the one just computed."""
        return Age.NEW if behind == 0 else Age.CURRENT if behind > 0 else self._age_of_earlier
