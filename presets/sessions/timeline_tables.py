"""Converting a timeline's values and the curves of charts to tables of a file, and back."""

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any, cast

import numpy as np

from ...core.functions.arrays import Array, frozen
from ...core.metrics.history import History, Metrics
from ...core.metrics.series import Point, Series, downsample
from ...core.network.layout import Layout
from ...core.quantities.quantity import leaf_or_name
from ...core.steps.state import State
from ...core.timeline.dump import BranchDump, SegmentDump, TimelineDump
from ...core.timeline.timeline import Position
from ...core.training.changes import Change
from ..build import network_of
from ..schema import Preset
from .session_tables import (
    FARTHEST_TOLD,
    MOST_CURVES,
    MOST_LAYERS,
    MOST_POINTS,
    ArrayTable,
    BranchTable,
    ChangeTable,
    LossesTable,
    PointsTable,
    SeenTable,
    SegmentTable,
    SessionTable,
    StateTable,
)


def saved_tables(saved: TimelineDump) -> dict[str, Any]:
    """The keys of a session with its timeline."""
    return {
        "segments": [_segment_table(each) for each in saved.segments],
        "branches": [BranchTable(number=each.number, last=each.last, newest=each.newest) for each in saved.branches],
        "branch": saved.branch,
        "place": tuple(saved.position),
        "arithmetic": saved.arithmetic,
        "memory": [_array_table(each) for each in saved.memory],
    }


def saved_of(table: SessionTable, preset: Preset) -> TimelineDump:
    """The timeline in a session of a preset.

    Raises:
        ValueError: the size of an array does not fit its shape.
    """
    layout = network_of(preset).layout
    return TimelineDump(
        segments=tuple(_segment(each, layout) for each in table.segments),
        branches=tuple(BranchDump(each.number, each.last, each.newest) for each in table.branches),
        branch=table.branch,
        position=Position(*table.place),
        arithmetic=table.arithmetic,
        memory=tuple(map(_array, table.memory)),
    )


def change_table(step: int, change: Change) -> ChangeTable:
    """A change as a table of a file."""
    return ChangeTable(step=step, what=str(change.what), value=change.value)


def change_of(table: ChangeTable) -> Change:
    """The change in a table of a file; it is checked when it is made."""
    return Change(leaf_or_name(table.what), table.value)


def _segment_table(segment: SegmentDump) -> SegmentTable:
    return SegmentTable(
        parent=segment.parent,
        change=change_table(segment.step, segment.change) if segment.change else None,
        states=[_state_table(state) for state in segment.states],
    )


def _segment(table: SegmentTable, layout: Layout) -> SegmentDump:
    states = tuple(_state(each, layout) for each in table.states)
    if table.change is None:
        return SegmentDump(states, table.parent)
    return SegmentDump(states, table.parent, change_of(table.change), table.change.step)


def _state_table(state: State) -> StateTable:
    return StateTable(
        step=state.step,
        epoch=state.epoch,
        position=state.position,
        parameters=_array_table(state.parameters),
        slots=[_array_table(slot) for slot in state.slots],
        best_loss=state.best_loss,
        epochs_since=state.epochs_since,
    )


def _state(table: StateTable, layout: Layout) -> State:
    slots = tuple(_array(slot) for slot in table.slots)
    watched = table.best_loss, table.epochs_since
    return State(table.step, table.epoch, table.position, _array(table.parameters), slots, layout, *watched)


def _array_table(array: Array) -> ArrayTable:
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return ArrayTable(
        dtype="<f4" if little.itemsize == 4 else "<f8",
        shape=list(array.shape),
        # What is written may be any buffer: thousands of states would else be in memory twice.
        data=cast("bytes", little.data),
    )


def _array(table: ArrayTable) -> Array:
    dtype = np.dtype(table.dtype)
    if len(table.data) != dtype.itemsize * prod(table.shape):
        raise ValueError(f"an array: expected {dtype.itemsize * prod(table.shape)} bytes, got {len(table.data)}")
    return frozen(np.frombuffer(table.data, dtype).reshape(table.shape).astype(dtype.newbyteorder("="), copy=False))


MOST_LOSSES, MOST_SEEN = 40_000, 10_000
"""Points of all branches together: each takes 16 bytes of a file."""
MOST_SEEN_EACH, LEAST_SEEN_EACH = 1_000, 10
"""Points of a curve of what is no loss; where there is room for fewer, there are none."""
STEP, VALUE = np.dtype("<i8"), np.dtype("<f8")


def losses_tables(histories: Mapping[int, History]) -> list[LossesTable]:
    """The history of each branch as tables of a file, downsampled to fit."""
    newest = list(histories.items())[-MOST_CURVES:]
    most = min(MOST_POINTS, MOST_LOSSES // max(2 * len(newest), 1))
    most_seen = min(MOST_SEEN_EACH, MOST_SEEN // max(sum(_curves(each.metrics) for _, each in newest), 1))
    return [
        LossesTable(
            branch=branch,
            train=_points_table(each.batch_loss, most),
            test=_points_table(each.test_loss, most),
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
