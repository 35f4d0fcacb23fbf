"""Scaling: inputs, or targets, with mean 0 and standard deviation 1, and back to what they were."""

from typing import NamedTuple, Self

import numpy as np

from ..functions.arrays import Array

ALIKE = 1e-9
"""The spread of numbers, beside the numbers, below which their mean has too few digits of the spread."""
LEAST = 1e-150
"""Deviations below have lost digits, as their squares are too small."""


class Scale(NamedTuple):
    """What each column is shifted and divided by."""

    origin: Array
    """Subtracted first, without a rounding error: where numbers are alike in most digits one of them, else 0."""
    shift: Array
    """The mean, from the origin."""
    deviation: Array
    """1 where the column is constant."""

    @property
    def mean(self) -> Array:
        """The mean of each column, (columns,)."""
        return self.origin + self.shift

    @classmethod
    @np.errstate(all="ignore")
    def of(cls, X: Array) -> Self:
        """The scale of these rows, (rows, columns)."""
        least, greatest = X.min(axis=0), X.max(axis=0)
        is_constant = least == greatest
        is_alike = ~is_constant & (greatest - least < ALIKE * np.abs(least))
        origin = np.where(is_alike, least, 0.0)
        X = X - origin
        mean, deviation = X.mean(axis=0), X.std(axis=0)
        for n in np.flatnonzero(~is_constant & ~(np.isfinite(mean) & np.isfinite(deviation) & (deviation > LEAST))):
            mean[n], deviation[n] = _of_extreme(X[:, n])
        # The mean of equal numbers may be another by its last bits, and their deviation then greater than 0.
        mean = np.where(is_constant, least, mean)
        return cls(origin, mean, np.where(is_constant | (deviation == 0), 1.0, deviation))

    @np.errstate(all="ignore")
    def standardized(self, X: Array) -> Array:
        """Rows by this scale, (rows, columns)."""
        origin, mean, deviation = self
        X = X - origin
        found: Array = (X - mean) / deviation
        for n in np.flatnonzero(~np.isfinite(found).all(axis=0)):  # where the difference was too large
            found[:, n] = X[:, n] / deviation[n] - mean[n] / deviation[n]
        return found

    @np.errstate(all="ignore")
    def original(self, X: Array) -> Array:
        """Rows, (rows, columns), as they were before they were standardized."""
        return X * self.deviation + self.mean


def _of_extreme(x: Array) -> tuple[float, float]:
    """The mean and the deviation of numbers whose squares no float can hold."""
    size = np.abs(x).max()
    share = x / size
    return share.mean() * size, share.std() * size
