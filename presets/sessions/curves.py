"""From the curves of a chart to what a file says, and back."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ...core.metrics.history import History, Metrics
from ...core.metrics.series import Point, Series, downsample
from .session_tables import FARTHEST_TOLD, MOST_CURVES, MOST_LAYERS, MOST_POINTS, LossesTable, PointsTable, SeenTable

MOST_LOSSES, MOST_SEEN = 40_000, 10_000
"""Points of all branches together: each takes 16 bytes of a file."""
MOST_SEEN_EACH, LEAST_SEEN_EACH = 1_000, 10
"""Points of a curve of what is no loss; where there is room for fewer, there are none."""
STEP, VALUE = np.dtype("<i8"), np.dtype("<f8")


def losses_tables(histories: Mapping[int, History]) -> list[LossesTable]:
    """The history of each branch as a file says it, downsampled so that all have room."""
    newest = list(histories.items())[-MOST_CURVES:]
    most = min(MOST_POINTS, MOST_LOSSES // max(2 * len(newest), 1))
    most_seen = min(MOST_SEEN_EACH, MOST_SEEN // max(sum(_curves(each.metrics) for _, each in newest), 1))
    return [
        LossesTable(
            branch=branch,
            train=_points_table(each.train, most),
            test=_points_table(each.test, most),
            seen=_seen_table(each.metrics, most_seen),
        )
        for branch, each in newest
    ]


def histories_of(tables: Iterable[LossesTable]) -> dict[int, History]:
    """The history of each branch, by its number.

    Raises:
        ValueError: the bytes are no points.
    """
    return {each.branch: History.of(_points(each.train), _points(each.test), _seen(each.seen)) for each in tables}


def _curves(seen: Metrics) -> int:
    return 2 + len(seen.gradients[:MOST_LAYERS]) + len(seen.ratios[:MOST_LAYERS])


def _seen_table(seen: Metrics, most: int) -> SeenTable:
    def kept(points: Sequence[Point]) -> PointsTable:
        return _points_table(points if most >= LEAST_SEEN_EACH else (), most)

    return SeenTable(
        gradients=[kept(each) for each in seen.gradients[:MOST_LAYERS]],
        ratios=[kept(each) for each in seen.ratios[:MOST_LAYERS]],
        train_accuracy=kept(seen.batch_accuracy),
        test_accuracy=kept(seen.test_accuracy),
    )


def _seen(table: SeenTable) -> Metrics:
    return Metrics(
        [_points(each) for each in table.gradients],
        [_points(each) for each in table.ratios],
        _points(table.train_accuracy),
        _points(table.test_accuracy),
    )


def _points_table(points: Sequence[Point], most: int) -> PointsTable:
    kept = downsample(points, most)
    return PointsTable(
        steps=np.array(kept.steps, STEP).tobytes(),
        values=np.array(kept.values, VALUE).tobytes(),
    )


def _points(table: PointsTable) -> Series:
    if len(table.steps) != len(table.values) or len(table.steps) % STEP.itemsize:
        raise ValueError(
            f"a curve: expected as many bytes of steps as of values, a multiple of {STEP.itemsize}, "
            f"got {len(table.steps)} and {len(table.values)}"
        )
    steps, values = np.frombuffer(table.steps, STEP), np.frombuffer(table.values, VALUE)
    if len(steps) and not 0 <= steps.min() <= steps.max() < FARTHEST_TOLD:
        raise ValueError(f"a curve: expected steps from 0 to {FARTHEST_TOLD:,}, got {steps.min():,} to {steps.max():,}")
    return Series.of(steps, values)
