"""The array that the engine computes with, and how one is published."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.floating[Any]]
"""float64, or float32 where a preset asks for it."""
Numbers: TypeAlias = Sequence[float] | Sequence[Sequence[float]] | Array


def published(array: Array) -> Array:
    """The same array, never to be written again, so that it can be handed to anybody."""
    array.setflags(write=False)
    return array


def snapshot(array: Array) -> Array:
    """A copy of an array that will be written again, published."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy


def array_of(numbers: Numbers, dtype: npt.DTypeLike = np.float64) -> Array:
    """A new, published array of these numbers."""
    return published(np.array(numbers, dtype=dtype))
