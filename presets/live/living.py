"""The trainings that run on this machine, and where each meets its dashboard."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from .meeting import HAS_UNIX, PATIENCE, PORT, SOCKET, connect, meeting_folder
from .messages import Hello
from .wire import WireError, check_hello, dashboard_end


class Living(NamedTuple):
    """A training to which a dashboard can attach."""

    path: Path
    hello: Hello


def path_of(training: str) -> Path:
    """The place of a training by the number of its process, or by its path.

    Raises:
        WireError: there is no folder with trainings.
    """
    if training.isdecimal():
        return meeting_folder() / f"{int(training)}{SOCKET if HAS_UNIX else PORT}"
    return Path(training)


def check_process(training: str) -> None:
    """See that a process that is named by its number can be attached to.

    Raises:
        WireError: it cannot, and why.
    """
    if not training.isdecimal() or path_of(training).exists():
        return
    pid = int(training)
    if not _is_running(pid):
        raise WireError(f"there is no process {pid}; nn-tui attach --list names your trainings")
    if _is_of_somebody_else(pid):
        raise WireError(f"process {pid} belongs to another user: expected one of your own")
    raise WireError(f"process {pid} cannot be attached to: start a script with nn-tui run, or call nn_tui.watch in it")


def living() -> list[Living]:
    """The user's trainings, newest first; sockets of ended trainings are removed.

    Raises:
        WireError: there is no folder with trainings.
    """
    return [found for path in _newest(meeting_folder()) if (found := _ask(path))]


def _newest(folder: Path) -> Iterator[Path]:
    found: list[tuple[float, Path]] = []
    for path in folder.iterdir():
        if path.suffix in (SOCKET, PORT) and path.stem.isdecimal():
            with suppress(FileNotFoundError):
                found.append((-path.lstat().st_mtime, path))
    return (path for _, path in sorted(found))


def _ask(path: Path) -> Living | None:
    try:
        connection = connect(path)
    except WireError:
        if not _is_running(int(path.stem)):
            with suppress(OSError):
                path.unlink()
        return None
    connection.settimeout(PATIENCE)
    wire = dashboard_end(connection)
    try:
        return Living(path, check_hello(wire.receive()))
    except (WireError, TimeoutError):
        return None
    finally:
        wire.close()


def _is_running(pid: int) -> bool:
    """Whether there is such a process; false if the system does not allow to ask."""
    if sys.platform == "win32":
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # of another user
    return True


def _is_of_somebody_else(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return False
