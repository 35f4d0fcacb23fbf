"""The timeline: every past step of a training, with the edits made there, and the branches that changes began.

    branch 1   ──start──────────────●change──────────▶ newest
    branch 2              └──●change──────▶ newest

A segment goes from the start, or from a change, on. Branches share the segments before they part.
"""

from itertools import count
from typing import NamedTuple, Self

from ..engine.burst import Burst
from ..steps.events import BackwardPass, Updated
from ..steps.state import State
from ..training.changes import Change, apply
from ..training.trainer import Trainer
from ..training.training import Experiment, Training
from .branch import Branch, Comparison, Segment, compare_branches
from .checkpoints import RecentSteps, bytes_of_step

BUDGET = 64 * 2**20
"""Bytes for past states."""
OVERHEAD = 700
"""Bytes of a state beside its numbers."""


class Position(NamedTuple):
    """A step of the current branch, and how many of the changes made at that step count."""

    segment: int
    step: int


class Timeline:
    """The branches of a training, and a place in one of them."""

    branch: Branch
    """The current one."""
    position: Position
    """Where we are in it."""
    next_change: int | None
    """The step of the next change that has been made already; None if there is none."""

    def __init__(self, experiment: Experiment, budget: int = BUDGET) -> None:
        """Begin at the start of an experiment.

        Args:
            experiment: what is trained.
            budget: bytes for past states.
        """
        self._experiment = experiment
        self._budget = budget
        self._numbers = count(1)
        self._recent = RecentSteps()
        self.branches: list[Branch] = []
        self._begin()

    @classmethod
    def resumed(
        cls, experiment: Experiment, branches: list[Branch], current: Branch, position: Position, budget: int = BUDGET
    ) -> Self:
        """A timeline that has these branches already, at a place of one of them."""
        timeline = cls(experiment, budget)
        timeline._numbers = count(max(branch.number for branch in branches) + 1)
        timeline.branches, timeline.branch = branches, current
        timeline._stand_at(position)
        timeline._share_budget()
        return timeline

    @property
    def trainer(self) -> Trainer:
        """How training continues at the current place."""
        return self.branch.segments[self.position.segment].trainer

    @property
    def training(self) -> Training:
        """The training at the current position: trainer and state."""
        return Training(self.trainer, self.state())

    @property
    def changes(self) -> tuple[tuple[int, Change], ...]:
        """The changes of the current branch, with their steps."""
        return self.branch.changes

    def reset(self) -> None:
        """Begin again without any change; a branch that has some is kept."""
        if len(self.branch.segments) == 1:
            self.branches.remove(self.branch)
        self._begin()

    def keep(self, updated: Updated) -> None:
        """Remember the update of the current step, and go to where it leads."""
        segment, state = self.branch.segments[self.position.segment], updated.state
        self._recent.add(segment, updated)
        if state.step > self.branch.newest:
            self.branch.newest = state.step
            segment.checkpoints.keep(state)
        self.position = Position(self.position.segment, state.step)

    def keep_burst(self, burst: Burst, end: State) -> None:
        """Remember some states of a burst from the current step on, and go to the end, which is one of them."""
        segment = self.branch.segments[self.position.segment]
        for state in (*burst.kept, end):
            if self.branch.newest < state.step <= end.step:
                self.branch.newest = state.step
                segment.checkpoints.keep(state)
        self.position = Position(self.position.segment, end.step)

    def remember(self, backward: BackwardPass) -> None:
        """Keep a backward pass of the current position, which somebody else has made."""
        self._recent.add(self.branch.segments[self.position.segment], backward)

    def pass_changes(self) -> None:
        """Let all changes that were made at the current step count."""
        self.go_to(self.position.step)

    def go_to(self, step: int) -> None:
        """Go to a step that has been reached already."""
        self._stand_at(Position(self.branch.segment_at(step), step))

    def go_back(self) -> bool:
        """Undo the change that was made here, or else go one step back; whether there was anything to go back to."""
        segment, step = self.position
        if step > self.branch.segments[segment].start.step:
            self._stand_at(Position(segment, step - 1))
        elif segment:
            self._stand_at(Position(segment - 1, step))
        else:
            return False
        return True

    def is_at_change(self) -> bool:
        """Whether a change was made here, which going back undoes."""
        segment, step = self.position
        return segment > 0 and self.branch.segments[segment].start.step == step

    def state(self) -> State:
        """The state at the current place, the same bits as it had."""
        return self._state_at(self.branch, self.position)

    def backward(self) -> BackwardPass:
        """The backward pass of the current position, the same bits as it had."""
        return self._backward_at(self.branch.segments[self.position.segment], self.position.step)

    def backward_at(self, step: int) -> BackwardPass:
        """The forward pass and every gradient of a step of this branch that has been reached already."""
        return self._backward_at(self.branch.segments[self.branch.segment_at(step)], step)

    def update(self) -> Updated:
        """The update of the current position, the same bits as it had."""
        return self._update_at(self.branch.segments[self.position.segment], self.position.step)

    def updates_before(self, count: int) -> list[Updated]:
        """The last updates that led to the current position, the newest first; fewer at the beginning."""
        updates: list[Updated] = []
        segment, step = self.position
        while len(updates) < count and step > self.branch.segments[0].start.step:
            while self.branch.segments[segment].start.step == step:
                segment -= 1
            step -= 1
            updates.append(self._update_at(self.branch.segments[segment], step))
        return updates

    def change(self, change: Change) -> str:
        """Change something here, on a new branch if this one has later steps; returns what could not be kept.

        Raises:
            ValueError: what is asked for cannot be, and why.
        """
        base = self._base_of(change)
        before = self.branch.segments[base.segment].trainer
        training, note = apply(change, Training(before, self._state_at(self.branch, base)))
        segment = Segment(training.trainer, training.state, change)
        if failed := training.trainer.failure_of(self._backward_at(segment, base.step)):
            raise ValueError(failed.reason)
        is_newest = self.branch.newest == base.step and self.position.segment == len(self.branch.segments) - 1
        kept = self.branch.segments[: base.segment + 1]
        if is_newest:
            self.branch.segments = [*kept, segment]
        else:
            self._fork([*kept, segment], base.step)
        self._stand_at(Position(base.segment + 1, base.step))
        self._share_budget()
        return note

    def switch(self) -> None:
        """Switch to the next branch, at the same step or its newest one."""
        self.branch = self.branches[(self.branches.index(self.branch) + 1) % len(self.branches)]
        self.go_to(min(self.position.step, self.branch.newest))

    def compare(self) -> Comparison | None:
        """The present place beside the last branch that was left; None if there is no other."""
        others = [each for each in self.branches if each is not self.branch]
        return compare_branches(self.branch, others[-1], self.training) if others else None

    def _begin(self) -> None:
        start = self._experiment.start
        self.branch = Branch(next(self._numbers), [Segment(self._experiment.trainer, start)], start.step)
        self.branches.append(self.branch)
        self._stand_at(Position(0, start.step))
        self._share_budget()

    def _stand_at(self, position: Position) -> None:
        self.position = position
        following = self.branch.segments[position.segment + 1 :]
        self.next_change = following[0].start.step if following else None

    def _fork(self, segments: list[Segment], step: int) -> None:
        self.branch = Branch(next(self._numbers), segments, step)
        self.branches.append(self.branch)

    def _base_of(self, change: Change) -> Position:
        """The place that a change is applied to: one that only corrects the last change takes its place."""
        segment, step = self.position
        last = self.branch.segments[segment]
        corrects = last.change is not None and last.change.what == change.what and last.start.step == step
        return Position(segment - 1, step) if corrects and self.branch.newest == step else self.position

    def _state_at(self, branch: Branch, position: Position) -> State:
        return branch.segments[position.segment].state_at(position.step)

    def _backward_at(self, segment: Segment, step: int) -> BackwardPass:
        if found := self._recent.backward(segment, step):
            return found
        backward = segment.trainer.backward(segment.trainer.forward(segment.state_at(step)))
        self._recent.add(segment, backward)
        return backward

    def _update_at(self, segment: Segment, step: int) -> Updated:
        if found := self._recent.update(segment, step):
            return found
        updated = segment.trainer.update(self._backward_at(segment, step))
        self._recent.add(segment, updated)
        return updated

    def _share_budget(self) -> None:
        segments = list({id(each): each for branch in self.branches for each in branch.segments}.values())
        self._recent.make_room(bytes_of_step(self.trainer, self.branch.segments[-1].start))
        for each in segments:
            each.checkpoints.limit = self._budget // size_of(each.start) // len(segments)


def size_of(state: State) -> int:
    """Bytes that keeping a state takes."""
    return OVERHEAD + state.parameters.nbytes + sum(slot.nbytes for slot in state.slots)
