"""From a timeline's plain values to what a file says, and back."""

from typing import Any, cast

import numpy as np

from ...core.debugger.dump import BranchDump, SegmentDump, TimelineDump
from ...core.debugger.timeline import Position
from ...core.functions.arrays import Array, frozen
from ...core.network.layout import Layout
from ...core.quantities.quantity import leaf_or_name
from ...core.training.changes import Change
from ...core.training.state import State
from ..build import network_of
from ..schema import Preset
from .session_tables import ArrayTable, BranchTable, ChangeTable, SegmentTable, SessionTable, StateTable


def saved_tables(saved: TimelineDump) -> dict[str, Any]:
    """The keys of a session that say its timeline."""
    return {
        "segments": [_segment_table(each) for each in saved.segments],
        "branches": [BranchTable(number=each.number, last=each.last, newest=each.newest) for each in saved.branches],
        "branch": saved.branch,
        "place": tuple(saved.position),
    }


def saved_of(table: SessionTable, preset: Preset) -> TimelineDump:
    """The timeline that a session of a preset says.

    Raises:
        ValueError: an array has another size than its shape says.
    """
    layout = network_of(preset).layout
    return TimelineDump(
        segments=tuple(_segment(each, layout) for each in table.segments),
        branches=tuple(BranchDump(each.number, each.last, each.newest) for each in table.branches),
        branch=table.branch,
        position=Position(*table.place),
    )


def change_table(step: int, change: Change) -> ChangeTable:
    """A change as a file says it."""
    return ChangeTable(step=step, what=str(change.what), value=change.value)


def change_of(table: ChangeTable) -> Change:
    """The change that a file says; whether it can be made is seen when it is."""
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
    )


def _state(table: StateTable, layout: Layout) -> State:
    slots = tuple(_array(slot) for slot in table.slots)
    return State(table.step, table.epoch, table.position, _array(table.parameters), slots, layout)


def _array_table(array: Array) -> ArrayTable:
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return ArrayTable(
        dtype="<f4" if little.itemsize == 4 else "<f8",
        shape=list(array.shape),
        # What is written may be any buffer: thousands of states would else stand twice in memory.
        data=cast("bytes", little.data),
    )


def _array(table: ArrayTable) -> Array:
    dtype = np.dtype(table.dtype)
    flat = np.frombuffer(table.data, dtype) if len(table.data) % dtype.itemsize == 0 else np.empty(0, dtype)
    if len(flat) * dtype.itemsize != len(table.data):
        raise ValueError(f"an array: expected a multiple of {dtype.itemsize} bytes, got {len(table.data)}")
    return frozen(flat.reshape(table.shape).astype(dtype.newbyteorder("="), copy=False))
