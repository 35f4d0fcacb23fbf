"""A burst: many updates in one go, of which only their losses and a few states are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

import numpy as np

from ..functions.arrays import Array
from ..training.events import BackwardPass, Event, Failed, Finished, Updated
from ..training.state import State


@dataclass(frozen=True, eq=False, slots=True)
class Burst:
    """What so many updates have come to, as if each had been made alone."""

    state: State
    """After the last of them."""
    losses: Array
    """Of each update's batch, before it, (updates,)."""
    largest_gradients: Array
    """The size of the largest gradient of each update, (updates,)."""
    kept: tuple[State, ...] = ()
    """Those after every so many updates, by rising step."""
    is_ended: bool = False
    """Whether it ends before the update that it was to end with: the next one fails, or a stop is reached."""


def burst_of(events: Iterable[Event], state: State, most: float, keep_every: int) -> Burst:
    """The burst that a training's events from a state on come to."""
    losses: list[float] = []
    gradients: list[float] = []
    kept: list[State] = []
    for event in events:
        match event:
            case BackwardPass():
                largest = float(np.abs(event.gradient).max())
                if not isfinite(largest):
                    break
            case Updated(backward=backward):
                state = event.state
                losses.append(backward.forward.loss)
                gradients.append(largest)
                if keep_every and state.step % keep_every == 0:
                    kept.append(state)
                if len(losses) == most:
                    return Burst(state, np.array(losses), np.array(gradients), tuple(kept))
            case Finished() | Failed():
                break
    return Burst(state, np.array(losses), np.array(gradients), tuple(kept), is_ended=most > len(losses))
