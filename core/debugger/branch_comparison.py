"""Two branches side by side: what was changed in each, and where they part."""

from dataclasses import dataclass

import numpy as np

from ..training.changes import Change
from ..training.training import Training
from .branch import Branch, segment_changes

PARTING = 100
"""Steps after which two branches that still agree are said to agree."""


@dataclass(frozen=True, eq=False, slots=True)
class ComparedBranch:
    """A place in a branch, and how the branch differs from the one that it is compared with."""

    number: int
    training: Training
    """As far as the present step, or as the branch goes."""
    changes: tuple[tuple[int, Change], ...]
    """Those that the other one does not have, with their steps."""


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """Two branches side by side; equal only to itself, as it holds arrays."""

    ours: ComparedBranch
    theirs: ComparedBranch
    before: Training
    """Where both are still the same: at the first change that only one of them has."""
    parted_at: int | None
    """The first step at which a parameter differs; None where none does."""
    parted_in: int | None
    """The number of the first such parameter in the vector of all."""


def compare_branches(ours: Branch, theirs: Branch, here: Training) -> Comparison:
    """A place in a branch beside the same step of another one, or the last that it has."""
    shared = sum(1 for a, b in zip(ours.segments, theirs.segments, strict=False) if a is b)
    first = min(each.start.step for each in (*ours.segments[shared:], *theirs.segments[shared:]))
    return Comparison(
        ComparedBranch(ours.number, here, segment_changes(ours.segments[shared:])),
        ComparedBranch(
            theirs.number,
            theirs.training_at(min(here.state.step, theirs.newest)),
            segment_changes(theirs.segments[shared:]),
        ),
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
