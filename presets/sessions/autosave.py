"""The last sessions: every run saves its own in the state folder of the platform, which keeps the newest."""

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, partial
from math import inf
from operator import attrgetter
from pathlib import Path
from stat import S_ISVTX
from time import time
from typing import NamedTuple

from platformdirs import user_state_path

from ..atomic_write import PRIVATE, TEMPORARY, retry_on_windows
from ..errors import SessionError
from ..paths import current_folder, folder_for, is_name

STATE = "NN_TUI_STATE"
"""The environment variable that names another state folder."""
ENDING = ".nn-session"
MARK = ".running"
"""The ending of a file beside a session that is locked during its run; a crash leaves it without a lock."""
FILES = ("nn-tui.log", "panels.json", "copied.txt")
"""Prefixes of the other files in the state folder."""
PRIVATE_FOLDER = 0o700
FEW = 5
"""Sessions that are kept when a run begins."""
ABANDONED = 3600.0
"""Seconds after which a temporary file counts as abandoned."""


class Autosave(NamedTuple):
    """A session that a run has saved."""

    path: Path
    seconds: float
    """Since it was written."""
    has_crashed: bool
    """Its run crashed, and no start has offered to resume it yet."""

    @property
    def name(self) -> str:
        """The TARGET of the training."""
        return self.path.stem.rpartition("-")[0]


def state_folder() -> Path:
    """The folder of the last sessions and of the panels' sizes, created if possible."""
    named = os.environ.get(STATE)
    folder = Path(named) if named else folder_for(user_state_path)
    with suppress(OSError):  # writing there reports what is wrong
        folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
        _make_private(folder)
    return folder


@cache
def _make_private(folder: Path) -> None:
    """Make the kept files private, also those of earlier versions; a folder with other files keeps its mode."""
    files = list(folder.iterdir())
    ours = [each for each in files if each.name.endswith((ENDING, MARK)) or each.name.startswith((TEMPORARY, *FILES))]
    for each in ours:
        if each.is_file() and not each.is_symlink():
            each.chmod(PRIVATE)
    if len(ours) == len(files) and not folder.stat().st_mode & S_ISVTX:
        folder.chmod(PRIVATE_FOLDER)


def session_path(name: str) -> Path:
    """A file in the current folder, named after a preset.

    Raises:
        SessionError: the current folder is gone.
    """
    return current_folder() / f"{_file_name(name)}{ENDING}"


def copied_path() -> Path:
    """The file with the last copied text."""
    return state_folder() / "copied.txt"


def autosaves() -> list[Autosave]:
    """The last sessions, the newest first, without those of runs that have not ended."""
    paths = [path for path in state_folder().glob(f"*{ENDING}") if path.is_file()]
    found = [Autosave(path, age, _mark(path).exists()) for path in paths if (age := _age(path)) < inf]
    return [each for each in sorted(found, key=attrgetter("seconds")) if not _is_running(each.path)]


def newest_autosave() -> Path:
    """The file of the last session.

    Raises:
        SessionError: there is none.
    """
    for each in autosaves():
        return each.path
    raise SessionError("there is no saved session yet: expected a session file")


def forget_crashed() -> None:
    """Count crashed runs as ended from now on, because the user was asked."""
    for mark in _left_marks():
        with suppress(OSError):  # the next start asks again
            mark.unlink(missing_ok=True)


class AutosaveFile:
    """A run, which saves its session in a file that no other run writes."""

    def __init__(self, name: str, path: Path | None = None) -> None:
        """Choose a new file, or that of one of the last sessions that is resumed.

        Args:
            name: the name of the training.
            path: the session that is resumed.
        """
        _thin_out(path)
        self.is_ended = False
        self.path = state_folder() / f"{_file_name(name)}-{os.urandom(4).hex()}{ENDING}"
        goes_on = path is not None and path.resolve().parent == state_folder().resolve()
        self._lock = _locked(_mark(path)) if path and goes_on else None
        if path and self._lock is not None:
            self.path = path
        else:
            self._lock = _locked(_mark(self.path))

    def end(self) -> None:
        """Remove the mark: this run did not crash."""
        self.is_ended = True
        if self._lock is not None:
            lock, self._lock = self._lock, None
            os.close(lock)  # first, because Windows deletes no open file
            with suppress(OSError):
                retry_on_windows(partial(_mark(self.path).unlink, missing_ok=True))


def _file_name(name: str) -> str:
    return name if is_name(name) else "session"


def _age(path: Path) -> float:
    """Seconds since a file was written; infinite for one that another run has just deleted."""
    try:
        return time() - path.stat().st_mtime
    except OSError:
        return inf


def _mark(path: Path) -> Path:
    return path.with_suffix(MARK)


def _locked(mark: Path, flags: int = os.O_CREAT) -> int | None:
    """A lock that ends with this process at the latest; None if another one has it, or there can be none."""
    try:
        descriptor = os.open(mark, os.O_RDWR | flags, PRIVATE)
    except OSError:
        return None
    if not _lock(descriptor):
        os.close(descriptor)
        return None
    return descriptor


def _lock(descriptor: int) -> bool:
    """Lock a file, unless another process has locked it; whether that is done."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock  # as portalocker does, which takes 40 ms to import
    except ImportError:
        return _lock_on_windows(descriptor)
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except OSError:
        return False
    return True


def _lock_on_windows(descriptor: int) -> bool:
    from portalocker import LockException, LockFlags, lock

    try:
        lock(descriptor, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)
    except (LockException, OSError):
        return False
    return True


def _is_running(path: Path) -> bool:
    if not _mark(path).exists():
        return False
    lock = _locked(_mark(path), flags=0)
    if lock is not None:
        os.close(lock)
    return lock is None


def _left_marks() -> Iterator[Path]:
    """The marks that a crash has left."""
    return (mark for mark in state_folder().glob(f"*{MARK}") if not _is_running(mark))


def _thin_out(but: Path | None) -> None:
    """Delete all but the newest sessions, and the marks of runs that never saved one."""
    with suppress(OSError):  # it is tried again at the next run
        for each in autosaves()[FEW:]:
            if each.path != but:
                each.path.unlink(missing_ok=True)
        for mark in _left_marks():
            if not mark.with_suffix(ENDING).exists():
                mark.unlink(missing_ok=True)
        for left in state_folder().glob(f"{TEMPORARY}*"):
            if _age(left) > ABANDONED:
                left.unlink(missing_ok=True)
