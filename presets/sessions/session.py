"""A session: a training with all its branches and its view, as one file."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from struct import Struct

import msgspec

from ...core.metrics.history import History
from ...core.steps.state import State
from ...core.timeline.dump import MOST_COPIED, TimelineDump
from ...core.timeline.timeline import size_of
from .. import atomic_write
from ..data_reference import is_plain, refers, without_folder
from ..errors import SessionError
from ..paths import check_is_file, check_is_no_device, read_fault
from ..preset_file import check_preset
from ..schema import Preset
from . import first_edition
from .session_tables import (
    MOST_PRESET_BYTES,
    MOST_SEGMENTS,
    SessionTable,
    SummaryTable,
    compress,
    decode_table,
    decompress,
)
from .timeline_tables import histories_of, losses_tables, saved_of, saved_tables

MAGIC = b"nn-tui session\r\n"
"""The magic bytes; a file that was transferred as text does not begin with them."""
VERSION = 2
FIRST_EDITION = 1
"""The version of files in which gelu is the approximation by tanh."""
MOST_BYTES = 16 * 2**20
"""Of a file, and of what is packed in it."""
FEW = 3
"""States that a session has at least: the newest, the previous, and one far back."""
HEADER = Struct(f"<{len(MAGIC)}sIQ32s")
"""The magic, the version, the length of the content, and the SHA-256 of these and the content."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Session:
    """The content of a session."""

    preset: Preset
    """The complete preset; it names a file only if its examples are too many, with its checksum."""
    timeline: TimelineDump
    histories: Mapping[int, History] = field(default_factory=dict)
    """By branch."""
    view: Mapping[str, str] = field(default_factory=dict)
    """The view: names of panels and the like."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SessionSummary:
    """The summary of a session for lists."""

    preset: Preset
    step: int
    branch: int
    branches: int
    """How many there are."""


def write_session(path: Path, session: Session, *, is_private: bool = False) -> None:
    """Write a session to a file, over any that is there; nobody else can read a private one.

    Raises:
        SessionError: it cannot be written; an old file is unchanged.
    """
    atomic_write.atomic_write(path, encode_session(session, str(path)), is_private=is_private)


def read_session(path: Path) -> Session:
    """The session in a file.

    Raises:
        SessionError: the file cannot be read, or is no session.
    """
    return decode_session(_bytes_of(path), str(path))


def session_summary(path: Path) -> SessionSummary:
    """A summary of the session in a file, whose states and curves are not read: they are most of it.

    Raises:
        SessionError: the file cannot be read, or is no session.
    """
    data = _bytes_of(path, check_is_file)
    with _faults_of(str(path)):
        table = decode_table(_plain_of(data), SummaryTable)
        return SessionSummary(
            preset=_preset(bytes(table.preset), data),
            step=table.place[1],
            branch=table.branch,
            branches=len(table.branches),
        )


def is_session(path: Path) -> bool:
    """Whether a file begins as a session does."""
    try:
        check_is_no_device(path)
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except (OSError, ValueError):
        return False


def check_session_size(preset: Preset, start: State, name: str) -> None:
    """Check that a training can be saved, before the work begins.

    Raises:
        SessionError: the preset, or a few of the states, are more than a session may hold.
    """
    _preset_bytes(preset, name)
    if (size := FEW * size_of(start)) > MOST_BYTES:
        raise SessionError(name, f"too large to save: expected at most {MOST_BYTES:,} bytes, got {size:,}")


def encode_session(session: Session, name: str) -> bytes:
    """A session as bytes; errors begin with `name`."""
    content = compress(_plain(session, name))
    return HEADER.pack(MAGIC, VERSION, len(content), checksum(VERSION, content)) + content


def decode_session(data: bytes, name: str) -> Session:
    """The session in bytes; errors begin with `name`."""
    with _faults_of(name):
        table = decode_table(_plain_of(data), SessionTable)
        preset = _preset(bytes(table.preset), data)
        timeline, histories = saved_of(table, preset), histories_of(table.losses)
        if _version(data) == FIRST_EDITION:
            timeline = first_edition.timeline_of(timeline)
        return Session(preset=preset, timeline=timeline, histories=histories, view=table.view)


@contextmanager
def _faults_of(name: str) -> Iterator[None]:
    """Name the session in errors."""
    try:
        yield
    except (ValueError, RecursionError) as error:
        raise SessionError(name, str(error)) from None
    except MemoryError:
        raise SessionError(name, "expected an input that fits into memory") from None


def _bytes_of(path: Path, check: Callable[[Path], None] = check_is_no_device) -> bytes:
    try:
        check(path)
        with path.open("rb") as file:
            header = file.read(HEADER.size)
            # Other files are not read to their end, for some have none.
            return header + file.read(MOST_BYTES + 1) if header.startswith(MAGIC) else header
    except (OSError, ValueError) as error:
        raise SessionError(str(path), read_fault(error)) from None


def _plain_of(data: bytes) -> bytes:
    return decompress(_content(data), MOST_BYTES)


def _plain(session: Session, name: str) -> bytes:
    timeline = session.timeline
    if len(timeline.segments) > MOST_SEGMENTS or timeline.copied > MOST_COPIED:
        raise SessionError(
            name, f"too many changes to save: expected at most {MOST_SEGMENTS:,}, fewer where they are large"
        )
    table = SessionTable(
        preset=msgspec.Raw(_preset_bytes(session.preset, name)),
        **saved_tables(timeline),
        losses=losses_tables(session.histories),
        view=dict(session.view),
    )
    plain = msgspec.msgpack.encode(table)
    if len(plain) > MOST_BYTES:
        raise SessionError(name, f"too large to save: expected at most {MOST_BYTES:,} bytes, got {len(plain):,}")
    return plain


def _preset_bytes(preset: Preset, name: str) -> bytes:
    try:
        data = msgspec.msgpack.encode(without_folder(preset))
    except OverflowError:
        raise SessionError(name, "expected whole numbers of at most 64 bits in the preset") from None
    if len(data) > MOST_PRESET_BYTES:
        what = f"too many examples to save: expected at most {MOST_PRESET_BYTES:,} bytes"
        raise SessionError(name, f"{what}, or a data file, which a session can name")
    return data


def _preset(plain: bytes, data: bytes) -> Preset:
    """The preset in the bytes of a session."""
    if len(plain) > MOST_PRESET_BYTES:
        raise ValueError(f"preset: expected at most {MOST_PRESET_BYTES:,} bytes, got {len(plain):,}")
    preset = decode_table(plain, Preset)
    if _version(data) == FIRST_EDITION:
        preset = first_edition.preset_of(preset)
    if preset.data.file is not None and not (refers(preset) and is_plain(preset.data.file)):
        raise ValueError("data.file: expected the examples themselves, or the name and the checksum of a file")
    return check_preset(preset, preset.name)


def _content(data: bytes) -> bytes:
    """The content after the header, checked for damage."""
    if not data.startswith(MAGIC):
        raise ValueError("not a session: expected a file that nn-tui has saved")
    if len(data) < HEADER.size:
        raise ValueError(f"cut off: expected at least {HEADER.size} bytes, got {len(data)}")
    _, version, length, expected = HEADER.unpack_from(data)
    if version > VERSION:
        raise ValueError(f"saved by a newer nn-tui: expected format {VERSION}, got {version}")
    if length > MOST_BYTES:
        raise ValueError(f"expected at most {MOST_BYTES:,} bytes, got {length:,}")
    if len(data) < HEADER.size + length:
        raise ValueError(f"cut off: expected {HEADER.size + length:,} bytes, got {len(data):,}")
    content = data[HEADER.size :]
    if length != len(content) or checksum(version, content) != expected:
        raise ValueError("changed since it was saved: the checksum does not match")
    return content


def _version(data: bytes) -> int:
    """The version of a file whose header is whole."""
    return int(HEADER.unpack_from(data)[1])


def checksum(version: int, content: bytes) -> bytes:
    """The SHA-256 of a file's header and content."""
    digest = sha256(HEADER.pack(MAGIC, version, len(content), b""))
    digest.update(content)
    return digest.digest()
