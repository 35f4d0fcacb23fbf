"""A sparkline: a series in one line of blocks."""

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...core.metrics.series import Point


BLOCKS = "▁▂▃▄▅▆▇█"
FAR = 0.5
"""If the least number is above this share of the greatest, blocks begin at the least: else they would look alike."""


def sparkline(points: "Sequence[Point]", columns: int) -> str:
    """At most this many blocks, from the first step to the last one; empty for fewer than two points.

    The highest block is the greatest number; the lowest is 0, or the least number if that is negative or far above 0.
    """
    if min(len(points), columns) < 2:
        return ""
    taken = min(columns, len(points))
    values = [points[(len(points) - 1) * n // (taken - 1)][1] for n in range(taken)]
    known = [value for value in values if isfinite(value)]
    least, most = min(known, default=0.0), max(known, default=0.0)
    least = least if least > FAR * most else min(0.0, least)
    span = (most - least) or 1.0
    return "".join(
        BLOCKS[min(int((value - least) / span * len(BLOCKS)), len(BLOCKS) - 1)] if isfinite(value) else " "
        for value in values
    )
