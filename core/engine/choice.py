"""Which engine computes a training, and why: the compiled one, or generated Python, where its bits are NumPy's."""

import logging
import os
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..functions.arrays import Array, frozen
from ..steps.events import BackwardPass, Updated
from ..steps.state import State
from .compiled import SWITCH, CompiledEngine, is_there, kernel
from .generated import unknown_to_generated
from .in_python import PythonEngine, SlowBurst
from .task import Task, unknown_part

LOGGER = logging.getLogger(__name__)
UPDATES = 3
"""Those that both make before one is trusted."""
Examples = Callable[[State], tuple[Array, Array, Array | None]]
"""Of a state, the inputs of its batch, the targets, and what each example counts."""
Step = Callable[[State], tuple[BackwardPass, Updated]]
"""Of a state, all of its step, by NumPy."""


class EngineChoice(NamedTuple):
    """What computes the steps of a training."""

    compiled: CompiledEngine | None
    """None where the kernel does not."""
    reason: str
    """In one sentence."""
    generated: PythonEngine | None = None
    """For bursts, where that is not compiled; None where NumPy makes these too."""

    @property
    def for_bursts(self) -> CompiledEngine | PythonEngine | None:
        """What makes many updates in one go without NumPy; None where that makes them."""
        return self.compiled or self.generated

    @property
    def name(self) -> str:
        """In a word."""
        return self.for_bursts.name if self.for_bursts else "numpy"


OF_ANOTHER_CLASS = EngineChoice(None, "NumPy: the compiled kernel does not know the class of the trainer")


def missing_kernel() -> str:
    """Why there is no kernel, in a sentence; empty where there is one."""
    if kernel is None:
        return "nn-tui was installed without its compiled kernel"
    return "" if is_there() else f"{SWITCH} says so"


def installed_engine() -> str:
    """What computes the updates of small networks here, in a sentence."""
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
        step: a step by NumPy, which says what is right.
        by_numpy: a burst by NumPy, for what generated Python leaves to it.
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
    """Generated Python where it knows all parts of a task, otherwise NumPy."""
    if not _may_generate():
        return EngineChoice(None, f"NumPy: {missing}")
    if unknown := unknown_to_generated(task):
        return EngineChoice(None, f"NumPy: {missing}, and generated Python is not for {unknown}")
    engine, state = PythonEngine(task, by_numpy), _state_of(task)
    ours, theirs = engine.usual_burst(state, UPDATES), _steps(state, step)[-1][1].state
    # Where it leaves updates to NumPy, as they are far out, there is nothing to compare.
    if ours is not None and np.isfinite(theirs.parameters).all() and ours.state != theirs:
        LOGGER.warning("generated Python computes other bits than NumPy, which is used instead")
        return EngineChoice(None, "NumPy: generated Python computes other bits here")
    return EngineChoice(None, f"generated Python: {missing}", engine)


def _steps(state: State, step: Step) -> list[tuple[BackwardPass, Updated]]:
    """The first ones from a state on."""
    steps = []
    for _ in range(UPDATES):
        steps.append(step(state))
        state = steps[-1][1].state
    return steps


def _state_of(task: Task) -> State:
    """A state to try an engine with."""
    layout = task.network.layout
    parameters = np.random.default_rng(0).uniform(-0.5, 0.5, layout.size)
    slots = task.optimizer.slots(parameters[task.network.trained])
    return State(0, 0, 0, frozen(parameters), tuple(map(frozen, slots)), layout)


def _agrees(engine: CompiledEngine, state: State, batch: Examples, step: Step) -> bool:
    """Whether its first updates are the same bits as NumPy's, alone and as a burst."""
    steps = _steps(state, step)
    states = [state, *(updated.state for _, updated in steps)]
    for before, theirs in zip(states, steps, strict=False):
        if not np.isfinite(theirs[1].state.parameters).all():
            break  # one of the many that are not a number is as good as another
        ours = engine.step(before, *batch(before))
        if any(mine.tobytes() != right.tobytes() for mine, right in zip(_arrays(*ours), _arrays(*theirs), strict=True)):
            return False
    burst = engine.burst(state, UPDATES)
    return burst.state == states[len(burst.losses)]


def _arrays(backward: BackwardPass, updated: Updated) -> list[Array]:
    forward, state = backward.forward, updated.state
    losses = np.array([forward.loss, forward.penalty])
    return [losses, forward.numbers, backward.numbers, backward.gradient, state.parameters, *state.slots]
