"""The history of a branch: its losses by step, and other metrics of some steps."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import nan
from typing import Self

import numpy as np

from ..data.classes import Classes
from ..data.dataset import Evaluation
from ..engine.burst import Burst
from ..functions.arrays import Array
from ..steps.events import BackwardPass, EpochEnded, Event, ForwardPass, Updated
from ..steps.state import State
from .series import Point, Series, series_of_burst


@dataclass(frozen=True, eq=False, slots=True)
class Metrics:
    """Metrics of some steps, each a series; two are equal only if they are the same object."""

    gradients: Sequence[Sequence[Point]] = ()
    """The norm of each layer's ∂L/∂W."""
    ratios: Sequence[Sequence[Point]] = ()
    """The norm of each layer's change of W, relative to that of W."""
    batch_accuracy: Sequence[Point] = ()
    """The accuracy on the batch."""
    test_accuracy: Sequence[Point] = ()
    """The accuracy on the held-out examples."""
    outputs: Sequence[Sequence[Point]] = ()
    """ŷ of a batch with one example, by output."""

    def each(self, make: Callable[[Sequence[Point]], Sequence[Point]]) -> "Metrics":
        """The same fields, with a function applied to each series."""
        return Metrics(
            [make(points) for points in self.gradients],
            [make(points) for points in self.ratios],
            make(self.batch_accuracy),
            make(self.test_accuracy),
            [make(points) for points in self.outputs],
        )


MOST_LOSSES = 20_000
"""The most points of a loss."""
MOST = 4_000
"""The most points of any other series, enough for the width of a screen."""

MOST_OUTPUTS = 4
"""The most outputs with a series."""


