"""Short lines: a preset that comes with nn-tui by its name and a checksum, what was edited, and the step.

A line with the preset itself has a thousand characters and more; this one has less than a hundred. It opens only where
nn-tui has the same preset, which the checksum shows.
"""

from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from ..examples import with_inline_data
from ..preset_file import read_preset
from ..schema import Preset
from ..user import builtin_folder, builtin_names
from .session_tables import ChangeTable, Table, Whole, Word

SHORT = "nn3:"
"""The beginning of such a line."""
CHECKSUM = 8
"""Bytes of a SHA-256 of the preset."""


class ShortTable(Table, frozen=True, array_like=True):
    """A place in a training of a preset that comes with nn-tui."""

    name: Word
    checksum: Annotated[bytes, Meta(min_length=CHECKSUM, max_length=CHECKSUM)]
    changes: Annotated[list[ChangeTable], Meta(max_length=1000)]
    step: Whole
    arithmetic: Word


def shipped(name: str) -> Preset:
    """The preset of a name that comes with nn-tui, with its data.

    Raises:
        ValueError: there is none with that name.
    """
    if name not in builtin_names():
        raise ValueError(f"expected a preset that comes with nn-tui, got {name[:40]!r}")
    return with_inline_data(read_preset(builtin_folder() / f"{name}.toml"), builtin_folder())


def is_shipped(preset: Preset) -> bool:
    """Whether a preset with its data is one that comes with nn-tui, with nothing changed."""
    return preset.name in builtin_names() and preset_checksum(preset) == preset_checksum(shipped(preset.name))


def preset_checksum(preset: Preset) -> bytes:
    """The bytes that a checksum covers: they differ if a preset computes other numbers, not if its words differ."""
    data = replace(preset.data, file=preset.data.file and Path(preset.data.file).name)
    bare = replace(preset, title="", summary="", source="", published=[], data=data)
    return sha256(msgspec.msgpack.encode(bare)).digest()[:CHECKSUM]


def shipped_as_shared(table: ShortTable) -> Preset:
    """The preset that a short line names.

    Raises:
        ValueError: there is none, or it is another one than where the line was written.
    """
    preset = shipped(table.name)
    if preset_checksum(preset) != table.checksum:
        raise ValueError(
            f"written by an nn-tui with another {table.name}: share without --short writes the whole preset"
        )
    return preset
