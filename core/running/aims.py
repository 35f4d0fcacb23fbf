"""Aims: how far a training goes before it rests."""

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from .moment import Moment, Phase

Aim: TypeAlias = Callable[[Moment], bool]
"""Whether to rest at a moment."""


class Grain(Enum):
    """How far a step goes."""

    PHASE = "phase"
    UPDATE = "update"
    EPOCH = "epoch"


def without_end(moment: Moment) -> bool:
    """The aim of a run."""
    return False


def whole_step(moment: Moment) -> bool:
    """The aim of a pause: every number then belongs to the present parameters."""
    return moment.phase is Phase.BACKWARD


def aim_of(grain: Grain, here: Moment | None) -> Aim:
    """The aim of a step from here on."""
    if here is None or grain is Grain.PHASE:
        return lambda moment: True
    if grain is Grain.UPDATE:
        return lambda moment: whole_step(moment) and moment.step > here.step
    return lambda moment: whole_step(moment) and moment.state.epoch > here.state.epoch
