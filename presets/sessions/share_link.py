"""Shared lines: a position in a training and its edits, as a line of text that can be pasted."""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from ...core.timeline.dump import Changes, TimelineDump
from ..build import arithmetic_of
from ..csv.encoding import marked_encoding
from ..data_reference import refers
from ..errors import SessionError
from ..examples import with_inline_data
from ..paths import check_is_no_device
from ..preset_file import check_preset
from ..schema import Preset
from . import first_edition
from .session_tables import SharedTable, compress, decode_table, decompress
from .short_link import SHORT, ShortTable, is_shipped, preset_checksum, shipped_as_shared
from .timeline_tables import change_of, change_table

PREFIX = "nn2:"
"""The beginning of a shared line, with the number of its format."""
FIRST_EDITION = "nn1:"
"""The beginning of a line in which gelu is the approximation by tanh."""
ANY_FORMAT = re.compile(r"nn(\d{1,9}):")
MOST_TEXT = 64 * 2**10
"""Characters of a line."""
MOST_BYTES = 2**20
"""Of what is packed in it."""
MOST_FILE = 5 * MOST_TEXT
"""Bytes of a file with a line in it, in whatever encoding; of a longer one these are read."""
FARTHEST = 10_000_000
"""The last step that a line can have, because every step up to it is computed."""
NAME = "the shared line"
CHECKSUM = 8
"""Bytes of a SHA-256, enough to notice accidental changes of the text."""


@dataclass(frozen=True, eq=False)
class SharedTraining:
    """The content of a shared line."""

    preset: Preset
    """The complete preset; it names no file."""
    changes: Changes
    step: int
    arithmetic: str
    """The name of the one that the steps were computed with."""


def is_share_link(text: str) -> bool:
    """Whether a text looks like a shared line, of any format."""
    return ANY_FORMAT.match(text) is not None


def share_link_in(path: Path) -> str | None:
    """The shared line in a file; None if it contains something else."""
    try:
        check_is_no_device(path)
        if not path.is_file():  # a pipe can be read only once
            return None
        with path.open("rb") as file:
            data = file.read(MOST_FILE)
        text = data.decode(marked_encoding(data) or "utf-8-sig").strip()
    except (OSError, ValueError):
        return None
    return text if is_share_link(text) else None


def check_begins_anew(saved: TimelineDump, name: str) -> None:
    """Check that the preset and the changes determine the state.

    Raises:
        SessionError: the optimizer remembers updates of another program.
    """
    if saved.memory:
        raise SessionError(
            name, "begins with what a PyTorch optimizer remembers, which a line does not hold: save a session (w)"
        )


def share_link(preset: Preset, folder: Path, changes: Changes, step: int, arithmetic: str = "") -> str:
    """The line that shares a step of a preset.

    Args:
        preset: what is trained.
        folder: where the data file that it may name is found.
        changes: what was edited on the way to the step.
        step: the one that is shared.
        arithmetic: the name of the one that was computed with; without one, that of a new training.

    Raises:
        PresetError: the data file cannot be used, the line would be too long, or the step is too far away.
    """
    try:
        _check_step(step)
    except ValueError as error:
        raise SessionError(preset.name, str(error)) from None
    whole = with_inline_data(preset, folder)
    if refers(whole):
        raise SessionError(preset.name, f"too many examples for a line: expected at most {MOST_TEXT:,} characters")
    table = SharedTable(
        preset=whole,
        changes=[change_table(at, change) for at, change in changes],
        step=step,
        arithmetic=arithmetic or arithmetic_of(whole, folder).name,
    )
    try:
        plain = msgspec.msgpack.encode(table)
    except OverflowError:
        raise SessionError(preset.name, "expected whole numbers of at most 64 bits to share") from None
    content = compress(plain)
    text = PREFIX + urlsafe_b64encode(_checksum(content) + content).decode("ascii").rstrip("=")
    if len(text) > MOST_TEXT or len(plain) > MOST_BYTES:
        raise SessionError(
            preset.name, f"too large for a line: expected at most {MOST_TEXT:,} characters, got {len(text):,}"
        )
    return text


def short_share_link(preset: Preset, folder: Path, changes: Changes, step: int, arithmetic: str = "") -> str:
    """The line that shares a step of a preset which comes with nn-tui, by its name: less than a hundred characters.

    Raises:
        PresetError: the preset is another one, or the step is too far away.
    """
    whole = with_inline_data(preset, folder)
    if not is_shipped(whole):
        raise SessionError(
            preset.name, "expected a preset that comes with nn-tui, with its own settings, for a short line"
        )
    try:
        _check_step(step)
    except ValueError as error:
        raise SessionError(preset.name, str(error)) from None
    table = ShortTable(
        name=preset.name,
        checksum=preset_checksum(whole),
        changes=[change_table(at, change) for at, change in changes],
        step=step,
        arithmetic=arithmetic or arithmetic_of(whole, folder).name,
    )
    content = msgspec.msgpack.encode(table)
    return SHORT + urlsafe_b64encode(_checksum(content) + content).decode("ascii").rstrip("=")


def read_share_link(text: str) -> SharedTraining:
    """The content of a shared line.

    Raises:
        SessionError: it is no shared line, or was changed.
    """
    try:
        if text.strip().startswith(SHORT):
            short = decode_table(_content(text.strip()), ShortTable)
            _check_step(short.step)
            edits = tuple((each.step, change_of(each)) for each in short.changes)
            return SharedTraining(shipped_as_shared(short), edits, short.step, short.arithmetic)
        table = decode_table(decompress(_content(text.strip()), MOST_BYTES), SharedTable)
        if table.preset.data.file is not None:
            raise ValueError("data.file: expected the examples themselves, got the name of a file")
        _check_step(table.step)
        changes: Changes = tuple((each.step, change_of(each)) for each in table.changes)
        preset = table.preset
        if text.strip().startswith(FIRST_EDITION):
            preset, changes = first_edition.preset_of(preset), first_edition.changes_of(changes)
        return SharedTraining(check_preset(preset, preset.name), changes, table.step, table.arithmetic)
    except (ValueError, RecursionError) as error:
        raise SessionError(NAME, str(error)) from None


def _content(text: str) -> bytes:
    form = ANY_FORMAT.match(text)
    if form is None:
        raise ValueError(f"expected {PREFIX}… as nn-tui share writes it")
    if form[0] not in (PREFIX, SHORT, FIRST_EDITION):
        raise ValueError(f"shared by another nn-tui: expected {PREFIX}…, got {form[0]}…")
    if len(text) > MOST_TEXT:
        raise ValueError(f"expected at most {MOST_TEXT:,} characters, got {len(text):,}")
    code = text.removeprefix(form[0])
    try:
        if not re.fullmatch(r"[\w-]+", code, re.ASCII):
            raise binascii.Error
        data = urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except binascii.Error:
        raise ValueError("cut off or changed: expected letters, digits, - and _") from None
    if _checksum(data[CHECKSUM:]) != data[:CHECKSUM]:
        raise ValueError("cut off or changed: the checksum does not match")
    return data[CHECKSUM:]


def _check_step(step: int) -> None:
    if step > FARTHEST:
        raise ValueError(f"expected a step up to {FARTHEST:,}, as a line makes every step again, got {step:,}")


def _checksum(content: bytes) -> bytes:
    return sha256(content).digest()[:CHECKSUM]
