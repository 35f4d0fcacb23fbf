"""Facts: the results of a verb, in order. They are plain values, which another process could send too.

    Losses ─▶ Arrived ─▶ (Finished | Failed | Hit)      of a step, a run, a way back
    Rewound | BranchBegun ─▶ (Note) ─▶ Arrived          of a change
    Rejected                                            of a refused verb

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
    """The position of a training among its branches."""

    branch: int
    """The number of the current one."""
    branches: tuple[int, ...]
    newest: int
    """The last step that the branch has reached."""
    changes: tuple[tuple[int, Change], ...]
    """Its changes, with their steps."""
    counting: int = 0
    """How many of the changes count here; those made later, or undone, do not."""


@dataclass(frozen=True, eq=False, slots=True)
class Arrived:
    """Training is at a step, and pauses or continues."""

    snapshot: Snapshot | None
    """None only if the first forward pass failed."""
    trainer: Trainer
    """How training continues from there."""
    timeline: TimelineStatus


@dataclass(frozen=True, eq=False, slots=True)
class Losses:
    """The losses of some steps of a branch, by rising step; known steps can be among them, with the same losses."""

    branch: int
    batch_loss: Series = field(default_factory=Series)
    """Of each step's batch."""
    test_loss: Series = field(default_factory=Series)
    """Of the held-out examples, at the end of an epoch."""
    test_accuracy: Series = field(default_factory=Series)
    """At the same steps, if the targets are classes."""

    def add(self, later: "Losses") -> None:
        """Add losses of later steps; only for the maker of the fact, before it is sent."""
        self.batch_loss.extend(later.batch_loss.after(self.batch_loss.last_step))
        self.test_loss.extend(later.test_loss.after(self.test_loss.last_step))
        self.test_accuracy.extend(later.test_accuracy.after(self.test_accuracy.last_step))

    def add_test(self, step: int, test: Evaluation) -> None:
        """Add the result on the held-out examples at a later step; only for the maker of the fact."""
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
    """The reports about this step of a branch and later ones no longer hold."""

    branch: int
    step: int


@dataclass(frozen=True, eq=False, slots=True)
class BranchBegun:
    """A new branch, with the losses of another branch before a step."""

    branch: int
    parent: int
    step: int


@dataclass(frozen=True, eq=False, slots=True)
class Hit:
    """A run pauses at breakpoints."""

    breakpoints: str
    """The breakpoints as the user writes them; for dead neurons, with their names."""


@dataclass(frozen=True, eq=False, slots=True)
class Rejected:
    """A verb was refused."""

    reason: str


@dataclass(frozen=True, eq=False, slots=True)
class Note:
    """A remark for the user, such as on what a change could not keep."""

    text: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The comparison of the shown step with another program."""

    text: str
    agrees: bool
    briefer: tuple[str, ...] = ()
    """The same in fewer words, the longest first."""


@dataclass(frozen=True, eq=False, slots=True)
class Printed:
    """Lines that the training's script has printed."""

    lines: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Nudge:
    """A parameter moved a little, and the change of the loss: as its gradient predicts, and the actual one."""

    what: Quantity
    by: float
    predicted: float
    actual: float


class Activity(Enum):
    """The activity of a training."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, eq=False, slots=True)
class ActivityChanged:
    """The activity of a training has changed."""

    activity: Activity
    why: str = ""
    """Why it pauses or ends, if no verb asked for that."""


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
