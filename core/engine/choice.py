"""Which engine computes a training, and why: the compiled one where it is there and its bits are NumPy's."""

import logging
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..functions.arrays import Array, frozen
from ..training.events import BackwardPass, Updated
from ..training.state import State
from .compiled import SWITCH, CompiledEngine, is_there, kernel
from .task import Task, unknown_part

LOGGER = logging.getLogger(__name__)
UPDATES = 3
"""Those that both make before one is trusted."""
Step = Callable[[State], tuple[BackwardPass, Updated]]
"""Of a state, all of its step, by NumPy."""


class EngineChoice(NamedTuple):
    """What computes the steps of a training."""

    compiled: CompiledEngine | None
    """None where NumPy does."""
    reason: str
    """In one sentence."""

    @property
    def name(self) -> str:
        """In a word."""
        return self.compiled.name if self.compiled else "numpy"


OF_ANOTHER_CLASS = EngineChoice(None, "NumPy: the compiled kernel does not know the class of the trainer")


def missing_kernel() -> str:
    """Why there is no kernel, in a sentence; empty where there is one."""
    if kernel is None:
        return "NumPy: nn-tui was installed without its compiled kernel"
    return "" if is_there() else f"NumPy: {SWITCH} says so"


def installed_engine() -> str:
    """What computes the updates of small networks here, in a sentence."""
    return missing_kernel() or "the compiled kernel, for trainings of which it gives the same bits as NumPy"


def choose_engine(task: Task, batch: Callable[[State], tuple[Array, Array]], step: Step) -> EngineChoice:
    """The engine of a task.

    Args:
        task: what is trained.
        batch: the examples of a state.
        step: a step by NumPy, which says what is right.
    """
    if missing := missing_kernel():
        return EngineChoice(None, missing)
    if unknown := unknown_part(task):
        return EngineChoice(None, f"NumPy: the compiled kernel does not know {unknown}")
    engine = CompiledEngine(task)
    if not _agrees(engine, _state_of(task), batch, step):
        LOGGER.warning("the compiled kernel computes other bits than NumPy, which is used instead")
        return EngineChoice(None, "NumPy: the compiled kernel computes other bits here")
    return EngineChoice(engine, "the compiled kernel; its first updates are the same bits as NumPy's")


def _state_of(task: Task) -> State:
    """A state to try an engine with."""
    layout = task.network.layout
    parameters = np.random.default_rng(0).uniform(-0.5, 0.5, layout.size)
    slots = task.optimizer.slots(parameters[task.network.trained])
    return State(0, 0, 0, frozen(parameters), tuple(map(frozen, slots)), layout)


def _agrees(engine: CompiledEngine, state: State, batch: Callable[[State], tuple[Array, Array]], step: Step) -> bool:
    """Whether its first updates are the same bits as NumPy's, alone and as a burst."""
    burst, states = engine.burst(state, UPDATES), [state]
    for _ in range(UPDATES):
        ours, theirs = engine.step(state, *batch(state)), step(state)
        if any(mine.tobytes() != right.tobytes() for mine, right in zip(_arrays(*ours), _arrays(*theirs), strict=True)):
            return False
        state = theirs[1].state
        states.append(state)
    return burst.state == states[len(burst.losses)]


def _arrays(backward: BackwardPass, updated: Updated) -> list[Array]:
    forward, state = backward.forward, updated.state
    losses = np.array([forward.loss, forward.penalty])
    return [losses, forward.numbers, backward.numbers, backward.gradient, state.parameters, *state.slots]
