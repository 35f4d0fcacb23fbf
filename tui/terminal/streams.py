"""The standard streams: each is open, and takes every character, whatever the caller has made of it."""

import codecs
import os
import sys
from io import TextIOWrapper
from typing import TextIO

from ..text.ascii import in_ascii

ASCII = "nn-tui-ascii"
"""Our name of ASCII: click replaces a stream that calls it by its own name by one of UTF-8."""
IN_ASCII = "nn-tui-in-ascii"
"""The error handler that writes a character that an encoding lacks in ASCII."""


def prepare() -> None:
    """Make the three streams fit to be used, before anything else opens a file.

    What is closed is opened on the null device: its number would else be that of the next file which is opened.
    """
    for descriptor, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if not _is_open(descriptor):
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            _take_every_character(stream)


def write_in_ascii() -> None:
    """Write nothing but ASCII from now on, whatever encoding the streams have."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=ASCII, errors=IN_ASCII)


def has_unicode(stream: TextIO) -> bool:
    """Whether a stream has every character."""
    return (stream.encoding or "").lower().startswith("utf")


def discard(stream: TextIO) -> None:
    """Let go nowhere what a stream has still to write: Python tries that once more at its end, and complains."""
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
