"""Reading examples from a CSV file: its cells, its columns by name, and the numbers or classes in them."""

import csv
import gzip
import io
import sys
import zlib
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from .errors import PresetError

Numbers = list[list[float]]

DELIMITERS = ",;\t"
MOST_BYTES = 100_000_000
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
            known = ", ".join(self.header)
            raise PresetError(self.name, f"no column is named {wanted!r} ({key}); known are {known}")
        return self.header.index(wanted)

    def numbers(self, columns: list[int]) -> Numbers:
        """The numbers in these columns."""
        return [[self._number(line, row, column) for column in columns] for line, row in self._lines()]

    def one_hot(self, column: int) -> tuple[Numbers, tuple[str, ...]]:
        """A 1 for each row's class among 0 for the others, and the classes by their names."""
        texts = [self._text(line, row, column) for line, row in self._lines()]
        classes = tuple(sorted(set(texts), key=_as_number_or_text))
        return [[float(each == text) for each in classes] for text in texts], classes

    def is_numeric(self, column: int) -> bool:
        """Whether a column holds nothing but numbers."""
        return all(_is_number(row[column]) for row in self.rows)

    def _lines(self) -> list[tuple[int, list[str]]]:
        return list(enumerate(self.rows, self.first_line))

    def _text(self, line: int, row: list[str], column: int) -> str:
        if not row[column].strip():
            raise PresetError(self.name, f"line {line}, column {self.header[column]}", "expected a class, got nothing")
        return row[column].strip()

    def _number(self, line: int, row: list[str], column: int) -> float:
        if not _is_number(row[column]):
            place = f"line {line}, column {self.header[column]}"
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
        text = _text_of(path)
        delimiter = max(DELIMITERS, key=text.split("\n", 1)[0].count)
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except UnicodeDecodeError as error:
        raise PresetError(name, f"byte {error.start}: expected UTF-8 text") from None
    except csv.Error as error:
        raise PresetError(name, f"not CSV: {error}") from None
    # A damaged .gz is a zlib.error, and a name with the character 0 in it a ValueError.
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise PresetError(name, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return _table(name, lines)


def _text_of(path: Path) -> str:
    """The text of a file, unpacked where its name ends in .gz."""
    if path.name == STDIN:
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(f"expected at most {MOST_BYTES:,} bytes")
    return data.decode("utf-8-sig")


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
