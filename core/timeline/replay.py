"""Replay: the way to a step, made again from the start with every change at its step."""

from ..functions.optimizers import MOST_SLOTS
from ..metrics.history import History
from ..steps.events import EpochEnded, Failed, Updated
from ..steps.state import State
from ..training.changes import Change, apply
from ..training.trainer import Trainer
from ..training.training import Experiment, Training
from .checkpoints import Checkpoints
from .dump import MOST_COPIED, MOST_STATES, BranchDump, Changes, SegmentDump, TimelineDump, load
from .timeline import BUDGET, OVERHEAD, Position, Timeline

FEWEST = 2
"""States that are kept of a stretch between two changes."""
CLOSE = 1024
"""Steps of a way of which every state is kept."""
MOST = 2**16
"""Updates of a burst; fewer where it would keep more states than the whole way."""


def replay(
    experiment: Experiment, changes: Changes, step: int, budget: int = BUDGET, history: History | None = None
) -> Timeline:
    """A timeline of one branch, at the step that it leads to.

    Args:
        experiment: what was trained.
        changes: what was edited, by rising step.
        step: the last step.
        budget: bytes for past states.
        history: what is to take the losses of the way.

    Raises:
        ValueError: a change cannot be made, or training does not come so far.
    """
    whole = OVERHEAD + (1 + MOST_SLOTS) * experiment.start.parameters.nbytes
    most = MOST_COPIED // (whole * (len(changes) + 1))
    if most < FEWEST:
        raise ValueError("too many changes of so large a network: expected fewer")
    segments: list[SegmentDump] = []
    training = Training(experiment.trainer, experiment.start)
    begin: tuple[int, Change | None] = (0, None)
    for at, change in (*changes, (step, None)):
        states = _way(training, at, most, history or History())
        segments.append(SegmentDump(states, len(segments) - 1 if segments else None, begin[1], begin[0]))
        training, begin = Training(training.trainer, (states or (training.state,))[-1]), (at, change)
        if change:
            training = apply(change, training).training
    last = len(segments) - 1
    branch = BranchDump(1, last, step)
    return load(experiment, TimelineDump(tuple(segments), (branch,), 1, Position(last, step)), budget)


def _way(training: Training, step: int, most: int, history: History) -> tuple[State, ...]:
    """At most this many of the states that a training leads to, up to a step, the last one among them."""
    if step < training.state.step:
        raise ValueError(f"step {step}: expected changes in the order of their steps")
    if step == training.state.step:
        return ()
    checkpoints, state = Checkpoints(most), training.state
    # Of a short way every state is kept, of a long one about this many.
    every = 1 << ((step - state.step) // CLOSE).bit_length()
    while state.step < step:
        length = min(step - state.step, MOST, every * most)
        burst = training.trainer.burst(state, length, keep_every=every, evaluates=True)
        history.see_burst(state, burst)
        for each in (*burst.kept, burst.state):
            if each.step > state.step:
                checkpoints.keep(each)
                state = each
        if burst.is_ended:
            state = _one_update(training.trainer, state, history)
            checkpoints.keep(state)
    return tuple(checkpoints.sample(MOST_STATES))


def _one_update(trainer: Trainer, state: State, history: History) -> State:
    """The state after an update that no burst makes, or why there is none."""
    for event in trainer.events(state):
        history.see_losses(event)
        match event:
            case Updated():
                if (state := event.state).position:
                    return state
            case EpochEnded():
                return state
            case Failed(reason=reason):
                raise ValueError(reason)
    raise AssertionError("a training without a stop runs until it fails")
