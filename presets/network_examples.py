"""The examples of a network, as they are in a preset or a file: before they are scaled and held out."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..core.functions.arrays import Array


class Examples(NamedTuple):
    """The examples of a network."""

    X: Array
    """Missing values are NaN."""
    y: Array
    class_names: tuple[str, ...] = ()
    """Where the targets are classes."""
    input_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    """Of columns that are each the target of an output."""
    origin: str = ""
    """How their file was read, in one line; empty if there is no file, or if it comes with nn-tui."""
    rows: npt.NDArray[np.int64] | None = None
    """The row of each in its file, from 1; None if they count 1, 2, 3 …"""


def one_hot(numbers: npt.ArrayLike, n_out: int) -> Array:
    """The targets of these classes, (examples, n_out); classes count from 0."""
    found: Array = (np.asarray(numbers)[:, np.newaxis] == np.arange(n_out)).astype(np.float64)
    return found
