"""The ending: which exit status each kind of fault leads to, and the line that says it."""

import errno
import sys

import click

from ..presets.errors import PresetError
from .terminal.log import defect
from .text.safe import safe

DEFECT, BAD_INPUT, NOT_FINITE, INTERRUPTED = 1, 2, 3, 130
FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class NotFiniteError(click.ClickException):
    """Training could not continue, because a number was no longer finite."""


def ending_of(error: BaseException) -> tuple[int, str]:
    """The exit status that an error leads to, and the line that says it; no line if there is nothing to say."""
    match error:
        case KeyboardInterrupt() | click.Abort():
            return INTERRUPTED, ""
        case NotFiniteError():
            return NOT_FINITE, safe(error.format_message())
        case click.ClickException():
            return BAD_INPUT, safe(
                error.format_message().replace("\n\t", " ")
            )  # Click lists choices on lines of their own
        case PresetError():
            return BAD_INPUT, safe(str(error))
        case MemoryError():
            return BAD_INPUT, "expected a training that fits into memory"
        case OSError() if is_unread(error):
            return 0, ""
        case OSError():
            return BAD_INPUT, safe(_refusal(error))
        case _:
            return DEFECT, defect(error)


def is_unread(error: OSError) -> bool:
    """Whether nobody reads any more what is written; Windows calls that an invalid argument."""
    return isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == errno.EINVAL)


def _refusal(error: OSError) -> str:
    """What the system refuses, and of which file."""
    what = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename}: {what}"
    return f"the output cannot be written: {what}" if error.errno in FULL else what
