"""The choice of the engine of a training: compiled, generated Python, or NumPy. All have NumPy's bits."""

import logging
import os
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..functions.arrays import Array, frozen
from ..steps.events import BackwardPass, Updated
from ..steps.state import State
from .compiled import CompiledEngine
from .generated import unknown_to_generated
from .in_python import PythonEngine, SlowBurst
from .kernel_memory import SWITCH, is_there, kernel
from .task import Task, unknown_part

LOGGER = logging.getLogger(__name__)
UPDATES = 3
"""Updates that an engine and NumPy both make before the engine is used."""
Examples = Callable[[State], tuple[Array, Array, Array | None]]
"""Gives the inputs of a state's batch, the targets, and the weight of each example."""
Step = Callable[[State], tuple[BackwardPass, Updated]]
"""Gives the whole step of a state, by NumPy."""


class EngineChoice(NamedTuple):
    """The engines that compute the steps of a training."""

    compiled: CompiledEngine | None
    """The kernel; None if it does not know the task."""
    reason: str
    """The reason for the choice, in one sentence."""
    generated: PythonEngine | None = None
    """Generated Python for bursts; None if it does not know the task."""

    @property
    def for_bursts(self) -> CompiledEngine | PythonEngine | None:
        """The engine that makes bursts without NumPy; None if NumPy makes them."""
        return self.compiled or self.generated

    @property
    def name(self) -> str:
        """The name of the engine."""
        return self.for_bursts.name if self.for_bursts else "numpy"


OF_ANOTHER_CLASS = EngineChoice(None, "NumPy: the compiled kernel does not know the class of the trainer")


def missing_kernel() -> str:
    """In a sentence, why there is no kernel; empty if there is one."""
    if kernel is None:
        return "nn-tui was installed without its compiled kernel"
    return "" if is_there() else f"{SWITCH} says so"


def installed_engine() -> str:
    """In a sentence, which engine computes the updates of small networks here."""
    if not (missing := missing_kernel()):
        return "the compiled kernel, for trainings of which it gives the same bits as NumPy"
    return f"generated Python for tiny networks, and NumPy: {missing}" if _may_generate() else f"NumPy: {missing}"


def _may_generate() -> bool:
    return os.environ.get(SWITCH) != "numpy"


def choose_engine(task: Task, batch: Examples, step: Step, by_numpy: SlowBurst) -> EngineChoice:
    """The engine of a task.

    Args:
        task: what is trained.
        batch: the examples of a state.
        step: a step by NumPy, to compare with.
        by_numpy: a burst by NumPy, for updates that generated Python cannot make.
    """
    if unknown := unknown_part(task):
        return EngineChoice(None, f"NumPy: the compiled kernel does not know {unknown}")
    if missing := missing_kernel():
        return _generated(task, step, by_numpy, missing)
    engine = CompiledEngine(task)
    if not _agrees(engine, _state_of(task), batch, step):
        LOGGER.warning("the compiled kernel computes other bits than NumPy, which is used instead")
        return EngineChoice(None, "NumPy: the compiled kernel computes other bits here")
    return EngineChoice(engine, "the compiled kernel; its first updates are the same bits as NumPy's")


def _generated(task: Task, step: Step, by_numpy: SlowBurst, missing: str) -> EngineChoice:
    """Generated Python if it knows all parts of a task, otherwise NumPy."""
    if not _may_generate():
        return EngineChoice(None, f"NumPy: {missing}")
    if unknown := unknown_to_generated(task):
        return EngineChoice(None, f"NumPy: {missing}, and generated Python is not for {unknown}")
    engine, state = PythonEngine(task, by_numpy), _state_of(task)
    ours, theirs = engine.usual_burst(state, UPDATES), _steps(state, step)[-1][1].state
    # Updates with extreme numbers are left to NumPy, so there is nothing to compare.
    if ours is not None and np.isfinite(theirs.parameters).all() and ours.state != theirs:
        LOGGER.warning("generated Python computes other bits than NumPy, which is used instead")
        return EngineChoice(None, "NumPy: generated Python computes other bits here")
    return EngineChoice(None, f"generated Python: {missing}", engine)


def _steps(state: State, step: Step) -> list[tuple[BackwardPass, Updated]]:
    """The first updates from a state on."""
    steps = []
    for _ in range(UPDATES):
        steps.append(step(state))
        state = steps[-1][1].state
    return steps


def _state_of(task: Task) -> State:
    """A state on which engines are compared."""
    layout = task.network.layout
    parameters = np.random.default_rng(0).uniform(-0.5, 0.5, layout.size)
    slots = task.optimizer.slots(parameters[task.network.trained])
    return State(0, 0, 0, frozen(parameters), tuple(map(frozen, slots)), layout)


def _agrees(engine: CompiledEngine, state: State, batch: Examples, step: Step) -> bool:
    """Whether an engine's first updates have the same bits as NumPy's, one by one and as a burst."""
    steps = _steps(state, step)
    states = [state, *(updated.state for _, updated in steps)]
    for before, theirs in zip(states, steps, strict=False):
        if not np.isfinite(theirs[1].state.parameters).all():
            break  # all NaNs are equal here
        ours = engine.step(before, *batch(before))
        if any(mine.tobytes() != right.tobytes() for mine, right in zip(_arrays(*ours), _arrays(*theirs), strict=True)):
            return False
    burst = engine.burst(state, UPDATES)
    return burst.state == states[len(burst.losses)]


def _arrays(backward: BackwardPass, updated: Updated) -> list[Array]:
    forward, state = backward.forward, updated.state
    losses = np.array([forward.loss, forward.penalty])
    return [losses, forward.numbers, backward.numbers, backward.gradient, state.parameters, *state.slots]
