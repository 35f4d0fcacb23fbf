"""The curve of a branch, as a chart draws it."""

from collections.abc import Iterable

from ..worker.inbox import Losses
from .loss_history import LossHistory
from .metrics import Metrics
from .series import Point
from .sights import Sights


class History:
    """The losses of one branch by step, and what else was seen of it."""

    def __init__(self) -> None:
        """Begin empty."""
        self.train = LossHistory()
        self.test = LossHistory()
        self.sights = Sights()

    def extend(self, train: Iterable[Point], test: Iterable[Point], seen: Metrics) -> None:
        """Add what is known of later steps."""
        self.train.extend(train)
        self.test.extend(test)
        self.sights.extend(seen)

    def before(self, step: int) -> "History":
        """A new curve with the losses before a step."""
        curve = History()
        for ours, theirs in ((curve.train, self.train), (curve.test, self.test)):
            ours.extend(theirs.points.before(step))
        curve.sights = self.sights.before(step)
        return curve

    def keep(self, losses: Losses) -> None:
        """Add what has come."""
        if losses.rewound_to is not None:
            self.train.rewind(losses.rewound_to)
            self.test.rewind(losses.rewound_to)
            self.sights.rewind(losses.rewound_to)
        self.train.extend(losses.train)
        self.test.extend(losses.test)
        self.sights.test_accuracy.extend(losses.test_accuracy)
        for seen in losses.filled:
            self.sights.fill(seen)
