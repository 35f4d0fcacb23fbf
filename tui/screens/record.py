"""The record: what has been taken from the mailbox so far, for panels that show more than the newest of it."""

from ...core.running.history import LossHistory
from ...core.running.mailbox import Activity, Delivery
from ...core.training.evaluation import Evaluation
from .rate import Rate


class Record:
    """The losses by step, what the trainer does, how the held-out examples fare, and how quickly steps come."""

    def __init__(self) -> None:
        """Begin empty."""
        self.train = LossHistory()
        self.test = LossHistory()
        self.activity = Activity.PAUSED
        self.evaluation: Evaluation | None = None
        self.rate = Rate()

    def keep(self, delivery: Delivery, now: float) -> None:
        """Add a delivery, taken at a time in seconds."""
        if delivery.rewound_to is not None:
            self.train.rewind(delivery.rewound_to)
            self.test.rewind(delivery.rewound_to)
            self.evaluation = None
        self.train.extend(delivery.losses)
        self.test.extend(delivery.test_losses)
        self.evaluation = delivery.test or self.evaluation
        self.activity = delivery.activity or self.activity
        if self.activity is not Activity.RUNNING:
            self.rate.rest()
        elif delivery.moment:
            self.rate.see(delivery.moment.step, now)
