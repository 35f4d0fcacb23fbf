"""Standardizing: features with mean 0 and standard deviation 1, however large or small their numbers are."""

import numpy as np

from ..core.functions.arrays import Array

Scale = tuple[Array, Array]
"""The mean and the standard deviation of each feature; of a constant one its value and 1."""
LEAST = 1e-150
"""Deviations below have lost digits, as their squares are too small."""


@np.errstate(all="ignore")
def scale_of(X: Array) -> Scale:
    """The scale of these examples, (examples, n_in)."""
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    least, greatest = X.min(axis=0), X.max(axis=0)
    is_constant = least == greatest
    for n in np.flatnonzero(~is_constant & ~(np.isfinite(mean) & np.isfinite(deviation) & (deviation > LEAST))):
        mean[n], deviation[n] = _of_extreme(X[:, n])
    # The mean of equal numbers may be another by its last bits, and their deviation then greater than 0.
    return np.where(is_constant, least, mean), np.where(is_constant | (deviation == 0), 1.0, deviation)


@np.errstate(all="ignore")
def standardized(X: Array, scale: Scale) -> Array:
    """The examples by this scale."""
    mean, deviation = scale
    found = (X - mean) / deviation
    for n in np.flatnonzero(~np.isfinite(found).all(axis=0)):  # where the difference was too large
        found[:, n] = X[:, n] / deviation[n] - mean[n] / deviation[n]
    return found


def _of_extreme(x: Array) -> tuple[float, float]:
    """The mean and the deviation of numbers whose squares no float can hold."""
    size = np.abs(x).max()
    share = x / size
    return share.mean() * size, share.std() * size
