"""The schema of session files and shared lines, and their compression."""

import re
import zlib
from math import inf
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

from ...core.engine.arithmetic import BLAS
from ..schema import Preset

MOST_POINTS = 20_000
"""Of a curve of losses."""
MOST_LAYERS = 50
"""Of which gradients and changes are kept: the first."""
MOST_CURVES = 100
"""Branches whose losses are kept: the newest."""
MOST_PRESET_BYTES = 5 * 2**19
"""Of a preset in a session, for every number of its lists takes many times the room that it has there."""
MOST_SEGMENTS = 1000
"""Of a timeline, for each branch knows all that it consists of."""

FARTHEST_TOLD = 2**53
"""What every whole number is less than."""

Whole: TypeAlias = Annotated[int, Meta(ge=0, lt=FARTHEST_TOLD)]
Word: TypeAlias = Annotated[str, Meta(max_length=1000)]


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all tables: strict, without unknown keys."""


class ChangeTable(Table, frozen=True):
    """An edit, and its step."""

    step: Whole
    what: Word
    value: float | int | Word


class ArrayTable(Table, frozen=True):
    """An array, as the bytes of its numbers, row by row, the lowest byte of each first."""

    dtype: Literal["<f8", "<f4"]
    shape: Annotated[list[Whole], Meta(max_length=2)]
    data: bytes


class StateTable(Table, frozen=True, omit_defaults=True):
    """A state of the training."""

    step: Whole
    epoch: Whole
    position: Whole
    parameters: ArrayTable
    slots: Annotated[list[ArrayTable], Meta(max_length=8)]
    best_loss: float = inf
    epochs_since: Whole = 0


class SegmentTable(Table, frozen=True):
    """A stretch of a branch."""

    parent: Whole | None
    change: ChangeTable | None
    states: Annotated[list[StateTable], Meta(max_length=10_000)]


class BranchTable(Table, frozen=True):
    """A branch, by its last segment."""

    number: Annotated[int, Meta(ge=1, lt=2**53)]
    last: Whole
    newest: Whole
    told: Annotated[int, Meta(ge=-1, lt=2**53)] = -1
    """Of files of the first edition; nothing reads it."""


Column: TypeAlias = Annotated[bytes, Meta(max_length=8 * MOST_POINTS)]


class PointsTable(Table, frozen=True):
    """A curve, as the bytes of its steps (int64) and of their values (float64), the lowest byte of each first."""

    steps: Column
    values: Column


Layers: TypeAlias = Annotated[list[PointsTable], Meta(max_length=MOST_LAYERS)]


class SeenTable(Table, frozen=True):
    """Other curves of a branch, by step."""

    gradients: Layers
    ratios: Layers
    train_accuracy: PointsTable
    test_accuracy: PointsTable


class LossesTable(Table, frozen=True):
    """What a chart shows of a branch, the losses by step."""

    branch: Whole
    train: PointsTable
    test: PointsTable
    seen: SeenTable


Branches: TypeAlias = Annotated[list[BranchTable], Meta(min_length=1, max_length=MOST_SEGMENTS)]


class SummaryTable(Struct, frozen=True, kw_only=True):
    """The part of a session that can be read by itself."""

    preset: Raw
    branches: Branches
    branch: Whole
    place: tuple[Whole, Whole]


class SessionTable(Table, frozen=True, omit_defaults=True):
    """A session."""

    preset: Raw
    """A Preset, decoded only after its size is checked."""
    segments: Annotated[list[SegmentTable], Meta(min_length=1, max_length=MOST_SEGMENTS)]
    branches: Branches
    branch: Whole
    place: tuple[Whole, Whole]
    """The segment of that branch, from 0, and the step."""
    losses: Annotated[list[LossesTable], Meta(max_length=MOST_CURVES)]
    view: Annotated[dict[Word, Word], Meta(max_length=100)]
    arithmetic: Word = BLAS.name
    """Files of before there were two say none."""
    memory: Annotated[list[ArrayTable], Meta(max_length=8)] = []
    """The optimizer's slots at the start; empty if it begins without any."""


class SharedTable(Table, frozen=True):
    """A place in a training, and the way there."""

    preset: Preset
    changes: Annotated[list[ChangeTable], Meta(max_length=1000)]
    step: Whole
    arithmetic: Word = BLAS.name
    """Lines of before there were two say none."""


PLACE = re.compile(r"`\$\.?([^`]*)`$")
"""The place of a fault in the content, from msgspec's message."""
Decoded = TypeVar("Decoded")


def decode_table(data: bytes, kind: type[Decoded]) -> Decoded:
    """The decoded content.

    Raises:
        ValueError: nn-tui never writes such content.
    """
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        found = PLACE.search(str(error))
        place = f"{found[1]}: " if found and found[1] else ""
        raise ValueError(f"{place}not written by nn-tui, or changed since") from None


def compress(data: bytes) -> bytes:
    """The bytes, compressed."""
    return zlib.compress(data, 6)


def decompress(data: bytes, most: int) -> bytes:
    """The bytes that were packed.

    Args:
        data: what was packed.
        most: the most bytes that it may unpack to; no more than one beyond is ever made.

    Raises:
        ValueError: it would unpack to more, or it was never packed.
    """
    stream = zlib.decompressobj()
    try:
        found = stream.decompress(data, most + 1)
    except zlib.error:
        raise ValueError("it cannot be unpacked") from None
    if len(found) > most:
        raise ValueError(f"expected at most {most:,} bytes of content")
    if not stream.eof or stream.unused_data:
        raise ValueError("it cannot be unpacked")
    return found
