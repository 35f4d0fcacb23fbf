"""From a timeline's plain values to what a file says, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec
import numpy as np

from ...core.model.arrays import Array, published
from ...core.model.layout import Layout
from ...core.running.points import Point, Points, thinned
from ...core.running.saved import Saved, SavedBranch, SavedSegment
from ...core.running.seen import Seen
from ...core.running.timeline import Place
from ...core.training.changes import Change
from ...core.training.state import State
from ..build import network_of
from ..schema import Preset
from .schema import (
    MOST_CURVES,
    MOST_LAYERS,
    MOST_LOSSES_BYTES,
    MOST_POINTS,
    ArrayTable,
    BranchTable,
    ChangeTable,
    LossesTable,
    SeenTable,
    SegmentTable,
    SessionTable,
    StateTable,
)

LossesTables = Annotated[list[LossesTable], msgspec.Meta(max_length=MOST_CURVES)]
MOST_LOSSES, MOST_SEEN = 40_000, 10_000
"""Points of all branches together: each takes up to 20 bytes of a file."""
MOST_SEEN_EACH, LEAST_SEEN_EACH = 1_000, 10
"""Points of a curve of what is no loss; where there is room for fewer, there are none."""


@dataclass(frozen=True)
class Losses:
    """The losses of a branch that a chart shows, and what it shows besides."""

    train: Points = field(default_factory=Points)
    test: Points = field(default_factory=Points)
    seen: Seen = Seen()


def saved_tables(saved: Saved) -> dict[str, Any]:
    """The keys of a session that say its timeline."""
    return {
        "segments": [_segment_table(each) for each in saved.segments],
        "branches": [
            BranchTable(number=each.number, last=each.last, newest=each.newest, told=each.told)
            for each in saved.branches
        ],
        "branch": saved.branch,
        "place": tuple(saved.place),
    }


def saved_of(table: SessionTable, preset: Preset) -> Saved:
    """The timeline that a session of a preset says.

    Raises:
        ValueError: an array has another size than its shape says.
    """
    layout = network_of(preset).layout
    return Saved(
        segments=tuple(_segment(each, layout) for each in table.segments),
        branches=tuple(SavedBranch(each.number, each.last, each.newest, each.told) for each in table.branches),
        branch=table.branch,
        place=Place(*table.place),
    )


def change_table(step: int, change: Change) -> ChangeTable:
    """A change as a file says it."""
    return ChangeTable(step=step, what=change.what, value=change.value)


def losses_raw(losses: Mapping[int, Losses]) -> msgspec.Raw:
    """The losses of each branch as a file says them, thinned so that all have room."""
    newest = list(losses.items())[-MOST_CURVES:]
    most = min(MOST_POINTS, MOST_LOSSES // max(2 * len(newest), 1))
    most_seen = min(MOST_SEEN_EACH, MOST_SEEN // max(sum(_curves(each.seen) for _, each in newest), 1))
    return msgspec.Raw(
        msgspec.msgpack.encode(
            [
                LossesTable(
                    branch=branch,
                    train=list(each.train.thinned(most)),
                    test=list(each.test.thinned(most)),
                    seen=_seen_table(each.seen, most_seen),
                )
                for branch, each in newest
            ]
        )
    )


def losses_of(data: bytes) -> dict[int, Losses]:
    """The losses of each branch, by its number.

    Raises:
        ValueError: the bytes are too many, or say something else.
    """
    if len(data) > MOST_LOSSES_BYTES:
        raise ValueError(f"losses: expected at most {MOST_LOSSES_BYTES:,} bytes, got {len(data):,}")
    return {
        each.branch: Losses(Points(each.train), Points(each.test), _seen(each.seen))
        for each in msgspec.msgpack.decode(data, type=LossesTables)
    }


def _curves(seen: Seen) -> int:
    return 2 + len(seen.gradients[:MOST_LAYERS]) + len(seen.ratios[:MOST_LAYERS])


def _seen_table(seen: Seen, most: int) -> SeenTable:
    def kept(points: Sequence[Point]) -> list[Point]:
        return list(thinned(points, most)) if most >= LEAST_SEEN_EACH else []

    return SeenTable(
        gradients=[kept(each) for each in seen.gradients[:MOST_LAYERS]],
        ratios=[kept(each) for each in seen.ratios[:MOST_LAYERS]],
        train_accuracy=kept(seen.train_accuracy),
        test_accuracy=kept(seen.test_accuracy),
    )


def _seen(table: SeenTable) -> Seen:
    return Seen(table.gradients, table.ratios, table.train_accuracy, table.test_accuracy).each(Points)


def _segment_table(segment: SavedSegment) -> SegmentTable:
    return SegmentTable(
        parent=segment.parent,
        change=change_table(segment.step, segment.change) if segment.change else None,
        states=[_state_table(state) for state in segment.states],
    )


def _segment(table: SegmentTable, layout: Layout) -> SavedSegment:
    states = tuple(_state(each, layout) for each in table.states)
    if table.change is None:
        return SavedSegment(states, table.parent)
    return SavedSegment(states, table.parent, Change(table.change.what, table.change.value), table.change.step)


def _state_table(state: State) -> StateTable:
    return StateTable(
        step=state.step,
        epoch=state.epoch,
        position=state.position,
        parameters=_array_table(state.parameters),
        slots=[_array_table(slot) for slot in state.slots],
    )


def _state(table: StateTable, layout: Layout) -> State:
    slots = tuple(_array(slot) for slot in table.slots)
    return State(table.step, table.epoch, table.position, _array(table.parameters), slots, layout)


def _array_table(array: Array) -> ArrayTable:
    little = array.dtype.newbyteorder("<")
    return ArrayTable(
        dtype="<f4" if little.itemsize == 4 else "<f8", shape=list(array.shape), data=array.astype(little).tobytes()
    )


def _array(table: ArrayTable) -> Array:
    dtype = np.dtype(table.dtype)
    flat = np.frombuffer(table.data, dtype) if len(table.data) % dtype.itemsize == 0 else np.empty(0, dtype)
    if len(flat) * dtype.itemsize != len(table.data):
        raise ValueError(f"an array: expected a multiple of {dtype.itemsize} bytes, got {len(table.data)}")
    return published(flat.reshape(table.shape).astype(dtype.newbyteorder("="), copy=False))
