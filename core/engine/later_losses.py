"""The losses of updates, computed for many at once by NumPy: an update needs its gradient alone."""

import numpy as np

from ..functions.arrays import Array
from .ordered_functions import losses_by
from .ordered_sums import sum_down
from .task import Task

MOST = 64
"""Updates whose losses are computed together."""
MOST_NUMBERS = 2**15
"""Predictions of these, so that they stay in the cache."""


class LaterLosses:
    """What the losses of some batches of one size are made of, until they are asked for."""

    def __init__(self, task: Task, rows: int) -> None:
        """Make room for batches of this many examples."""
        outputs = task.network.sizes[-1]
        self.most = max(1, min(MOST, MOST_NUMBERS // (rows * outputs)))
        self._task, self._count = task, 0
        self._z, self._a, self._y = (np.empty((self.most, rows, outputs)) for _ in range(3))
        self._parts: Array | None = None
        self._updates, self._prices = [0] * self.most, [0.0] * self.most
        self._weights: list[Array | None] = [None] * self.most

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another batch."""
        return self._count == self.most

    def keep(
        self, update: int, z: Array, a: Array, y: Array, parts: Array | None, weights: Array | None, price: float
    ) -> None:
        """Keep what the loss of a batch is made of.

        Args:
            update: its number.
            z: of the output layer, (batch, n_out).
            a: predictions, (batch, n_out).
            y: targets, (batch, n_out).
            parts: what `predict` has left, one row an example.
            weights: what each example counts, (batch,).
            price: what the penalty adds.
        """
        n = self._count
        self._z[n], self._y[n] = z, y
        if parts is None:
            self._a[n] = a
        else:
            if self._parts is None:
                self._parts = np.empty((self.most, *parts.shape))
            self._parts[n] = parts
        self._updates[n], self._weights[n], self._prices[n] = update, weights, price
        self._count = n + 1

    def write(self, losses: Array) -> None:
        """Write the loss of each batch to the place of its update, (updates,), and forget them."""
        if not (count := self._count):
            return
        self._count = 0
        output, arithmetic = self._task.output, self._task.arithmetic
        z, a, y = (each[:count].reshape(-1, each.shape[2]) for each in (self._z, self._a, self._y))
        parts = None if self._parts is None else self._parts[:count].reshape(-1, self._parts.shape[2])
        of_examples = losses_by(output, z, a, y, parts).reshape(count, -1)
        updates = self._updates[:count]
        if self._weights[0] is None:
            losses[updates] = sum_down(of_examples.T) / output.divisor(*self._y.shape[1:])
        else:
            batches = zip(updates, self._weights, of_examples, self._y, strict=False)
            for update, weights, each, targets in batches:
                losses[update] = arithmetic.reduce(output.of(weights), each, targets)
        losses[updates] += self._prices[:count]
