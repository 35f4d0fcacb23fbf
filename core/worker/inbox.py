"""The mailbox between the thread that trains and the one that shows: neither ever waits for the other."""

from dataclasses import dataclass, field
from enum import Enum
from threading import Lock

from ..debugger.dump import TimelineDump
from ..debugger.snapshot import Snapshot
from ..debugger.timeline import Comparison
from ..metrics.metrics import Metrics
from ..metrics.series import Series
from ..quantities.quantity import Quantity
from ..training.changes import Change
from ..training.evaluation import Evaluation
from ..training.events import Failed
from ..training.trainer import Trainer


class Activity(Enum):
    """What the trainer is doing."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(eq=False, slots=True)
class Losses:
    """What has become of a branch's losses since the last visit."""

    parent: tuple[int, int] | None = None
    """The branch that it began on and the step, where it is new: it has that branch's losses before that step."""
    rewound_to: int | None = None
    """What was delivered earlier of this step and later ones is void."""
    train: Series = field(default_factory=Series)
    """Every new step with its loss."""
    test: Series = field(default_factory=Series)
    """The step of every new end of an epoch, with the loss on the held-out examples."""
    test_accuracy: Series = field(default_factory=Series)
    """The same with the accuracy on them, where it has a meaning."""
    filled: list[Metrics] = field(default_factory=list)
    """What else is known of steps, which may be earlier ones."""

    def rewind(self, step: int) -> None:
        """Take back this step and later ones."""
        for points in (self.train, self.test, self.test_accuracy):
            points.rewind(step)
        self.filled = [seen.each(lambda points: Series(points).before(step)) for seen in self.filled]
        self.rewound_to = step if self.rewound_to is None else min(step, self.rewound_to)


@dataclass(frozen=True, eq=False, slots=True)
class TimelineStatus:
    """Where a training stands in its timeline."""

    branch: int
    branches: tuple[int, ...]
    newest: int
    """The last step of the branch that has been reached."""
    changes: tuple[tuple[int, Change], ...]
    """What has been changed in it, with the steps."""
    counting: int = 0
    """How many of the changes count here; those made later, or undone, do not."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """A parameter moved a little, and the change of the loss: as its gradient predicts, and the actual one."""

    what: Quantity
    by: float
    predicted: float
    actual: float


@dataclass(eq=False, slots=True)
class Delivery:
    """What has happened since the last visit; whoever took it owns it."""

    snapshot: Snapshot | None = None
    """The newest; it replaces earlier ones, as all that is no list does."""
    activity: Activity | None = None
    trainer: Trainer | None = None
    place: TimelineStatus | None = None
    failed: Failed | None = None
    refused: list[str] = field(default_factory=list)
    """What was asked for and cannot be, and why."""
    told: list[str] = field(default_factory=list)
    """What else a person should know."""
    why: str = ""
    """Why it pauses or ends, where no key asked for that."""
    nudge: Nudge | None = None
    comparison: Comparison | None = None
    saved: TimelineDump | None = None
    """The whole timeline, where it was asked for."""
    losses: dict[int, Losses] = field(default_factory=dict)
    """By branch, in the order in which training went on in them."""
    test: Evaluation | None = None
    """The newest result on the held-out examples."""


class Inbox:
    """The newest moment, every loss, and the end."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._delivery = Delivery()
        self._branch = 1

    def put(self, snapshot: Snapshot) -> None:
        """Leave a moment in place of the one before."""
        with self._lock:
            self._delivery.snapshot = snapshot

    def put_loss(self, step: int, loss: float) -> None:
        """Leave a loss of the current branch beside the others."""
        with self._lock:
            self._losses().train.append(step, loss)

    def put_test(self, step: int, test: Evaluation) -> None:
        """Leave a result on the held-out examples."""
        with self._lock:
            self._delivery.test = test
            self._losses().test.append(step, test.loss)
            if test.accuracy is not None:
                self._losses().test_accuracy.append(step, test.accuracy)

    def put_filled(self, branch: int, seen: Metrics) -> None:
        """Leave what some steps of a branch come to, which no moment has shown."""
        with self._lock:
            self._losses(branch).filled.append(seen)

    def put_activity(self, activity: Activity) -> None:
        """Tell what the trainer does now."""
        with self._lock:
            self._delivery.activity = activity

    def put_place(self, snapshot: Snapshot | None, trainer: Trainer, place: TimelineStatus) -> None:
        """Leave a moment together with how training goes on from it, and where that is."""
        with self._lock:
            self._delivery.snapshot = snapshot or self._delivery.snapshot
            self._delivery.trainer = trainer
            self._delivery.place = place

    def put_failed(self, failed: Failed) -> None:
        """Tell why training cannot go on."""
        with self._lock:
            self._delivery.failed = failed
            self._delivery.activity = Activity.FAILED

    def put_refused(self, reason: str) -> None:
        """Tell why something that was asked for cannot be."""
        with self._lock:
            self._delivery.refused.append(reason)

    def put_told(self, text: str) -> None:
        """Tell what else a person should know."""
        with self._lock:
            self._delivery.told.append(text)

    def put_why(self, why: str) -> None:
        """Leave the reason for which training pauses or ends."""
        with self._lock:
            self._delivery.why = why

    def put_nudge(self, nudge: Nudge) -> None:
        """Tell what came of a nudge."""
        with self._lock:
            self._delivery.nudge = nudge

    def put_comparison(self, comparison: Comparison) -> None:
        """Leave two branches side by side."""
        with self._lock:
            self._delivery.comparison = comparison

    def put_saved(self, saved: TimelineDump) -> None:
        """Leave what there is to save."""
        with self._lock:
            self._delivery.saved = saved

    def rewind(self, step: int) -> None:
        """Take back the current branch's losses of this step and later ones."""
        with self._lock:
            self._delivery.failed = None
            self._losses().rewind(step)

    def turn_to(self, branch: int, parent: tuple[int, int] | None = None) -> None:
        """Leave losses on another branch from now on; a new one names the branch and the step that it began at."""
        with self._lock:
            self._delivery.failed = None
            self._branch = branch
            if parent:
                self._losses().parent = parent

    def take(self) -> Delivery:
        """Everything that was left since the last visit."""
        with self._lock:
            delivery, self._delivery = self._delivery, Delivery()
        return delivery

    def _losses(self, branch: int | None = None) -> Losses:
        """Those of a branch, or of the current one."""
        return self._delivery.losses.setdefault(branch or self._branch, Losses())
