"""The curve of an activation in a neuron's frame, with the neuron's point on it."""

from itertools import pairwise
from math import isfinite

import numpy as np

from ....core.functions.activation import Activation, VectorActivation
from .braille import ACROSS, BITS, BLANK, DOWN, Place, Styles

LEAST_REACH = 4.0
"""The least distance that the curve covers on both sides of z = 0."""
BESIDE = 1.25
"""The least distance that it covers beyond z."""


def has_curve(activation: Activation) -> bool:
    """Whether each a depends only on its own z, so that there is a curve."""
    return not isinstance(activation, VectorActivation)


def activation_curve(
    activation: Activation, z: float, width: int, rows: int, *, ascii: bool
) -> dict[Place, tuple[str, Styles]]:
    """The cells of a curve in this many columns and rows, with a mark at z; empty if z is not known."""
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
        # Each column of dots begins at the end of the previous one, so that a steep curve has no holes.
        for y in range(min(before + (here > before), here), max(before - (here < before), here) + 1):
            place = (y // DOWN, x // ACROSS)
            cells[place] = cells.get(place, 0) | BITS[y % DOWN][x % ACROSS]
    drawn: dict[Place, tuple[str, Styles]] = {
        place: ("." if ascii else chr(BLANK + bits), ("faint",)) for place, bits in cells.items()
    }
    mark = (heights[-1] // DOWN, round((z + reach) / (2 * reach) * (across - 1)) // ACROSS)
    return {**drawn, mark: ("o" if ascii else "●", ("accent", "new"))}
