"""The log: where the tracebacks of defects go, so that the screen tells them in one line."""

import logging
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from ..presets.sessions.last import state_folder
from .text.safe import safe

LOGGER = logging.getLogger("nn_tui")
MOST_BYTES = 2**20
"""Of the file, and of the one before it."""


def log_path() -> Path:
    """The file, beside the last sessions."""
    return state_folder() / "nn-tui.log"


class DefectLog(RotatingFileHandler):
    """A file that is open only while a defect is written: Windows renames no file that another run has open."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a defect, and close the file; the next one opens it again."""
        super().emit(record)
        self.close()


def keep_log() -> None:
    """Write what goes wrong to the file from now on; there is none before something does."""
    handler = DefectLog(log_path(), maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    handler.addFilter(_is_new)
    for earlier in LOGGER.handlers[:]:
        LOGGER.removeHandler(earlier)
        earlier.close()
    LOGGER.addHandler(handler)
    LOGGER.propagate = False
    _last.clear()


def defect(error: BaseException) -> str:
    """A defect of the program in one line; the file has its traceback."""
    LOGGER.error("%s", type(error).__name__, exc_info=error)
    return safe(f"{type(error).__name__}: {error}; {log_path()} has the traceback")


def or_defect(make: Callable[[], str]) -> str:
    """A text; what kept it from being made, where something did."""
    try:
        return make()
    except Exception as error:  # whatever it is, everything else goes on
        return defect(error)


_last: list[object] = []
"""The place of the last defect: a panel would tell the same one with every frame."""


def _is_new(record: logging.LogRecord) -> bool:
    place = _place(record.exc_info[2]) if record.exc_info else None
    if place is not None and [place] == _last:
        return False
    _last[:] = [place]
    return True


def _place(traceback: TracebackType | None) -> object:
    """The innermost line of a traceback."""
    while traceback and traceback.tb_next:
        traceback = traceback.tb_next
    return traceback and (traceback.tb_frame.f_code, traceback.tb_lineno)
