"""The curve of an activation in a neuron's frame, and where the neuron is on it."""

from itertools import pairwise
from math import isfinite

import numpy as np

from ....core.functions.activation import Activation, VectorActivation
from .braille import ACROSS, BITS, BLANK, DOWN, Place, Styles

LEAST_REACH = 4.0
"""How far the curve goes to both sides of z = 0, at least."""
BESIDE = 1.25
"""How much farther than its z it goes."""


def has_curve(activation: Activation) -> bool:
    """Whether each a follows from its own z alone, so that there is a curve."""
    return not isinstance(activation, VectorActivation)


def activation_curve(
    activation: Activation, z: float, width: int, rows: int, *, ascii: bool
) -> dict[Place, tuple[str, Styles]]:
    """The cells of a curve in this many columns and rows, with a mark at z; nothing if z is not known."""
    if not isfinite(z):
        return {}
    reach = max(LEAST_REACH, BESIDE * abs(z))
    across, down = width * ACROSS, rows * DOWN
    points = np.append(np.linspace(-reach, reach, across), z)
    a = activation(points[:, np.newaxis])[:, 0]
    if not np.isfinite(a).all():
        return {}
    least, greatest = activation.range or (float(a.min()), float(a.max()))
    share = (greatest - a) / (greatest - least or 1.0)
    heights: list[int] = np.rint(np.clip(share, 0, 1) * (down - 1)).astype(int).tolist()
    cells: dict[Place, int] = {}
    for x, (before, here) in enumerate(pairwise([heights[0], *heights[:-1]])):
        # A steep curve has no holes: each column of dots begins beside the end of the previous one.
        for y in range(min(before + (here > before), here), max(before - (here < before), here) + 1):
            place = (y // DOWN, x // ACROSS)
            cells[place] = cells.get(place, 0) | BITS[y % DOWN][x % ACROSS]
    drawn: dict[Place, tuple[str, Styles]] = {
        place: ("." if ascii else chr(BLANK + bits), ("faint",)) for place, bits in cells.items()
    }
    mark = (heights[-1] // DOWN, round((z + reach) / (2 * reach) * (across - 1)) // ACROSS)
    return {**drawn, mark: ("o" if ascii else "●", ("accent", "new"))}
