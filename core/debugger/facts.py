"""Facts: what came of a verb, in order. They are plain values, so that another process could send the same.

    Losses ─▶ Arrived ─▶ (Finished | Failed | Hit)      of a step, a run, a way back
    Rewound | BranchBegun ─▶ (Note) ─▶ Arrived          of a change
    Rejected                                            where nothing came of it

A fact is frozen; two are equal only where they are the same object, as they hold arrays.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from ..data.dataset import Evaluation
from ..metrics.history import Metrics
from ..metrics.series import Series
from ..quantities.quantity import Quantity
from ..steps.events import Failed as Failed
from ..steps.events import Finished as Finished
from ..timeline.branch import Comparison as Comparison
from ..timeline.dump import TimelineDump as TimelineDump
from ..training.changes import Change
from ..training.trainer import Trainer
from .snapshot import Snapshot


@dataclass(frozen=True, eq=False, slots=True)
class TimelineStatus:
    """Where a training is among its branches."""

    branch: int
    """The number of the current one."""
    branches: tuple[int, ...]
    newest: int
    """The last step of the branch that has been reached."""
    changes: tuple[tuple[int, Change], ...]
    """What has been changed in it, with the steps."""
    counting: int = 0
    """How many of the changes count here; those made later, or undone, do not."""


@dataclass(frozen=True, eq=False, slots=True)
class Arrived:
    """Training is at a step, and waits or runs on."""

    snapshot: Snapshot | None
    """None only where not even the first forward pass could be made."""
    trainer: Trainer
    """How training continues from there."""
    timeline: TimelineStatus


@dataclass(frozen=True, eq=False, slots=True)
class Losses:
    """The losses of some steps of a branch, by rising step; of steps that are known already they are the same."""

    branch: int
    batch_loss: Series = field(default_factory=Series)
    """Of each step's batch."""
    test_loss: Series = field(default_factory=Series)
    """Of the held-out examples, at the end of an epoch."""
    test_accuracy: Series = field(default_factory=Series)
    """At the same steps, where it has a meaning."""

    def add(self, later: "Losses") -> None:
        """Add those of later steps: for who makes the fact, before anybody else has it."""
        self.batch_loss.extend(later.batch_loss.after(self.batch_loss.last_step))
        self.test_loss.extend(later.test_loss.after(self.test_loss.last_step))
        self.test_accuracy.extend(later.test_accuracy.after(self.test_accuracy.last_step))

    def add_test(self, step: int, test: Evaluation) -> None:
        """Add the result on the held-out examples at a later step: for who makes the fact."""
        self.test_loss.append(step, test.loss)
        if test.accuracy is not None:
            self.test_accuracy.append(step, test.accuracy)


@dataclass(frozen=True, eq=False, slots=True)
class Filled:
    """The metrics of some steps of a branch that no snapshot has shown; they may be earlier ones."""

    branch: int
    metrics: Metrics


@dataclass(frozen=True, eq=False, slots=True)
class Rewound:
    """What was reported of this step of a branch and of later ones is void."""

    branch: int
    step: int


@dataclass(frozen=True, eq=False, slots=True)
class BranchBegun:
    """A branch that has the losses of another one before a step."""

    branch: int
    parent: int
    step: int


@dataclass(frozen=True, eq=False, slots=True)
class Hit:
    """A run pauses at breakpoints."""

    breakpoints: str
    """As the user writes them, and of dead neurons which."""


@dataclass(frozen=True, eq=False, slots=True)
class Rejected:
    """What was asked for cannot be."""

    reason: str


@dataclass(frozen=True, eq=False, slots=True)
class Note:
    """What else the user should know, such as what a change could not keep."""

    text: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the numbers of the step that is shown compare with those of another program."""

    text: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """Lines that the training's script has printed."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nudge:
    """A parameter moved a little, and the change of the loss: as its gradient predicts, and the actual one."""

    what: Quantity
    by: float
    predicted: float
    actual: float


class Activity(Enum):
    """What a training does."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ActivityChanged:
    """A training does something else now."""

    activity: Activity
    why: str = ""
    """Why it pauses or ends, where no verb asked for that."""


Fact: TypeAlias = (
    Arrived
    | Losses
    | Filled
    | Rewound
    | BranchBegun
    | Hit
    | Finished
    | Failed
    | ActivityChanged
    | Rejected
    | Note
    | Agreement
    | Printed
    | Nudge
    | Comparison
    | TimelineDump
)
