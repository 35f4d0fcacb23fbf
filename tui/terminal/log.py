"""The log: a file for the tracebacks of errors, so that the screen shows them in one line."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from ...presets.atomic_write import PRIVATE
from ...presets.sessions.autosave import state_folder
from ..text.safe import safe

LOGGER = logging.getLogger("nn_tui")
MOST_BYTES = 2**20
"""The names of the file and of the previous file."""


class DefectLog(logging.Handler):
    """A file that is open only while it is written, because no system renames a file that another program has open."""

    fault = ""
    """The reason why the last traceback could not be written; empty if it was."""
    _last: object = None
    """The place of the last error, because a panel would report the same error in every frame."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a new traceback, or remember why that failed."""
        place = _place(record.exc_info[2]) if record.exc_info else None
        if place is not None and place == self._last:
            return
        try:
            _append(log_path(), "".join(f"{safe(line)}\n" for line in self.format(record).splitlines()))
            self.fault, self._last = "", place
        except OSError as error:
            self.fault = f"no log could be written: {log_path()}: {error.strerror}"


def log_path() -> Path:
    """The file, beside the last sessions."""
    return state_folder() / "nn-tui.log"


def keep_log() -> DefectLog:
    """Write errors to the file from now on; it is created with the first error."""
    for earlier in LOGGER.handlers[:]:
        LOGGER.removeHandler(earlier)
    log = DefectLog()
    log.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    LOGGER.addHandler(log)
    LOGGER.propagate = False
    return log


def defect(error: BaseException) -> str:
    """An error of the program in one line; the file has its traceback, if it could be written."""
    log = next((each for each in LOGGER.handlers if isinstance(each, DefectLog)), None) or keep_log()
    LOGGER.error("%s", type(error).__name__, exc_info=error)
    return safe(f"{type(error).__name__}: {error}; {log.fault or f'{log_path()} has the traceback'}")


def or_defect(make: Callable[[], str]) -> str:
    """A text, or the report of an error while making it."""
    try:
        return make()
    except Exception as error:  # any error: everything else keeps working
        return defect(error)


def _append(path: Path, text: str) -> None:
    """Append to a file; a full file becomes the previous file."""
    if path.exists() and path.stat().st_size + len(text) > MOST_BYTES:
        path.replace(f"{path}.1")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE)
    with open(descriptor, "a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)


def _place(traceback: TracebackType | None) -> object:
    """The innermost line of a traceback."""
    while traceback and traceback.tb_next:
        traceback = traceback.tb_next
    return traceback and (traceback.tb_frame.f_code, traceback.tb_lineno)
