"""Data: examples with their targets."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..functions.arrays import Array


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Dataset:
    """Inputs and targets, one example a row."""

    X: Array
    """(examples, n_in)."""
    y: Array
    """(examples, n_out)."""
    class_names: tuple[str, ...] = ()
    """What each output stands for, where the targets are one-hot; of a single output its two classes."""
    input_names: tuple[str, ...] = ()
    """What each input is, as the columns of its file are called; a name may be empty."""
    target_names: tuple[str, ...] = ()
    """What each target is, where every output has a column of its own."""

    scale: tuple[Array, Array] | None = None
    """The mean and the deviation of each input before it was standardized; None where it was not."""

    rows: npt.NDArray[np.int64] | None = None
    """The row of each example in the data before some was held out, from 1; None where they count 1, 2, 3 …"""
    origin: str = ""
    """How the file was read that the examples are from, in one line; empty where there is nothing to say."""

    def rows_of(self, examples: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The row of each of these examples in the data, from 1; examples count from 0."""
        return examples + 1 if self.rows is None else self.rows[examples]

    @np.errstate(all="ignore")
    def original(self, X: Array) -> Array:
        """Inputs as they were before standardization."""
        if self.scale is None:
            return X
        mean, deviation = self.scale
        return X * deviation + mean

    def __len__(self) -> int:
        return len(self.X)
