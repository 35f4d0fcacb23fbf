"""The log: where the tracebacks of defects go, so that the screen shows them in one line."""

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
"""Of the file, and of the previous file."""


class DefectLog(logging.Handler):
    """A file that is open only while it is written: no system renames one that another program has open."""

    fault = ""
    """Why the last traceback could not be written; empty if it could."""
    _last: object = None
    """The place of the last defect: a panel would report the same one with every frame."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a traceback that is new, or remember why that cannot be."""
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
    """Write what goes wrong to the file from now on; there is none before something does."""
    for earlier in LOGGER.handlers[:]:
        LOGGER.removeHandler(earlier)
    log = DefectLog()
    log.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    LOGGER.addHandler(log)
    LOGGER.propagate = False
    return log


def defect(error: BaseException) -> str:
    """A defect of the program in one line; the file has its traceback, where that could be written."""
    log = next((each for each in LOGGER.handlers if isinstance(each, DefectLog)), None) or keep_log()
    LOGGER.error("%s", type(error).__name__, exc_info=error)
    return safe(f"{type(error).__name__}: {error}; {log.fault or f'{log_path()} has the traceback'}")


def or_defect(make: Callable[[], str]) -> str:
    """A text; what kept it from being made, where something did."""
    try:
        return make()
    except Exception as error:  # whatever it is, everything else keeps working
        return defect(error)


def _append(path: Path, text: str) -> None:
    """Write at the end of a file; a full file becomes the previous file."""
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
