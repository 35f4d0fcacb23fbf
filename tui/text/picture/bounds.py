"""The bounds of a picture's inputs, and the position of a value between them."""

from typing import NamedTuple

import numpy as np

from ....core.functions.arrays import Array
from ....core.training.trainer import Trainer

MARGIN = 0.1
"""The margin on each side, as a share of the extent."""


LIMIT = 1e299
"""The largest number that is drawn; a chart cannot hold larger ones, and their distance may be infinite."""


class Bounds(NamedTuple):
    """The bounds of one input."""

    least: float
    greatest: float

    @property
    def size(self) -> float:
        """The distance between the two bounds."""
        return self.greatest - self.least

    def middles(self, pixels: int) -> Array:
        """The middle of each of this many equal parts."""
        return self.least + (np.arange(pixels) + 0.5) * (self.size / pixels)

    def places(self, values: Array, parts: int) -> list[int]:
        """The index of each value's part, out of this many equal parts; -1 for values outside."""
        with np.errstate(all="ignore"):
            share = (_drawn(values) - self.least) / self.size
        inside = (share >= 0) & (share <= 1)
        within = np.minimum(np.where(inside, share, 0) * parts, parts - 1)
        places: list[int] = np.where(inside, within, -1).astype(int).tolist()
        return places


def bounds(trainer: Trainer, number: int) -> Bounds:
    """The bounds of one input over all examples, including held-out ones."""
    columns = [data.X[:, number] for data in (trainer.train, trainer.test) if data]
    return around(np.concatenate(columns))


def around(values: Array) -> Bounds:
    """The bounds of these values, with a margin."""
    values = _drawn(values)
    least, greatest = float(values.min()), float(values.max())
    margin = MARGIN * (greatest - least) or max(abs(least), 1.0)
    return Bounds(least - margin, greatest + margin)


def _drawn(values: Array) -> Array:
    return np.clip(values.astype(np.float64), -LIMIT, LIMIT)
