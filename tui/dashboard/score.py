"""The score: how many examples to train on are classified correctly, counted no more often than anybody can read."""

from time import monotonic

from ...core.debugger.snapshot import Snapshot
from ...core.training.state import State
from ...core.training.trainer import Trainer

EVERY = 0.25
"""Seconds between two counts while training runs."""
MOST = 20_000_000
"""Products of a number and a weight that one count may take; that is some milliseconds."""


class Score:
    """The last count, and of which state it is."""

    def __init__(self) -> None:
        """Begin without one."""
        self._counted: tuple[Trainer, State] | None = None
        self._at = 0.0
        self._correct: tuple[int, int] | None = None

    def of(self, trainer: Trainer, snapshot: Snapshot, *, is_running: bool) -> tuple[int, int] | None:
        """How many are correct, and of how many; None where that has no meaning, or would take too long."""
        X, y, classes = trainer.train.X, trainer.train.y, trainer.classes
        if classes is None or len(X) < 2 or len(X) * snapshot.state.parameters.size > MOST:
            return None
        if self._counted == (trainer, snapshot.state) or (is_running and monotonic() - self._at < EVERY):
            return self._correct
        y_hat = trainer.forward_on(snapshot.state, X, y).y_hat
        self._correct = int((classes.of(y_hat) == classes.of(y)).sum()), len(X)
        self._counted, self._at = (trainer, snapshot.state), monotonic()
        return self._correct
