"""The record: what has been taken from the mailbox so far, for panels that show more than the newest of it."""

from collections.abc import Iterable

from ...core.metrics.history import History
from ...core.metrics.metrics import Metrics
from ...core.metrics.series import Point
from ...core.training.evaluation import Evaluation
from ...core.training.trainer import Trainer
from ...core.worker.inbox import Activity, Delivery, Losses, TimelineStatus
from .rate import Rate


class Recorder:
    """The losses of each branch, what the trainer does, how the held-out examples fare, and how quickly steps come."""

    def __init__(self) -> None:
        """Begin empty."""
        self.curves: dict[int, History] = {}
        self.place = TimelineStatus(1, (1,), 0, ())
        self.activity = Activity.PAUSED
        self.evaluation: Evaluation | None = None
        self.rate = Rate()
        self._trainer: Trainer | None = None

    def begin(self, number: int, train: Iterable[Point], test: Iterable[Point], seen: Metrics) -> None:
        """Take the losses that a branch had before, and what was seen of it."""
        self.curves.setdefault(number, History()).extend(train, test, seen)

    @property
    def curve(self) -> History:
        """That of the current branch."""
        return self.curves.get(self.place.branch) or History()

    @property
    def other(self) -> History:
        """That of the branch that was left last."""
        others = [number for number in self.place.branches if number != self.place.branch]
        return self.curves.get(others[-1], History()) if others else History()

    def keep(self, delivery: Delivery, now: float) -> None:
        """Add a delivery, taken at a time in seconds."""
        for number, losses in delivery.losses.items():
            self._curve(number, losses).keep(losses)
        if delivery.place:
            self.place = delivery.place
            self.curves = {number: self.curves[number] for number in delivery.place.branches if number in self.curves}
        if any(losses.rewound_to is not None or losses.parent for losses in delivery.losses.values()):
            self.evaluation = None
        self.evaluation = delivery.test or self.evaluation
        self.activity = delivery.activity or self.activity
        self._trainer = delivery.trainer or self._trainer
        self._see(delivery)
        if self.activity is not Activity.RUNNING:
            self.rate.rest()
        elif delivery.snapshot:
            self.rate.see(delivery.snapshot.step, now)

    def _see(self, delivery: Delivery) -> None:
        """Keep what the moment shows."""
        curve = self.curves.setdefault(self.place.branch, History())
        if delivery.snapshot:
            curve.sights.see(delivery.snapshot, self._trainer.classes if self._trainer else None)

    def _curve(self, number: int, losses: Losses) -> History:
        if losses.parent:
            parent, step = losses.parent
            self.curves[number] = self.curves.get(parent, History()).before(step)
        return self.curves.setdefault(number, History())
