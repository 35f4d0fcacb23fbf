"""Batches: which examples each update learns from."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

Rows = slice | npt.NDArray[np.int64]

ALL = slice(None)


@dataclass(frozen=True)
class Batches:
    """The examples of a data set, cut into batches anew for each epoch."""

    examples: int
    size: int
    shuffle: bool = False
    seed: int = 0

    @cached_property
    def per_epoch(self) -> int:
        """Updates in an epoch; the last batch of one may be smaller."""
        return -(-self.examples // self.size)

    def examples_of(self, epoch: int, position: int) -> npt.NDArray[np.int64]:
        """The numbers, from 0, of the examples that are a batch's rows."""
        return np.arange(self.examples)[self.rows(epoch, position)]

    def rows(self, epoch: int, position: int) -> Rows:
        """The rows of the batch at this position in this epoch.

        A batch of all examples keeps their order: shuffling would change nothing but the last bits.
        """
        if self.per_epoch == 1:
            return ALL
        part = slice(position * self.size, (position + 1) * self.size)
        if not self.shuffle:
            return part
        return shuffled(self.examples, self.seed, epoch)[part]


@lru_cache(maxsize=4)
def shuffled(examples: int, seed: int, epoch: int) -> npt.NDArray[np.int64]:
    """The order of an epoch: it follows from the seed and the epoch's number, so that no past is needed to know it."""
    order = np.random.default_rng([seed, epoch]).permutation(examples)
    order.setflags(write=False)
    return order
