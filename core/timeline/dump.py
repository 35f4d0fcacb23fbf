"""A timeline as plain values: what is saved of it, and the timeline made from them again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from sys import maxsize
from typing import NamedTuple

import numpy as np

from ..data.dataset import Dataset
from ..engine.arithmetic import BLAS
from ..functions.optimizer import Slots
from ..functions.optimizers import MOST_SLOTS
from ..quantities.quantity import Kind, Quantity
from ..steps.state import State
from ..training.changes import Change, apply
from ..training.trainer import Trainer
from ..training.training import Experiment, Training
from .branch import Branch, Segment
from .checkpoints import Checkpoints
from .timeline import BUDGET, Position, Timeline, size_of

Changes = Sequence[tuple[int, Change]]
"""What is changed, with the steps, which never fall."""

MOST_STATES = 256
"""Of a segment."""
MOST_BYTES = 8 * 2**20
"""Of all states together, as far as those that opening needs leave a choice."""


MOST_COPIED = 64 * 2**20
"""Bytes of what the changes of a timeline have copies of: parameters, inputs or targets."""


@dataclass(frozen=True, eq=False)
class SegmentDump:
    """A stretch of a branch."""

    states: tuple[State, ...]
    """Some of those after its start, by rising step; each that a change was made to is among them."""
    parent: int | None = None
    """The number, from 0, of the segment that it continues; None for a start of the training."""
    change: Change | None = None
    """What it begins with; None for a start of the training."""
    step: int = 0
    """Of that change."""


class BranchDump(NamedTuple):
    """A branch, by the segment that it ends in."""

    number: int
    last: int
    """The number of that segment."""
    newest: int
    """The last step that has been reached."""


@dataclass(frozen=True, eq=False)
class TimelineDump:
    """A whole timeline and the place in it."""

    segments: tuple[SegmentDump, ...]
    """Each after the one that it continues."""
    branches: tuple[BranchDump, ...]
    branch: int
    """The number of the current one."""
    position: Position
    copied: int = 0
    """Bytes of what the changes have copies of."""
    arithmetic: str = BLAS.name
    """The name of the one that everything was computed with."""
    memory: Slots = ()
    """What the optimizer remembers at the start, from updates of another program; empty if it begins anew."""

    @property
    def is_untouched(self) -> bool:
        """Whether it is empty: no step and no change."""
        return len(self.segments) == 1 and all(branch.newest == 0 for branch in self.branches)

    @property
    def changes(self) -> Changes:
        """Those that count at the place: with the preset and the step, the whole way there."""
        number: int | None = next(each.last for each in self.branches if each.number == self.branch)
        found: list[tuple[int, Change]] = []
        while number is not None:
            segment = self.segments[number]
            found += [(segment.step, segment.change)] if segment.change else []
            number = segment.parent
        return found[::-1][: self.position.segment]


def dump(timeline: Timeline) -> TimelineDump:
    """What there is to save of a timeline."""
    segments = list(dict.fromkeys(segment for branch in timeline.branches for segment in branch.segments))
    number_of = {segment: number for number, segment in enumerate(segments)}
    parents = {
        segment: parent
        for branch in timeline.branches
        for parent, segment in zip(branch.segments, branch.segments[1:], strict=False)
    }
    needed = _needed(timeline, parents)
    most = _most_states(segments)
    return TimelineDump(
        segments=tuple(
            SegmentDump(
                states=_states(segment, needed[segment], most),
                parent=number_of[parents[segment]] if segment in parents else None,
                change=segment.change,
                step=segment.start.step,
            )
            for segment in segments
        ),
        branches=tuple(
            BranchDump(branch.number, number_of[branch.segments[-1]], branch.newest) for branch in timeline.branches
        ),
        branch=timeline.branch.number,
        position=timeline.position,
        copied=sum(_copied(each.change, each.start, each.trainer.train) for each in segments if each.change),
        arithmetic=timeline.trainer.arithmetic.name,
        memory=_memory(timeline.branches[0].segments[0]),
    )


def remembering(experiment: Experiment, memory: Slots) -> Experiment:
    """The experiment with what the optimizer remembers at its start; without any, as it is.

    Raises:
        ValueError: it is not of this network and optimizer.
    """
    if not memory:
        return experiment
    start = replace(experiment.start, slots=memory)
    if not _fits(start, experiment.start, experiment.trainer):
        raise ValueError("the start: expected what the optimizer of this network remembers")
    return replace(experiment, start=start)


def load(experiment: Experiment, dumped: TimelineDump, budget: int = BUDGET) -> Timeline:
    """The timeline that was saved; it continues with the same bits as if it had never been saved.

    Args:
        experiment: the one that it was a timeline of.
        dumped: what was saved.
        budget: bytes for past states.

    Raises:
        ValueError: the parts do not fit together.
    """
    changes = [each.change for each in dumped.segments if each.change]
    if sum(_copied(each, experiment.start, experiment.trainer.train) for each in changes) > MOST_COPIED:
        raise ValueError(f"too many changes of so large a training: expected at most {MOST_COPIED:,} bytes of copies")
    segments: list[Segment] = []
    lines: list[list[Segment]] = []
    for number, each in enumerate(dumped.segments):
        if each.parent is not None and not 0 <= each.parent < number:
            raise ValueError(f"segment {number}: expected an earlier one to continue, got {each.parent}")
        parent = None if each.parent is None else segments[each.parent]
        segments.append(_segment(experiment, each, parent))
        lines.append([*([] if each.parent is None else lines[each.parent]), segments[-1]])
    branches = [_branch(each, lines) for each in dumped.branches]
    current = next((each for each in branches if each.number == dumped.branch), None)
    if current is None or len({each.number for each in branches}) < len(branches):
        raise ValueError(f"expected branches of different numbers, {dumped.branch} among them")
    if len({each.last for each in dumped.branches}) < len(branches):
        raise ValueError("expected branches that end in different segments")
    _check_place(current, dumped.position)
    return Timeline.resumed(experiment, branches, current, dumped.position, budget)


def _memory(first: Segment) -> Slots:
    start, trained = first.start, first.trainer.network.trained
    begun = first.trainer.optimizer.slots(start.parameters[trained])
    is_begun = all(np.array_equal(ours, usual) for ours, usual in zip(start.slots, begun, strict=True))
    return () if is_begun else start.slots


def _copied(change: Change, start: State, train: Dataset) -> int:
    """Bytes that a change has a copy of."""
    parameters = start.parameters.nbytes
    match change.what:
        case Quantity(kind=Kind.X):
            return train.X.nbytes
        case Quantity(kind=Kind.Y):
            return train.y.nbytes
        case Quantity():
            return parameters
        case "optimizer":
            return MOST_SLOTS * parameters
        case _:
            return 0


def _needed(timeline: Timeline, parents: dict[Segment, Segment]) -> dict[Segment, list[State]]:
    """The states of each segment that nobody should have to compute again: those changed, and the present ones."""
    needed: dict[Segment, list[State]] = {segment: [] for branch in timeline.branches for segment in branch.segments}
    for segment, parent in parents.items():
        needed[parent].append(parent.state_at(segment.start.step))
    here = timeline.branch.segments[timeline.position.segment]
    for step in (timeline.position.step - 1, timeline.position.step):
        if step > here.start.step:
            needed[here].append(here.state_at(step))
    return needed


def _states(segment: Segment, needed: list[State], most: int) -> tuple[State, ...]:
    by_step = {state.step: state for state in (*segment.checkpoints.sample(most), *needed)}
    return tuple(by_step[step] for step in sorted(by_step) if step > segment.start.step)


def _most_states(segments: list[Segment]) -> int:
    return min(MOST_STATES, max(2, MOST_BYTES // size_of(segments[0].start) // len(segments)))


def _segment(experiment: Experiment, dumped: SegmentDump, parent: Segment | None) -> Segment:
    checkpoints = Checkpoints(2 * len(dumped.states) + 2)
    if parent is None or dumped.change is None:
        if parent or dumped.change:
            raise ValueError("a segment: expected a change and its state, got only one of them")
        segment = Segment(experiment.trainer, experiment.start, checkpoints=checkpoints)
    else:
        before = parent.checkpoints.nearest(dumped.step) or parent.start
        if before.step != dumped.step:
            raise ValueError(f"step {dumped.step}: expected the state that {dumped.change.what} was changed in")
        training = apply(dumped.change, Training(parent.trainer, before)).training
        segment = Segment(training.trainer, training.state, dumped.change, checkpoints)
    _check_states(segment, dumped.states)
    checkpoints.restore(list(dumped.states))
    return segment


def _branch(dumped: BranchDump, lines: list[list[Segment]]) -> Branch:
    if not 0 <= dumped.last < len(lines):
        raise ValueError(f"branch {dumped.number}: expected a segment below {len(lines)}, got {dumped.last}")
    last = lines[dumped.last][-1]
    if (last.checkpoints.nearest(maxsize) or last.start).step != dumped.newest:
        raise ValueError(f"branch {dumped.number}: expected the state of its newest step, {dumped.newest}")
    return Branch(dumped.number, list(lines[dumped.last]), dumped.newest)


def _check_place(branch: Branch, position: Position) -> None:
    if not 0 <= position.segment < len(branch.segments):
        raise ValueError(f"the place: expected a segment below {len(branch.segments)}, got {position.segment}")
    segment, following = branch.segments[position.segment], branch.segments[position.segment + 1 :]
    last = following[0].start.step if following else branch.newest
    found = segment.checkpoints.nearest(position.step) or segment.start
    if found.step != position.step or position.step > last:
        raise ValueError(f"the place: expected the state of step {position.step} of branch {branch.number}")


def _check_states(segment: Segment, states: tuple[State, ...]) -> None:
    step = segment.start.step
    for state in states:
        if state.step <= step:
            raise ValueError(f"step {state.step}: expected one after step {step}")
        if not _fits(state, segment.start, segment.trainer):
            raise ValueError(f"step {state.step}: expected a state of this network and its optimizer")
        step = state.step


def _fits(state: State, start: State, trainer: Trainer) -> bool:
    """Whether a state could come after the start under a trainer."""
    alike = [(state.parameters, start.parameters), *zip(state.slots, start.slots, strict=False)]
    return (
        len(state.slots) == len(start.slots)
        and all(ours.shape == theirs.shape and ours.dtype == theirs.dtype for ours, theirs in alike)
        and bool(np.isfinite(state.parameters).all())
        and state.epoch >= 0
        and 0 <= state.position < trainer.batches.per_epoch
    )
