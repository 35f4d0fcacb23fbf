"""The standard streams: each is open and accepts every character, in any environment."""

import codecs
import os
import sys
from io import TextIOWrapper
from typing import TextIO

from ..text.ascii import in_ascii

ASCII = "nn-tui-ascii"
"""Our name for ASCII, because click replaces a stream in ASCII of the usual name by one in UTF-8."""
IN_ASCII = "nn-tui-in-ascii"
"""The error handler that replaces a character that an encoding lacks by ASCII."""


def prepare() -> None:
    """Make the three streams usable before any other file is opened.

    A closed stream is opened on the null device; otherwise the next file to be opened would get its number.
    """
    for descriptor, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if not _is_open(descriptor):
            os.open(os.devnull, os.O_RDWR)  # opens the lowest free number
        if getattr(sys, name) is None:
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            _take_every_character(stream)


def write_in_ascii() -> None:
    """Write only ASCII from now on, whatever the encoding of the streams."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=ASCII, errors=IN_ASCII)


def has_unicode(stream: TextIO) -> bool:
    """Whether a stream can write every character."""
    return (stream.encoding or "").lower().startswith("utf")


def discard(stream: TextIO) -> None:
    """Discard the pending output of a stream, because Python would try to write it again at its end, and complain."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _take_every_character(stream: TextIOWrapper) -> None:
    if has_unicode(stream):
        stream.reconfigure(errors="backslashreplace")
    elif codecs.lookup(stream.encoding).name == "ascii":
        stream.reconfigure(encoding=ASCII, errors=IN_ASCII)
    else:
        stream.reconfigure(errors=IN_ASCII)


def _register() -> None:
    ascii_ = codecs.lookup("ascii")
    parts = (ascii_.encode, ascii_.decode, ascii_.streamreader, ascii_.streamwriter)
    ours = codecs.CodecInfo(*parts, ascii_.incrementalencoder, ascii_.incrementaldecoder, ASCII)
    codecs.register(lambda name: ours if name == ASCII.replace("-", "_") else None)
    codecs.register_error(IN_ASCII, _written_in_ascii)


def _written_in_ascii(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return in_ascii(error.object[error.start : error.end]), error.end


_register()
