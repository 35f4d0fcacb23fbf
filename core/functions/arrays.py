"""The array that the engine computes with, and how one is made read-only."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.floating[Any]]
"""float64, or float32 where a preset asks for it."""
Numbers: TypeAlias = Sequence[float] | Sequence[Sequence[float]] | Array


def frozen(array: Array) -> Array:
    """The same array, of any shape, made read-only, so that it can be handed to anybody."""
    array.setflags(write=False)
    return array


def frozen_copy(array: Array) -> Array:
    """A read-only copy of an array, of any shape, that will be written again."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy


def array_of(numbers: Numbers, dtype: npt.DTypeLike = np.float64) -> Array:
    """A new, read-only array of these numbers, in the shape of their lists."""
    return frozen(np.array(numbers, dtype=dtype))
