"""What the outputs of a network are: classes, or numbers. Everything that counts or names classes asks here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..functions.activations import activation_of
from ..functions.arrays import Array
from ..functions.losses import loss_of

Whole: TypeAlias = npt.NDArray[np.int_]


@dataclass(frozen=True)
class Classes:
    """Two classes of one output, or one class for each of several outputs."""

    low: float
    """The target of the class that an example does not belong to."""
    high: float

    def of(self, y: Array) -> Whole:
        """The class of each row of outputs or targets: the largest; one output is class 1 from the middle up."""
        if y.shape[1] == 1:
            return (y[:, 0] >= (self.low + self.high) / 2).astype(int)
        found: Whole = np.nan_to_num(y).argmax(axis=1)
        return found

    def confusion(self, y_hat: Array, y: Array) -> "Confusion":
        """How many examples of each class are predicted to have each class; ŷ and y are (examples, n_out)."""
        size = max(2, y.shape[1])
        counts: Whole = np.zeros((size, size), int)
        np.add.at(counts, (self.of(y), self.of(y_hat)), 1)
        return Confusion(counts)

    def accuracy(self, y_hat: Array, y: Array) -> float | None:
        """The share of examples, (examples, n_out), whose class is predicted; a single example has none."""
        return float(np.mean(self.of(y_hat) == self.of(y))) if len(y) > 1 else None


@dataclass(frozen=True, eq=False)
class Confusion:
    """A confusion matrix, and the figures of each class; a share of no example is not a number."""

    counts: Whole
    """Examples, (actual class, predicted class)."""

    @property
    def total(self) -> int:
        """All examples."""
        return int(self.counts.sum())

    @property
    def correct(self) -> int:
        """Examples whose class is predicted."""
        return int(np.trace(self.counts))

    @property
    def precision(self) -> Array:
        """Of the examples that are predicted to have each class, the share that has it, (classes,)."""
        return _share(self.counts.diagonal(), self.counts.sum(axis=0))

    @property
    def recall(self) -> Array:
        """Of the examples of each class, the share that is predicted to have it, (classes,)."""
        return _share(self.counts.diagonal(), self.counts.sum(axis=1))

    @property
    def f1(self) -> Array:
        """The harmonic mean of precision and recall, (classes,)."""
        return _share(2 * self.counts.diagonal(), self.counts.sum(axis=0) + self.counts.sum(axis=1))


def _share(part: Whole, whole: Whole) -> Array:
    with np.errstate(all="ignore"):
        found: Array = part / whole
    return found


def classes_of(loss: str, activation: str, targets: Sequence[Array]) -> Classes | None:
    """What the outputs are classes of, or None if they are numbers.

    A loss or an activation for classes, such as bce or sigmoid, has classes where every target is the number of one.
    Any other output has classes only where both numbers occur: a single target of 1 may be a quantity.

    Args:
        loss: its name.
        activation: the name of the last layer's.
        targets: those to train on and those held out, each (examples, n_out).
    """
    y, of_loss, output = np.concatenate(targets), loss_of(loss).classes, activation_of(activation)
    usual = of_loss or output.range or (0.0, 1.0)
    is_of_classes = of_loss is not None or output.is_of_classes
    for low, high in dict.fromkeys((usual, (0.0, 1.0), (-1.0, 1.0))):
        if not _are_classes(y, low, high):
            continue
        classes, is_certain = Classes(low, high), usual == (low, high) and is_of_classes
        numbers = classes.of(y)
        if is_certain or numbers.min() != numbers.max():
            return classes
    return None


def _are_classes(y: Array, low: float, high: float) -> bool:
    """Whether every target is one of two numbers, and of several outputs exactly one is the higher."""
    is_high = y == high
    return bool(np.all(is_high | (y == low)) and (y.shape[1] == 1 or np.all(is_high.sum(axis=1) == 1)))