class History:
    """The series of a branch. A step counts once; repeated steps are ignored."""

    def __init__(self, most_losses: int | None = MOST_LOSSES, most: int | None = MOST) -> None:
        """Begin empty.

        Args:
            most_losses: points of a loss that are kept; None for all.
            most: points of every other series; None for all.
        """
        self.batch_loss = Series(limit=most_losses)
        """The loss of each step's batch before its update."""
        self.test_loss = Series(limit=most_losses)
        """The loss of the held-out examples."""
        self.test_accuracy = Series(limit=most)
        self.batch_accuracy = Series(limit=most)
        self.gradients: defaultdict[int, Series] = defaultdict(partial(Series, limit=most))
        """The norm of ∂L/∂W, by layer from 0."""
        self.ratios: defaultdict[int, Series] = defaultdict(partial(Series, limit=most))
        """The norm of the change of W relative to that of W, by layer from 0."""
        self.outputs: defaultdict[int, Series] = defaultdict(partial(Series, limit=most))
        """ŷ of batches with one example, by output from 0."""

    @classmethod
    def of(cls, batch_loss: Iterable[Point], test_loss: Iterable[Point], metrics: Metrics) -> Self:
        """A history with these points."""
        history = cls()
        history.batch_loss.extend(batch_loss)
        history.test_loss.extend(test_loss)
        history._extend(metrics)
        return history

    @property
    def loss(self) -> Series:
        """The loss of each step's batch."""
        return self.batch_loss

    @property
    def metrics(self) -> Metrics:
        """The other metrics; the object grows with the history."""
        by_number = (list(each.values()) for each in (self.gradients, self.ratios, self.outputs))
        gradients, ratios, outputs = by_number
        return Metrics(gradients, ratios, self.batch_accuracy, self.test_accuracy, outputs)

    def add(self, batch_loss: Series, test_loss: Series, test_accuracy: Series) -> None:
        """Add losses in rising order of step; known steps are ignored."""
        pairs = ((self.batch_loss, batch_loss), (self.test_loss, test_loss), (self.test_accuracy, test_accuracy))
        for ours, theirs in pairs:
            ours.extend(theirs.after(ours.last_step))

    def fill(self, metrics: Metrics) -> None:
        """Add metrics of steps, possibly earlier ones."""
        for ours, theirs in self._numbered(metrics):
            for number, points in enumerate(theirs):
                ours[number].fill(points)
        self.batch_accuracy.fill(metrics.batch_accuracy)

    def see_losses(self, event: Event) -> None:
        """Add the losses in an event of a training."""
        match event:
            case BackwardPass():
                self.batch_loss.add(event.step, event.forward.loss)
            case EpochEnded(updated=updated, test=test) if test:
                self.see_test(updated.step, test)
            case _:
                pass

    def see_step(self, updated: Updated, classes: Classes | None) -> None:
        """Add the metrics of a step, except its loss."""
        self.see_backward(updated.backward)
        self.see_update(updated)
        self.see_forward(updated.forward, classes)

    def see_forward(self, forward: ForwardPass, classes: Classes | None) -> None:
        """Add the accuracy on a batch if there are classes, and the outputs of a single example."""
        if len(forward.X) == 1:
            for number, y_hat in enumerate(forward.y_hat[0, :MOST_OUTPUTS].tolist()):
                self.outputs[number].add(forward.step, y_hat)
        if classes and (accuracy := classes.accuracy(forward.y_hat, forward.y)) is not None:
            self.batch_accuracy.add(forward.step, accuracy)

    def see_burst(self, state: State, burst: Burst) -> None:
        """Add the losses of a burst that starts at a state."""
        self.batch_loss.extend(series_of_burst(state.step, burst.losses).after(self.batch_loss.last_step))
        for step, test in burst.tests:
            self.see_test(step, test)

    def see_backward(self, backward: BackwardPass) -> None:
        """Add the norms of the gradients."""
        for layer, norm in enumerate(_gradient_norms(backward)):
            self.gradients[layer].add(backward.step, norm)

    def see_update(self, updated: Updated) -> None:
        """Add the relative changes of an update."""
        for layer, ratio in enumerate(_update_ratios(updated)):
            self.ratios[layer].add(updated.backward.step, ratio)

    def see_test(self, step: int, test: Evaluation) -> None:
        """Add the loss and the accuracy on the held-out examples."""
        self.test_loss.add(step, test.loss)
        if test.accuracy is not None:
            self.test_accuracy.add(step, test.accuracy)

    def rewind(self, step: int) -> None:
        """Remove this step and later ones."""
        for series in self._all():
            series.rewind(step)

    def with_step(self, step: int, its: "History") -> "History":
        """A new history with another one's metrics of a step's batch."""
        shown = History.of(self.batch_loss, self.test_loss, self.metrics)
        for series in shown._of_batches():
            series.forget(step)
        shown.batch_loss.fill(its.batch_loss)
        shown.fill(its.metrics)
        return shown

    def before(self, step: int) -> "History":
        """A new history up to a step, without it."""
        metrics = self.metrics.each(lambda points: Series(points).before(step))
        return History.of(self.batch_loss.before(step), self.test_loss.before(step), metrics)

    def _extend(self, metrics: Metrics) -> None:
        for ours, theirs in self._numbered(metrics):
            for number, points in enumerate(theirs):
                ours[number].extend(points)
        self.batch_accuracy.extend(metrics.batch_accuracy)
        self.test_accuracy.extend(metrics.test_accuracy)

    def _all(self) -> Iterator[Series]:
        yield from (self.test_loss, self.test_accuracy, *self._of_batches())

    def _of_batches(self) -> Iterator[Series]:
        yield from (self.batch_loss, self.batch_accuracy)
        yield from (*self.gradients.values(), *self.ratios.values(), *self.outputs.values())

    def _numbered(self, metrics: Metrics) -> "tuple[tuple[defaultdict[int, Series], Sequence[Sequence[Point]]], ...]":
        """Our series with data, each paired with the series of other metrics."""
        return (
            (self.gradients, metrics.gradients),
            (self.ratios, metrics.ratios),
            (self.outputs, metrics.outputs),
        )


def _gradient_norms(backward: BackwardPass) -> list[float]:
    """‖∂L/∂W‖ of each layer."""
    return [_length(dW) for dW in backward.dW]


def _update_ratios(update: Updated) -> list[float]:
    """‖ΔW‖ / ‖W‖ of each layer; nan if W is 0."""
    before = update.backward.state.W
    return [_length(new - old) / (_length(old) or nan) for new, old in zip(update.state.W, before, strict=True)]


def _length(array: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.sqrt(np.square(array).sum()))
