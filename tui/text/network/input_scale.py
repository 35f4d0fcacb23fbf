"""The scale of a training's inputs: in what form they are written, and what the pixels of a picture lie between."""

from dataclasses import dataclass

import numpy as np

from ....core.training.trainer import Trainer
from ..numbers import short
from .figures import fitted

MOST_EXAMPLES = 200
"""Whose inputs are measured."""
MOST_COLUMNS = 5
EXTREME = 2
"""Percent of the pixels that may be darker, and lighter, than the ladder goes."""


@dataclass(frozen=True)
class InputScale:
    """How inputs are written and shaded."""

    columns: int = MOST_COLUMNS
    is_short: bool = False
    """Whether each is written as it is spoken of, as 7 and 0.05."""
    least: float = 0.0
    greatest: float = 1.0

    def text(self, number: float) -> str:
        """An input, in its columns."""
        if self.is_short and len(text := short(number)) <= self.columns:
            return text.rjust(self.columns)
        return fitted(number, self.columns, 2, sign=not self.is_short)


def input_scale(trainer: Trainer) -> InputScale:
    """The scale of the inputs of a training."""
    data = trainer.train
    X = data.X[:MOST_EXAMPLES]
    texts = {short(x) for x in np.unique(X[:, :64])[: MOST_EXAMPLES * 4].tolist()}
    longest = max(map(len, texts))
    with np.errstate(all="ignore"):
        least, greatest = np.nanpercentile(data.original(X), [EXTREME, 100 - EXTREME])
    is_short = longest <= MOST_COLUMNS
    return InputScale(longest if is_short else MOST_COLUMNS, is_short, float(least), float(greatest))
