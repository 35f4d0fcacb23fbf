"""The array of the engine: read-only copies, and sums and means of rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from . import lazy_numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array: TypeAlias = npt.NDArray[np.floating[Any]]
    """float64, or float32 if a preset asks for it."""
else:
    Array = Any  # annotations that are read at the start do not wait for NumPy


Numbers: TypeAlias = Sequence[float] | Sequence[Sequence[float]] | Array


def frozen(array: Array) -> Array:
    """The same array, of any shape, made read-only, so that it can be shared."""
    array.setflags(write=False)
    return array


def frozen_copy(array: Array) -> Array:
    """A read-only copy of an array, of any shape, that will be written again."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy


def array_of(numbers: Numbers, dtype: npt.DTypeLike = "float64") -> Array:
    """A new, read-only array of these numbers, in the shape of their lists."""
    return frozen(np.array(numbers, dtype=dtype))


def sum_of_rows(array: Array) -> Array:
    """The sum of each row of a matrix, or of a vector; a product with ones is faster than NumPy's sum."""
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
