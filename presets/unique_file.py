"""New files: each has a name that no other file has, by a number where that is needed."""

import os
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path

from .atomic_write import atomic_write
from .errors import SessionError
from .paths import is_name
from .sessions.autosave import current_folder


def write_unique_file(preset: str, what: str, ending: str, data: bytes | Iterable[bytes]) -> Path:
    """Write a file in the present folder, in place of none that is there: xor-step-5.csv, or else xor-step-5_2.csv.

    Args:
        preset: the name of one, with which the file's name begins where a file can have it.
        what: how the name goes on.
        ending: of the name.
        data: what to write, whole or piece by piece.

    Raises:
        SessionError: it cannot be written.
    """
    path = _reserved(f"{preset if is_name(preset) else 'nn-tui'}-{what}", ending)
    try:
        atomic_write(path, data)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    return path


def _reserved(stem: str, ending: str) -> Path:
    """The first name that is free, taken by an empty file, so that nobody else takes it meanwhile."""
    folder = current_folder()
    for number in count(1):
        path = folder / f"{stem}{f'_{number}' if number > 1 else ''}{ending}"
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        except FileExistsError:
            continue
        except OSError as error:
            raise SessionError(str(path), f"cannot be written: {error.strerror}") from None
        return path
    raise AssertionError("some number is free")
