"""The mailbox between the thread that trains and the one that shows: neither ever waits for the other."""

from dataclasses import dataclass, field
from enum import Enum
from threading import Lock

from ..training.evaluation import Evaluation
from ..training.events import Failed
from ..training.trainer import Trainer
from .moment import Moment


class Activity(Enum):
    """What the trainer is doing."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(eq=False, slots=True)
class Delivery:
    """What has happened since the last visit; whoever took it owns it."""

    moment: Moment | None = None
    """The newest; it replaces earlier ones."""
    activity: Activity | None = None
    """The newest; it replaces earlier ones."""
    trainer: Trainer | None = None
    """The newest; it replaces earlier ones."""
    failed: Failed | None = None
    rewound_to: int | None = None
    """Training went back: what was delivered earlier of this step and later ones is void."""
    losses: list[tuple[int, float]] = field(default_factory=list)
    """Every step with its loss."""
    test_losses: list[tuple[int, float]] = field(default_factory=list)
    """The step of every end of an epoch, with the loss on the held-out examples."""
    test: Evaluation | None = None
    """The newest result on the held-out examples."""


class Mailbox:
    """The newest moment, every loss, and the end."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._delivery = Delivery()

    def put(self, moment: Moment) -> None:
        """Leave a moment in place of the one before."""
        with self._lock:
            self._delivery.moment = moment

    def put_loss(self, step: int, loss: float) -> None:
        """Leave a loss beside the others."""
        with self._lock:
            self._delivery.losses.append((step, loss))

    def put_test(self, step: int, test: Evaluation) -> None:
        """Leave a result on the held-out examples."""
        with self._lock:
            self._delivery.test = test
            self._delivery.test_losses.append((step, test.loss))

    def put_activity(self, activity: Activity) -> None:
        """Tell what the trainer does now."""
        with self._lock:
            self._delivery.activity = activity

    def put_trainer(self, trainer: Trainer) -> None:
        """Tell how training goes on from here."""
        with self._lock:
            self._delivery.trainer = trainer

    def put_failed(self, failed: Failed) -> None:
        """Tell why training cannot go on."""
        with self._lock:
            self._delivery.failed = failed
            self._delivery.activity = Activity.FAILED

    def rewind(self, step: int) -> None:
        """Take back what was left of this step and later ones."""
        with self._lock:
            delivery = self._delivery
            delivery.failed = None
            delivery.losses = [each for each in delivery.losses if each[0] < step]
            delivery.test_losses = [each for each in delivery.test_losses if each[0] < step]
            delivery.rewound_to = step if delivery.rewound_to is None else min(step, delivery.rewound_to)

    def take(self) -> Delivery:
        """Everything that was left since the last visit."""
        with self._lock:
            delivery, self._delivery = self._delivery, Delivery()
        return delivery
