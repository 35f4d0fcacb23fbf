"""Numbers in a drawing: their text in a few columns, and the strength of a weight."""

from math import isfinite, nan

import numpy as np
from msgspec import Struct

from ....core.functions.arrays import Array
from ....core.training.trainer import Trainer
from ..numbers import MINUS, short

WEAK, STRONG = 0.25, 0.6
"""Shares of the largest weight of a gap: a line is dim below the first, and bright and thick from the second on."""
DENSE_WEAK, DENSE_STRONG = 0.4, 0.7
"""The same if there are many lines."""
MOST_EXAMPLES = 200
"""The most examples whose inputs are measured."""
MOST_COLUMNS = 5
EXTREME = 2
"""Percent of the pixels that may be darker, and lighter, than the ladder's ends."""


def fitted(number: float, width: int, decimals: int, *, sign: bool) -> str:
    """A number in this many columns, with as many decimals as fit; a very large number as 1e9."""
    if not isfinite(number):
        return ("nan" if number != number else "inf" if number > 0 else f"{MINUS}inf").rjust(width)
    form = "+" if sign else ""
    for places in range(decimals, -1, -1):
        if len(text := f"{number:{form}.{places}f}") <= width:
            return text.replace("-", MINUS).rjust(width)
    return _typeset(f"{number:{form}.0e}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-"))[:width].rjust(
        width
    )


def gradient(number: float, width: int, decimals: int) -> str:
    """A gradient; one that would be written as 0 shows its order of magnitude, as +4e−5."""
    if number and isfinite(number) and abs(number) < 0.5 * 10.0**-decimals:
        return _typeset(f"{number:+.0e}".replace("e-0", "e-"))[:width].rjust(width)
    return fitted(number, width, decimals, sign=True)


def strength_level(share: float, *, dense: bool) -> int:
    """The brightness of a line, from 1 to 3, by its share of the largest weight of its gap."""
    weak, strong = (DENSE_WEAK, DENSE_STRONG) if dense else (WEAK, STRONG)
    return 1 if share < weak else 2 if share < strong else 3


def sign_style(number: float, level: int) -> str:
    """The style of a number or of its line."""
    return f"plus-{level}" if number > 0 else f"minus-{level}" if number < 0 else "faint"


def _typeset(text: str) -> str:
    return text.replace("-", MINUS)


class InputScale(Struct, frozen=True):
    """The text and the shade of inputs."""

    columns: int = MOST_COLUMNS
    is_short: bool = False
    """Whether each is written in short form, as 7 and 0.05."""
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
    # np.unique and np.percentile import masked arrays, which would delay the first paint.
    texts = {short(x) for x in sorted(set(X[:, :64].ravel().tolist()))[: MOST_EXAMPLES * 4]}
    longest = max(map(len, texts))
    with np.errstate(all="ignore"):
        numbers = np.sort(data.original(X), axis=None)
    numbers = numbers[: np.count_nonzero(numbers == numbers)]  # nan comes last
    is_short = longest <= MOST_COLUMNS
    least, greatest = (_percentile(numbers, each) for each in (EXTREME, 100 - EXTREME))
    return InputScale(longest if is_short else MOST_COLUMNS, is_short, least, greatest)


def _percentile(ordered: Array, percent: float) -> float:
    """A percentile of sorted numbers, by linear interpolation."""
    place = percent / 100 * (len(ordered) - 1)
    return float(np.interp(place, np.arange(len(ordered)), ordered)) if len(ordered) else nan
