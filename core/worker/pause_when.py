"""Aims: how far a training goes before it rests; each is asked at whole steps only."""

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from ..training.state import State

PauseWhen: TypeAlias = Callable[[State], bool]
"""Whether to rest at the step of a state."""


class StepUnit(Enum):
    """How far a step goes."""

    PHASE = "phase"
    UPDATE = "update"
    EPOCH = "epoch"


def without_end(state: State) -> bool:
    """The aim of a run."""
    return False


def one_step_from(here: State) -> PauseWhen:
    """The aim of a step by an update."""
    return lambda state: state.step > here.step


def one_epoch_from(here: State) -> PauseWhen:
    """The aim of a step by an epoch."""
    return lambda state: state.epoch > here.epoch


def up_to(step: int) -> PauseWhen:
    """The aim of a way to a step that has not been reached yet."""
    return lambda state: state.step >= step
