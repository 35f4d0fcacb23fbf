"""When a run pauses; asked at whole steps only."""

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from ..training.state import State

PauseWhen: TypeAlias = Callable[[State], bool]
"""Whether to pause at the step of a state."""


class StepUnit(Enum):
    """How far a step goes."""

    PHASE = "phase"
    UPDATE = "update"
    EPOCH = "epoch"


def never(state: State) -> bool:
    """Run until something else ends the run."""
    return False


def one_step_from(here: State) -> PauseWhen:
    """After one update."""
    return lambda state: state.step > here.step


def one_epoch_from(here: State) -> PauseWhen:
    """At the first step of the next epoch."""
    return lambda state: state.epoch > here.epoch


def up_to(step: int) -> PauseWhen:
    """At a step that has not been reached yet."""
    return lambda state: state.step >= step
