"""The array that the engine computes with, and how one is published."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.floating[Any]]
"""float64, or float32 where a preset asks for it."""
Numbers: TypeAlias = Sequence[float] | Sequence[Sequence[float]] | Array


FEW = 100
"""Numbers of which one slow call takes less time than five fast ones."""


def published(array: Array) -> Array:
    """The same array, never to be written again, so that it can be handed to anybody."""
    array.setflags(write=False)
    return array


def snapshot(array: Array) -> Array:
    """A copy of an array that will be written again, published."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy


def softplus(z: Array) -> Array:
    """ln(1 + eᶻ), without overflow."""
    if z.size < FEW:
        return np.logaddexp(0.0, z)
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


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
    return published(np.ones(count, dtype))


def array_of(numbers: Numbers, dtype: npt.DTypeLike = np.float64) -> Array:
    """A new, published array of these numbers."""
    return published(np.array(numbers, dtype=dtype))
