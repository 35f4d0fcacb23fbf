"""One-hot: a class's number as one target for each output, of which only the class's own is 1."""

import numpy as np
import numpy.typing as npt

from ..core.functions.arrays import Array


def one_hot(numbers: npt.ArrayLike, n_out: int) -> Array:
    """The targets of these classes, (examples, n_out); classes count from 0."""
    found: Array = (np.asarray(numbers)[:, np.newaxis] == np.arange(n_out)).astype(np.float64)
    return found
