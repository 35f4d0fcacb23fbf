"""A burst: many updates in one call, of which only the losses and a few states are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from ..data.dataset import Evaluation
from ..functions.arrays import Array
from ..steps.events import BackwardPass, EpochEnded, Event, Failed, Finished, Updated
from ..steps.state import State
from .kept_states import KeptStates


@dataclass(frozen=True, eq=False, slots=True)
class Burst:
    """The result of many updates, the same as if each had been made alone."""

    state: State
    """After the last of them."""
    losses: Array
    """Of each update's batch, before it, (updates,)."""
    largest_gradients: Array
    """The size of the largest gradient of each update, (updates,)."""
    kept: Sequence[State]
    """The states at regular distances, by rising step."""
    is_ended: bool
    """Whether it ended early, because the next update fails, or because a stop is reached."""
    before: State
    """The state before the last update; the first state if there is no update."""
    tests: tuple[tuple[int, Evaluation], ...] = ()
    """The results on the held-out examples at the ends of epochs, each with its step, if requested."""


def parameters_of(states: Sequence[State]) -> Array:
    """The parameters of each state, (states, parameters)."""
    return states.parameters if isinstance(states, KeptStates) else np.array([each.parameters for each in states])


def burst_of(events: Iterable[Event], state: State, most: int, keep_every: int) -> Burst:
    """The burst made from a training's events."""
    losses: list[float] = []
    gradients: list[float] = []
    kept: list[State] = []
    tests: list[tuple[int, Evaluation]] = []
    before, is_complete = state, not most
    for event in events:
        match event:
            case BackwardPass():
                largest = float(np.abs(event.gradient).max())
                if not isfinite(largest):
                    break
            case Updated(backward=backward):
                before, state = state, event.state
                losses.append(backward.forward.loss)
                gradients.append(largest)
                if keep_every and state.step % keep_every == 0:
                    kept.append(state)
                is_complete = len(losses) == most
                if is_complete and state.position:
                    break
            case EpochEnded(test=test):
                tests += [(state.step, test)] if test else []
                if is_complete:
                    break
            case Finished() | Failed():
                break
    arrays = np.array(losses), np.array(gradients)
    return Burst(state, *arrays, tuple(kept), not is_complete, before, tuple(tests))


def joined_bursts(bursts: Sequence[Burst]) -> Burst:
    """Consecutive bursts joined to one."""
    if len(bursts) == 1:
        return bursts[0]
    last, moved = bursts[-1], [each for each in bursts if len(each.losses)]
    return Burst(
        last.state,
        np.concatenate([each.losses for each in bursts]),
        np.concatenate([each.largest_gradients for each in bursts]),
        tuple(state for each in bursts for state in each.kept),
        last.is_ended,
        moved[-1].before if moved else last.before,
        tuple(test for each in bursts for test in each.tests),
    )
