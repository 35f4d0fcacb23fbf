"""How well predictions do, beyond the loss."""

from dataclasses import dataclass

import numpy as np

from ..model.arrays import Array


@dataclass(frozen=True)
class Evaluation:
    """A network's result on a set of examples."""

    loss: float
    accuracy: float | None
    """Share of examples that are classified rightly; None where that has no meaning."""


def accuracy(y_hat: Array, y: Array) -> float | None:
    """Share of examples whose class is predicted, or None where the targets are no classes.

    One output is a class of its own, 1 from 0.5 up. Of several, with one-hot targets, the largest counts.
    A single example has no share.
    """
    if len(y) < 2 or not np.all((y == 0.0) | (y == 1.0)):
        return None
    if y.shape[1] == 1:
        return float(np.mean((y_hat >= 0.5) == (y == 1.0)))
    if not np.all(y.sum(axis=1) == 1.0):
        return None
    return float(np.mean(y_hat.argmax(axis=1) == y.argmax(axis=1)))
