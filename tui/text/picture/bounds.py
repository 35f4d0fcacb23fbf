"""What the inputs of a picture lie between, and which part of it a value is in."""

from typing import NamedTuple

import numpy as np

from ....core.functions.arrays import Array
from ....core.training.trainer import Trainer

MARGIN = 0.1
"""Room on each side, as a share of the extent."""


LIMIT = 1e299
"""Greater numbers are drawn where this one is, as a chart cannot hold them and their distance may not be finite."""


class Bounds(NamedTuple):
    """What one input lies between."""

    least: float
    greatest: float

    @property
    def size(self) -> float:
        """The distance between the two."""
        return self.greatest - self.least

    def middles(self, pixels: int) -> Array:
        """The middle of each of this many equal parts."""
        return self.least + (np.arange(pixels) + 0.5) * (self.size / pixels)

    def places(self, values: Array, parts: int) -> list[int]:
        """Which of this many equal parts each value lies in; -1 where it is in none."""
        with np.errstate(all="ignore"):
            share = (_drawn(values) - self.least) / self.size
        inside = (share >= 0) & (share <= 1)
        within = np.minimum(np.where(inside, share, 0) * parts, parts - 1)
        places: list[int] = np.where(inside, within, -1).astype(int).tolist()
        return places


def bounds(trainer: Trainer, number: int) -> Bounds:
    """Of one input, over all examples, held-out ones included."""
    columns = [data.X[:, number] for data in (trainer.train, trainer.test) if data]
    return around(np.concatenate(columns))


def around(values: Array) -> Bounds:
    """What these values lie between, with some room."""
    values = _drawn(values)
    least, greatest = float(values.min()), float(values.max())
    margin = MARGIN * (greatest - least) or max(abs(least), 1.0)
    return Bounds(least - margin, greatest + margin)


def _drawn(values: Array) -> Array:
    return np.clip(values.astype(np.float64), -LIMIT, LIMIT)
