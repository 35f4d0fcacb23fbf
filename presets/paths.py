"""Paths: the names that a file can have on every system, and where each system keeps the user's files."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from sys import platform

from .errors import SessionError

NAME = re.compile(r"[\w][\w.+ -]{0,59}")
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE)
"""What Windows takes for a device, in every folder and with any ending."""
NOWHERE = Path(os.devnull, "no-home-folder")
"""A folder that cannot be: there is none to use where neither HOME nor the list of users names one."""


def is_name(text: str) -> bool:
    """Whether a file can be named so on every system, as presets travel from one to another."""
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


def read_fault(error: OSError | ValueError) -> str:
    """Why a file cannot be read; a ValueError is that of a name with the character 0 in it."""
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return "expected the name of a file, got one with the character 0"


def folder_for(find: Callable[..., Path]) -> Path:
    """The folder of a kind for this program, such as user_state_path, as platformdirs finds it."""
    try:
        found = find("nn-tui", appauthor=False)
    except (KeyError, RuntimeError):
        return NOWHERE
    return found if found.is_absolute() else NOWHERE


def current_folder() -> Path:
    """The folder that one is in.

    Raises:
        SessionError: it is gone.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise SessionError("the current folder", f"cannot be used: {error.strerror}") from None
