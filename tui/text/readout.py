"""Reading: the values of a chart's curves at one of its steps."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter

from ...core.metrics.series import Point, downsample
from .chart import SERIES_OF, ChartKind, ChartLine, Curves
from .numbers import count, plain


def chart_steps(curves: Curves, kind: ChartKind, most: int) -> list[int]:
    """The steps at which a chart has points, in their order: of each curve at most so many."""
    return sorted({step for each in _series(curves, kind) for step, _ in downsample(each.points, most)})


def neighbour(steps: Sequence[int], step: int | None, by: int) -> int | None:
    """The step so many places further on; the last one where there is none to go on from."""
    if not steps or step is None:
        return steps[-1] if steps else None
    return steps[min(max(bisect_left(steps, step) + by, 0), len(steps) - 1)]


def nearest(steps: Sequence[int], column: int, columns: range) -> int | None:
    """The step that stands nearest to a column of a chart whose curves lie in these; None beside them."""
    if not steps or column not in columns:
        return None
    wanted = steps[0] + (steps[-1] - steps[0]) * (column - columns.start) / max(len(columns) - 1, 1)
    return min(steps, key=lambda step: abs(step - wanted))


def readout(curves: Curves, kind: ChartKind, step: int, decimals: int) -> str:
    """The step, and what each curve has come to by then."""
    values = [(each.full_name, _at(each.points, step)) for each in _series(curves, kind)]
    told = [f"{label} {plain(value, decimals)}" for label, value in values if value is not None]
    return "  ".join([f"step {count(step)}", *told])


def _series(curves: Curves, kind: ChartKind) -> list[ChartLine]:
    return list(SERIES_OF[kind](curves)) if kind in SERIES_OF else []


def _at(points: Sequence[Point], step: int) -> float | None:
    """The last value up to a step."""
    found = bisect_right(points, step, key=itemgetter(0))
    return points[found - 1][1] if found else None
