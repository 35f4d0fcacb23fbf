"""A branch: stretches of a training, each from the start or from a change on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..training.changes import Change
from ..training.events import Updated
from ..training.state import State
from ..training.trainer import Trainer
from ..training.training import Training
from .checkpoints import Checkpoints


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
        updates = (event for event in self.trainer.events(state) if isinstance(event, Updated))
        return next(update.state for update in updates if update.step == step)


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
