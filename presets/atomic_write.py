"""Writing a file so that an interruption leaves either the old file or the new one, complete."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from stat import S_IMODE
from sys import platform
from time import sleep

from .errors import SessionError
from .paths import current_folder, is_device, is_name

PRIVATE = 0o600
"""The mode of a file that nobody else can read."""
TEMPORARY = ".nn-tui-"
"""Prefix of temporary files."""
PAUSE, MOST_PAUSES = 0.1, 10
"""Seconds, and how often they are waited, for a file that another program has open."""


def file_at(said: str | os.PathLike[str]) -> Path:
    """The path of a file that is to be written.

    Raises:
        SessionError: it is written as a folder, such as "out.toml/", of which `Path` forgets the end.
    """
    if os.fspath(said) and os.path.basename(said) in ("", os.curdir, os.pardir):
        raise SessionError(os.fspath(said), "expected the name of a file, got a folder")
    return Path(said)


def check_writable(path: Path) -> None:
    """Check that a file can be written, before the work begins.

    Raises:
        SessionError: it cannot.
    """
    try:
        _check_kind(path)
        temporary = path.parent / f"{TEMPORARY}{os.urandom(8).hex()}"
        _write(temporary, (), PRIVATE)
        temporary.unlink()
    except OSError as error:
        raise SessionError(str(path), f"cannot be written: {error.strerror}") from None


def _check_kind(path: Path) -> None:
    if "\0" in str(path):
        raise SessionError(str(path), "cannot be written: expected a name without the character 0")
    if is_device(path) or (path.exists() and not path.is_file()):
        raise SessionError(str(path), f"expected the name of a file, got a {'folder' if path.is_dir() else 'device'}")
    if not path.parent.is_dir():
        raise SessionError(str(path), f"cannot be written: there is no folder {path.parent}")


def atomic_write(path: Path, data: bytes | Iterable[bytes], *, is_private: bool = False) -> None:
    """Write a file under a temporary name beside it, and give it its own name once it is on the disk.

    Args:
        path: the file; one that is there keeps its mode, a new one has that which the person's umask says.
        data: what to write, whole or piece by piece.
        is_private: whether nobody else shall read it.

    Raises:
        SessionError: it cannot be written; an old file is unchanged.
    """
    try:
        _check_kind(path)
        # A link stays, and still points to the file.
        _replace(Path(os.path.realpath(path)), [data] if isinstance(data, bytes) else data, is_private)
    except OSError as error:
        raise SessionError(str(path), f"cannot be written: {error.strerror}") from None


def retry_on_windows(change: Callable[[], object]) -> None:
    """Change a file. Windows refuses that while another program, as a virus scanner, has the file open for a moment.

    Raises:
        OSError: it cannot be changed.
    """
    for _ in range(MOST_PAUSES if platform == "win32" else 0):
        with suppress(PermissionError):
            change()
            return
        sleep(PAUSE)
    change()


def _replace(path: Path, data: Iterable[bytes], is_private: bool) -> None:
    temporary = path.parent / f"{TEMPORARY}{os.urandom(8).hex()}"
    try:
        _write(temporary, data, PRIVATE if is_private else 0o666)
        if not is_private and path.exists():
            temporary.chmod(S_IMODE(path.stat().st_mode))
        retry_on_windows(partial(temporary.replace, path))
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _settle(path.parent)


def _write(path: Path, data: Iterable[bytes], mode: int) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.writelines(data)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Write the new name to the disk too, if the system can do that for folders."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_unique_file(preset: str, what: str, ending: str, data: bytes | Iterable[bytes]) -> Path:
    """Write a new file in the current folder: xor-step-5.csv, or xor-step-5_2.csv if that exists.

    Args:
        preset: the name of one, with which the file's name begins where a file can have it.
        what: the next part of the name.
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
    """The first free name, reserved by an empty file."""
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
