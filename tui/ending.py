"""The ending: the exit status and the message of each kind of error."""

import errno
import sys

import click

from ..presets.errors import PresetError
from .terminal.log import defect
from .text.safe import safe

DEFECT, BAD_INPUT, NOT_FINITE, INTERRUPTED = 1, 2, 3, 130
FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class NotFiniteError(click.ClickException):
    """The exit status if training could not continue, because a number was no longer finite."""


def ending_of(error: BaseException) -> tuple[int, str]:
    """The exit status and the message of an error; the message may be empty."""
    match error:
        case KeyboardInterrupt() | click.Abort():
            return INTERRUPTED, ""
        case NotFiniteError():
            return NOT_FINITE, safe(error.format_message())
        case click.ClickException():
            return BAD_INPUT, safe(
                error.format_message().replace("\n\t", " ")
            )  # Click writes choices on separate lines
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
    """Whether the reader of the output is gone; Windows reports an invalid argument then."""
    return isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == errno.EINVAL)


def _refusal(error: OSError) -> str:
    """The error of the system, with its file."""
    what = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename}: {what}"
    return f"the output cannot be written: {what}" if error.errno in FULL else what
