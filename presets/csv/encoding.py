"""The text of a CSV file: its bytes, unpacked and decoded, one line at a time; and byte order marks of any file."""

import io
import sys
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from ..data_budget import USUAL_BUDGET, DataBudget
from ..errors import PresetError
from ..paths import check_is_no_device, read_fault

MOST_LINE = 1_000_000
"""Characters of a line."""
STDIN = "-"
UTF_16, UTF_32 = "utf-16", "utf-32"
MARKS = {BOM_UTF32_LE: UTF_32, BOM_UTF32_BE: UTF_32, BOM_UTF16_LE: UTF_16, BOM_UTF16_BE: UTF_16}
"""In the order in which they are tried: that of UTF-32 begins as that of UTF-16 does."""
UTF_8, LATIN = "utf-8-sig", "cp1252"
ENCODING_NAMES = {
    UTF_8: "UTF-8",
    **{name: name.upper() for name in (UTF_16, UTF_32)},
    **{f"utf-16-{end}": "UTF-16 without a byte order mark" for end in ("le", "be")},
    LATIN: "Windows-1252",
}
"""Usual names of encodings that differ from the name of the option."""
ZEROS = 0.4
"""The share of zeros among all bytes, every second one, by which UTF-16 without a mark is recognized."""
ZIP = b"PK\x03\x04"
"""The first bytes of a spreadsheet's workbook."""


class CsvText(Struct, frozen=True, eq=False):
    """The bytes of a file, and how they are decoded."""

    data: bytes
    encoding: str

    def lines(self) -> Iterator[str]:
        """Its lines, one at a time: as text a file can take four times its room.

        Raises:
            ValueError: a line is too long.
        """
        text = io.TextIOWrapper(io.BytesIO(self.data), self.encoding, newline="")
        while line := text.readline(MOST_LINE + 1):
            if len(line) > MOST_LINE:
                raise ValueError(f"expected lines of at most {MOST_LINE:,} characters")
            yield line


def read_csv_text(path: Path, name: str, encoding: str | None = None, budget: DataBudget = USUAL_BUDGET) -> CsvText:
    """The text of a file, or of the standard input where the file's name is "-".

    Without an encoding it is UTF-16 or UTF-32 where it begins with that byte order mark or every second byte is 0,
    else UTF-8, and else Windows-1252, which includes Latin-1.

    Raises:
        PresetError: the file cannot be read, or is no text; `name` is the file's in the message.
    """
    try:
        data = _bytes_of(path, budget)
    except (OSError, ValueError) as error:
        raise PresetError(name, read_fault(error)) from None
    if data.startswith(ZIP):
        raise PresetError(name, "a workbook or a zip file: expected CSV, so save the sheet as CSV")
    return CsvText(data, _encoding(data, name) if encoding is None else _as_named(data, name, encoding))


def _as_named(data: bytes, name: str, encoding: str) -> str:
    """The encoding that was named, with its byte order mark where there is one."""
    marked = marked_encoding(data)
    encoding = UTF_8 if encoding == "utf-8" else marked if marked and encoding.startswith(marked) else encoding
    expected = "expected text in {}: use another --encoding, or none"
    if not marked and encoding in (UTF_16, UTF_32):  # which Python reads with a mark only
        found = _without_mark(data)
        if not found or not found.startswith(encoding):
            raise PresetError(name, f"byte 0: {expected.format(_shown(encoding))}")
        encoding = found
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, UnicodeError) as error:
        place = f"byte {error.start}" if isinstance(error, UnicodeDecodeError) else "byte 0"
        raise PresetError(name, f"{place}: {expected.format(_shown(encoding))}") from None
    return encoding


def _shown(encoding: str) -> str:
    return ENCODING_NAMES.get(encoding, encoding)


def _without_mark(data: bytes) -> str | None:
    """UTF-16, where every second byte of a text is 0, as of most letters and digits."""
    if len(data) % 2 or data.count(0) < ZEROS * len(data):
        return None
    low, high = data[::2].count(0), data[1::2].count(0)
    return "utf-16-le" if not low else "utf-16-be" if not high else None


def _encoding(data: bytes, name: str) -> str:
    marked = marked_encoding(data) or _without_mark(data)
    if not marked and b"\0" in data:
        raise PresetError(name, f"byte {data.index(0)}: expected text, got the character 0; save it as UTF-8")
    tried = (marked,) if marked else (UTF_8, LATIN)
    for encoding in tried:
        try:
            data.decode(encoding)
            return encoding
        except UnicodeDecodeError as error:
            fault = error
    known = "UTF-8, UTF-16, UTF-32 or Windows-1252"
    raise PresetError(name, f"byte {fault.start}: expected text in {known}; save it as UTF-8, or use --encoding")


def _bytes_of(path: Path, budget: DataBudget) -> bytes:
    """The bytes of a file, unpacked if its name ends in .gz."""
    import gzip  # imported here, because the first paint does not need it

    if path.name == STDIN:
        data = sys.stdin.buffer.read(budget.file_bytes + 1)
    else:
        check_is_no_device(path)
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            try:
                data = file.read(budget.file_bytes + 1)
            except (gzip.BadGzipFile, EOFError, zlib.error):
                raise OSError(None, "not a .gz file, or a damaged one: compress it again") from None
    if len(data) > budget.file_bytes:
        raise OSError(f"expected at most {budget.file_bytes:,} bytes{budget.advice}")
    return data


def marked_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32, where a text begins with the mark of one."""
    return next((name for mark, name in MARKS.items() if data.startswith(mark)), None)
