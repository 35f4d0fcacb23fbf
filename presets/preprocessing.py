"""Preprocessing: features with mean 0 and standard deviation 1, and one-hot targets of classes."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..core.functions.arrays import Array


class Scale(NamedTuple):
    """What each feature is shifted and divided by."""

    origin: Array
    """Subtracted first, without a rounding error: where numbers are alike in most digits one of them, else 0."""
    mean: Array
    """From the origin."""
    deviation: Array
    """1 where the feature is constant."""


ALIKE = 1e-9
"""The spread of numbers, beside the numbers, below which their mean has too few digits of the spread."""
LEAST = 1e-150
"""Deviations below have lost digits, as their squares are too small."""


@np.errstate(all="ignore")
def scale_of(X: Array) -> Scale:
    """The scale of these examples, (examples, n_in)."""
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
    return Scale(origin, mean, np.where(is_constant | (deviation == 0), 1.0, deviation))


@np.errstate(all="ignore")
def standardized(X: Array, scale: Scale) -> Array:
    """The examples by this scale."""
    origin, mean, deviation = scale
    X = X - origin
    found = (X - mean) / deviation
    for n in np.flatnonzero(~np.isfinite(found).all(axis=0)):  # where the difference was too large
        found[:, n] = X[:, n] / deviation[n] - mean[n] / deviation[n]
    return found


def _of_extreme(x: Array) -> tuple[float, float]:
    """The mean and the deviation of numbers whose squares no float can hold."""
    size = np.abs(x).max()
    share = x / size
    return share.mean() * size, share.std() * size


def one_hot(numbers: npt.ArrayLike, n_out: int) -> Array:
    """The targets of these classes, (examples, n_out); classes count from 0."""
    found: Array = (np.asarray(numbers)[:, np.newaxis] == np.arange(n_out)).astype(np.float64)
    return found
