"""Sums and means of the rows of a matrix."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from . import lazy_numpy as np

if TYPE_CHECKING:
    from .arrays import Array


def sum_of_rows(array: Array) -> Array:
    """The sum of each row of a matrix, or of a vector; a product with ones is a third of NumPy's sum on few numbers."""
    count = array.shape[-1]
    return array[..., 0] if count == 1 else array.dot(_ones(count, array.dtype))


def mean_of_rows(array: Array) -> Array:
    """The mean of each row."""
    mean: Array = sum_of_rows(array) / array.shape[-1]
    return mean


@lru_cache(maxsize=32)
def _ones(count: int, dtype: np.dtype[Any]) -> Array:
    ones = np.ones(count, dtype)
    ones.setflags(write=False)
    return ones
