"""Paths: file names that are valid on every system, and the folders for the user's files."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from stat import S_ISDIR, S_ISFIFO, S_ISREG
from sys import platform

from .errors import PresetError, SessionError

NAME = re.compile(r"[\w][\w.+ -]{0,59}")
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE)
"""Names that are devices on Windows, in every folder and with any ending."""
NOWHERE = Path(os.devnull, "no-home-folder")
"""A folder that cannot exist, used if neither HOME nor the list of users names one."""


def is_name(text: str) -> bool:
    """Whether a name is valid on every system, because presets travel between systems."""
    return bool(NAME.fullmatch(text)) and not DEVICE.fullmatch(text)


def is_device(path: Path) -> bool:
    """Whether Windows takes a path for a device or for a stream inside a file; elsewhere the file system knows."""
    return platform == "win32" and bool(
        DEVICE.fullmatch(path.name) or ":" in path.name or str(path).startswith(("\\\\.\\", "\\\\?\\"))
    )


def check_is_no_device(path: Path) -> None:
    """Refuse a device of Windows before it is opened: reading one may never end.

    Raises:
        OSError: it is one.
    """
    if is_device(path):
        raise OSError(None, "expected the name of a file, got the name of a device")


def check_is_file(path: Path) -> None:
    """Refuse what is no regular file before it is opened: opening a pipe, or reading a device, may never end.

    Raises:
        OSError: it is no file, or there is none.
    """
    check_is_no_device(path)
    mode = path.stat().st_mode
    if not S_ISREG(mode):
        kind = "a folder" if S_ISDIR(mode) else "a pipe" if S_ISFIFO(mode) else "a device"
        raise OSError(None, f"expected a file, got {kind}")


def read_fault(error: OSError | ValueError) -> str:
    """The reason why a file cannot be read; a ValueError means a name with the character 0."""
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return "expected the name of a file, got one with the character 0"


def check_named_file(path: Path) -> None:
    """Check a file that nobody has named on the command line.

    Raises:
        PresetError: it is missing, or no regular file.
    """
    try:
        check_is_file(path)
    except (OSError, ValueError) as error:
        raise PresetError(str(path), read_fault(error)) from None


def folder_for(find: Callable[..., Path]) -> Path:
    """The folder of a kind for this program, such as user_state_path, as platformdirs finds it."""
    try:
        found = find("nn-tui", appauthor=False)
    except (KeyError, RuntimeError):
        return NOWHERE
    return found if found.is_absolute() else NOWHERE


def current_folder() -> Path:
    """The current folder.

    Raises:
        SessionError: it no longer exists.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise SessionError("the current folder", f"cannot be used: {error.strerror}") from None
