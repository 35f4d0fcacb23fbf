"""A branch: stretches of a training, each from the start or from a change on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..steps.state import State
from ..training.changes import Change
from ..training.in_bursts import state_at
from ..training.trainer import Trainer
from ..training.training import Training
from .checkpoints import Checkpoints

PARTING = 100
"""Steps after which two branches that still agree are said to agree."""


@dataclass(eq=False)
class Segment:
    """A stretch of a branch under one trainer."""

    trainer: Trainer
    start: State
    change: Change | None = None
    """What it begins with; None for the start of the training."""
    checkpoints: Checkpoints = field(default_factory=lambda: Checkpoints(2))

    def state_at(self, step: int) -> State:
        """The state at a step that has been reached in it, the same bits as it had."""
        state = self.checkpoints.nearest(step) or self.start
        if state.step == step:
            return state
        return state_at(self.trainer, state, step)


@dataclass(eq=False)
class Branch:
    """Segments one after the other."""

    number: int
    segments: list[Segment]
    newest: int
    """The last step that has been reached."""

    def segment_at(self, step: int) -> int:
        """The number of the segment that a step belongs to, with all changes made at that step."""
        return max(n for n, segment in enumerate(self.segments) if segment.start.step <= step)

    @property
    def changes(self) -> tuple[tuple[int, Change], ...]:
        """Its changes, with their steps."""
        return segment_changes(self.segments)

    def training_at(self, step: int) -> Training:
        """The training at a step that has been reached, after all changes made there."""
        segment = self.segments[self.segment_at(step)]
        return Training(segment.trainer, segment.state_at(step))


def segment_changes(segments: Sequence[Segment]) -> tuple[tuple[int, Change], ...]:
    """The changes that segments begin with, with their steps."""
    return tuple((each.start.step, each.change) for each in segments if each.change)


@dataclass(frozen=True, eq=False, slots=True)
class ComparedBranch:
    """A place in a branch, and how the branch differs from the one that it is compared with."""

    number: int
    training: Training
    """At the current step, or at the last step of the other one if that ends before."""
    changes: tuple[tuple[int, Change], ...]
    """Those that the other one does not have, with their steps."""


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """Two branches side by side at one step; equal only to itself, as it holds arrays."""

    ours: ComparedBranch
    theirs: ComparedBranch
    ends_before: bool
    """Whether the other branch ends before the current step."""
    before: Training
    """Where both are still the same: at the first change that only one of them has."""
    parted_at: int | None
    """The first step at which a parameter differs; None if none does."""
    parted_in: int | None
    """The number of the first such parameter in the vector of all."""


def compare_branches(ours: Branch, theirs: Branch, here: Training) -> Comparison:
    """A place in a branch beside the same step of another one, or both at the last step that the other one has."""
    step = min(here.state.step, theirs.newest)
    ends_before = step < here.state.step
    shared = sum(1 for a, b in zip(ours.segments, theirs.segments, strict=False) if a is b)
    first = min(each.start.step for each in (*ours.segments[shared:], *theirs.segments[shared:]))
    return Comparison(
        ComparedBranch(
            ours.number, ours.training_at(step) if ends_before else here, segment_changes(ours.segments[shared:])
        ),
        ComparedBranch(theirs.number, theirs.training_at(step), segment_changes(theirs.segments[shared:])),
        ends_before,
        _before(ours, theirs, shared, first),
        *(_parting(ours, theirs, first) or (None, None)),
    )


def _before(ours: Branch, theirs: Branch, shared: int, first: int) -> Training:
    """The training before the first change that is not shared."""
    if not shared:
        return Training(ours.segments[0].trainer, ours.segments[0].start)
    segment = ours.segments[shared - 1]
    return Training(segment.trainer, segment.state_at(min(first, ours.newest, theirs.newest)))


def _parting(ours: Branch, theirs: Branch, first: int) -> tuple[int, int] | None:
    """The step, and the number of the parameter, at which two branches part."""
    for step in range(first, min(ours.newest, theirs.newest, first + PARTING) + 1):
        a, b = (each.training_at(step).state.parameters for each in (ours, theirs))
        if (different := np.flatnonzero(a != b)).size:
            return step, int(different[0])
    return None
