"""What some of the steps of a training tell of each layer, and how well predictions do."""

from collections import defaultdict

from ..debugger.snapshot import Snapshot
from ..training.classes import Classes
from ..training.evaluation import Evaluation
from ..training.events import BackwardPass, ForwardPass, Updated
from ..training.norms import gradient_norms, update_ratios
from .loss_history import LossHistory
from .metrics import Metrics

BUDGET = 4_000
"""The most points of a history: a screen is not that wide."""


class Sights:
    """Histories of some of the steps: those that were seen."""

    def __init__(self) -> None:
        """Begin empty."""
        self.gradients: defaultdict[int, LossHistory] = defaultdict(_history)
        self.ratios: defaultdict[int, LossHistory] = defaultdict(_history)
        self.batch_accuracy = _history()
        self.test_accuracy = _history()

    @property
    def seen(self) -> Metrics:
        """What there is, for a chart."""
        return Metrics(
            [history.points for history in self.gradients.values()],
            [history.points for history in self.ratios.values()],
            self.batch_accuracy.points,
            self.test_accuracy.points,
        )

    def see(self, snapshot: Snapshot, classes: Classes | None) -> None:
        """Keep what a moment tells, where it is of a later step than what is known."""
        if snapshot.backward_of(0) is snapshot.backward:
            self._see_backward(snapshot.backward)
        if snapshot.last_update:
            self._see_update(snapshot.last_update)
        if snapshot.forward_of(snapshot.layers - 1) is snapshot.forward:
            self._see_forward(snapshot.forward, classes)

    def see_step(self, updated: Updated, classes: Classes | None) -> None:
        """Keep what a whole step tells, where it is later than what is known."""
        self._see_backward(updated.backward)
        self._see_update(updated)
        self._see_forward(updated.forward, classes)

    def see_test(self, step: int, test: Evaluation) -> None:
        """Keep how well the held-out examples are predicted, where that has a meaning."""
        _append(self.test_accuracy, step, test.accuracy)

    def rewind(self, step: int) -> None:
        """Forget this step and later ones."""
        for history in self._all():
            history.rewind(step)

    def extend(self, seen: Metrics) -> None:
        """Add what was seen of later steps."""
        for ours, theirs in ((self.gradients, seen.gradients), (self.ratios, seen.ratios)):
            for layer, points in enumerate(theirs):
                ours[layer].extend(points)
        self.batch_accuracy.extend(seen.batch_accuracy)
        self.test_accuracy.extend(seen.test_accuracy)

    def fill(self, seen: Metrics) -> None:
        """Add what is known of steps, of earlier ones too."""
        for ours, theirs in ((self.gradients, seen.gradients), (self.ratios, seen.ratios)):
            for layer, points in enumerate(theirs):
                ours[layer].fill(points)
        self.batch_accuracy.fill(seen.batch_accuracy)

    def before(self, step: int) -> "Sights":
        """New histories with what was seen before a step."""
        sights = Sights()
        for ours, theirs in ((sights.gradients, self.gradients), (sights.ratios, self.ratios)):
            for layer, history in theirs.items():
                ours[layer].extend(history.points.before(step))
        sights.batch_accuracy.extend(self.batch_accuracy.points.before(step))
        sights.test_accuracy.extend(self.test_accuracy.points.before(step))
        return sights

    def _see_backward(self, backward: BackwardPass) -> None:
        for layer, norm in enumerate(gradient_norms(backward)):
            _append(self.gradients[layer], backward.step, norm)

    def _see_update(self, updated: Updated) -> None:
        for layer, ratio in enumerate(update_ratios(updated)):
            _append(self.ratios[layer], updated.backward.step, ratio)

    def _see_forward(self, forward: ForwardPass, classes: Classes | None) -> None:
        if classes:
            _append(self.batch_accuracy, forward.step, classes.accuracy(forward.y_hat, forward.y))

    def _all(self) -> list[LossHistory]:
        return [*self.gradients.values(), *self.ratios.values(), self.batch_accuracy, self.test_accuracy]


def _history() -> LossHistory:
    return LossHistory(BUDGET)


def _append(history: LossHistory, step: int, value: float | None) -> None:
    if value is not None and (not history.points or step > history.points[-1][0]):
        history.append(step, value)
