"""Byte order marks: the encoding that the first bytes of a text name."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

UTF_16, UTF_32 = "utf-16", "utf-32"
MARKS = {BOM_UTF32_LE: UTF_32, BOM_UTF32_BE: UTF_32, BOM_UTF16_LE: UTF_16, BOM_UTF16_BE: UTF_16}
"""In the order in which they are tried: that of UTF-32 begins as that of UTF-16 does."""


def marked_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32, where a text begins with the mark of one."""
    return next((name for mark, name in MARKS.items() if data.startswith(mark)), None)
