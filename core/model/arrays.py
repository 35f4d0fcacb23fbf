"""The array that the engine computes with, and how one is published."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

sum_of: Callable[..., Any] = np.add.reduce
"""The sum of an array along an axis: ndarray.sum is the same behind two more calls, which small arrays feel."""

Array: TypeAlias = npt.NDArray[np.floating[Any]]
"""float64, or float32 where a preset asks for it."""
Numbers: TypeAlias = Sequence[float] | Sequence[Sequence[float]] | Array


def published(array: Array) -> Array:
    """The same array, never to be written again, so that it can be handed to anybody."""
    array.setflags(write=False)
    return array


def array_of(numbers: Numbers, dtype: npt.DTypeLike = np.float64) -> Array:
    """A new, published array of these numbers."""
    return published(np.array(numbers, dtype=dtype))
