"""Reading examples from a CSV file: its cells, its columns by name, and the numbers or classes in them."""

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np

from ..core.model.arrays import Array
from .errors import PresetError
from .file_names import check_is_no_device

DELIMITERS = ",;\t"
MOST_BYTES = 10_000_000
MOST_CELLS = 700_000
"""Values of a file; an empty row counts as one."""
MOST_COLUMNS = 10_000
MOST_LINE = 1_000_000
"""Characters of a line."""
STDIN = "-"


@dataclass(frozen=True)
class Table:
    """The rows of a CSV file, each as long as the header."""

    name: str
    """Of the file, for errors."""
    header: list[str]
    rows: list[list[str]]
    first_line: int
    """The line of the first row."""

    def column(self, wanted: str, key: str) -> int:
        """The index of a column by its name; `key` says where in a preset it was asked for."""
        if wanted not in self.header:
            known = ", ".join(map(shown, self.header))
            raise PresetError(self.name, f"no column is named {wanted!r} ({key}); known are {known}")
        return self.header.index(wanted)

    def numbers(self, columns: list[int]) -> Array:
        """The numbers in these columns, (rows, columns)."""
        found = (self._number(line, row, column) for line, row in self._lines() for column in columns)
        return np.fromiter(found, np.float64).reshape(len(self.rows), len(columns))

    def classes(self, column: int) -> tuple[Array, tuple[str, ...]]:
        """The number of each row's class, (rows,), and the classes by their names."""
        texts = [self._text(line, row, column) for line, row in self._lines()]
        classes = tuple(sorted(set(texts), key=_as_number_or_text))
        number_of = {each: float(n) for n, each in enumerate(classes)}
        return np.fromiter((number_of[text] for text in texts), np.float64), classes

    def is_numeric(self, column: int) -> bool:
        """Whether a column holds nothing but numbers."""
        return all(_is_number(row[column]) for row in self.rows)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        return enumerate(self.rows, self.first_line)

    def _text(self, line: int, row: list[str], column: int) -> str:
        if not row[column].strip():
            raise PresetError(
                self.name, f"line {line}, column {shown(self.header[column])}", "expected a class, got nothing"
            )
        return row[column].strip()

    def _number(self, line: int, row: list[str], column: int) -> float:
        if not _is_number(row[column]):
            place = f"line {line}, column {shown(self.header[column])}"
            raise PresetError(self.name, place, f"expected a number, got {row[column]!r}")
        return float(row[column])


def read_table(path: Path) -> Table:
    """The table in a file, or on the standard input where its name is "-".

    Values are told apart by commas, semicolons or tabs, whichever the first line has most of.
    A first line in which nothing is a number is the header; without one, columns are named 1, 2, 3 …

    Raises:
        PresetError: the file cannot be read, or is no table.
    """
    name = "standard input" if path.name == STDIN else str(path)
    try:
        data = _bytes_of(path)
        data.decode("utf-8-sig")  # a fault is told by its place in the whole file
        first = data.split(b"\n", 1)[0]
        delimiter = max(DELIMITERS, key=lambda each: first.count(each.encode()))
        lines = _rows(csv.reader(_text_lines(data), delimiter=delimiter, strict=True))
    except UnicodeDecodeError as error:
        raise PresetError(name, f"byte {error.start}: expected UTF-8 text") from None
    except csv.Error as error:
        raise PresetError(name, f"not CSV: {error}") from None
    # A damaged .gz is a zlib.error, and a name with the character 0 in it a ValueError.
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise PresetError(name, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return _table(name, lines)


def shown(name: str) -> str:
    """The name of a column or a class, in one line."""
    return name if name.isprintable() else repr(name)


def _rows(reader: Iterator[list[str]]) -> list[list[str]]:
    rows, cells = [], 0
    for row in reader:
        rows.append(row)
        cells += max(len(row), 1)
        if cells > MOST_CELLS or len(row) > MOST_COLUMNS:
            raise ValueError(f"expected at most {MOST_CELLS:,} values, in at most {MOST_COLUMNS:,} columns")
    return rows


def _text_lines(data: bytes) -> Iterator[str]:
    """The lines of a text, one at a time, for as text a file can take four times its room."""
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="")
    while line := text.readline(MOST_LINE + 1):
        if len(line) > MOST_LINE:
            raise ValueError(f"expected lines of at most {MOST_LINE:,} characters")
        yield line


def _bytes_of(path: Path) -> bytes:
    """What is in a file, unpacked where its name ends in .gz."""
    if path.name == STDIN:
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        check_is_no_device(path)
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(f"expected at most {MOST_BYTES:,} bytes")
    return data


def _table(name: str, lines: list[list[str]]) -> Table:
    begin = next((n for n, row in enumerate(lines) if row), len(lines))
    while lines and not lines[-1]:
        lines.pop()
    has_header = begin < len(lines) and not any(_is_number(cell) for cell in lines[begin])
    first = begin + has_header
    if first >= len(lines):
        raise PresetError(name, "expected at least one row of values")
    header = [cell.strip() for cell in lines[begin]] if has_header else [str(n + 1) for n in range(len(lines[begin]))]
    for line, row in enumerate(lines[first:], first + 1):
        if len(row) != len(header):
            raise PresetError(
                name, f"line {line}", f"expected {len(header)} values, as in the first line, got {len(row)}"
            )
    return Table(name, header, lines[first:], first + 1)


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _as_number_or_text(text: str) -> tuple[float, str]:
    """A key that puts 10 after 9."""
    return (float(text), "") if _is_number(text) else (0.0, text)
