"""Stages: the parts of a step in their order, down to single layers."""

from enum import Enum
from typing import NamedTuple


class Phase(Enum):
    """The parts of a step, in their order."""

    FORWARD = "forward pass"
    LOSS = "loss"
    BACKWARD = "backward pass"
    UPDATE = "update"


class Stage(NamedTuple):
    """How far a step has come."""

    phase: Phase
    layer: int | None = None
    """The layer just computed, from 0, where a pass is walked layer by layer; None for a pass as a whole."""

    @property
    def text(self) -> str:
        """As a person says it."""
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
    """The place of a stage in that order; a whole pass stands where its last layer does."""
    match stage:
        case Stage(Phase.FORWARD, None):
            return layers - 1
        case Stage(Phase.BACKWARD, None):
            return 2 * layers
        case _:
            return stages(layers).index(stage)
