"""Stages: the parts of a step in order, down to single layers; the age of a number; the units of a step or a run."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..steps.state import State


class Phase(Enum):
    """The parts of a step, in their order."""

    FORWARD = "forward pass"
    LOSS = "loss"
    BACKWARD = "backward pass"
    UPDATE = "update"


class Freshness(Enum):
    """How recent a number is in the snapshot that shows it."""

    NEW = "new"
    """Computed in this stage."""
    CURRENT = "current"
    """Computed before, and still true for the current parameters."""
    STALE = "stale"
    """Computed with earlier parameters."""
    ABSENT = "absent"
    """Not computed yet."""


class Stage(NamedTuple):
    """The stage that a step has reached."""

    phase: Phase
    layer: int | None = None
    """The layer just computed, from 0, if a pass is shown layer by layer; None for a whole pass."""

    @property
    def text(self) -> str:
        """The name that the user reads."""
        return self.phase.value if self.layer is None else f"{self.phase.value}, layer {self.layer + 1}"


WHOLE_FORWARD = Stage(Phase.FORWARD)
LOSS = Stage(Phase.LOSS)
WHOLE_BACKWARD = Stage(Phase.BACKWARD)
"""Every number of the step is known."""
UPDATE = Stage(Phase.UPDATE)


def stages(layers: int) -> tuple[Stage, ...]:
    """All stages of a step: the layers of the forward pass, the loss, the layers of the backward pass, the update."""
    forward = [Stage(Phase.FORWARD, layer) for layer in range(layers)]
    backward = [Stage(Phase.BACKWARD, layer) for layer in reversed(range(layers))]
    return (*forward, LOSS, *backward, UPDATE)


def number_of(stage: Stage, layers: int) -> int:
    """The position of a stage in that order; a whole pass has the position of its last layer."""
    match stage:
        case Stage(Phase.FORWARD, None):
            return layers - 1
        case Stage(Phase.BACKWARD, None):
            return 2 * layers
        case _:
            return stages(layers).index(stage)


@dataclass(frozen=True)
class PauseWhen:
    """When a run pauses: at the first of these; without any, it runs until something else ends it."""

    step: int | None = None
    epoch: int | None = None

    def __call__(self, state: "State") -> bool:
        """Whether to pause at the step of a state."""
        is_at_step = self.step is not None and state.step >= self.step
        return is_at_step or (self.epoch is not None and state.epoch >= self.epoch)


class StepUnit(Enum):
    """How far a step goes."""

    PHASE = "phase"
    UPDATE = "update"
    EPOCH = "epoch"


never = PauseWhen()
"""Run until something else ends the run."""


def one_step_from(here: "State") -> PauseWhen:
    """After one update."""
    return PauseWhen(step=here.step + 1)


def one_epoch_from(here: "State") -> PauseWhen:
    """At the first step of the next epoch."""
    return PauseWhen(epoch=here.epoch + 1)


def up_to(step: int) -> PauseWhen:
    """At a step that has not been reached yet."""
    return PauseWhen(step=step)
