"""The table of a CSV file: its columns by position, and the numbers or classes in them."""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan

import numpy as np

from ...core.functions.arrays import Array
from ...core.suggestions import suggestion
from ...core.typed_number import quoted
from ..errors import PresetError
from .cells import TRUTHS, cell_number, class_fault, is_missing, number_advice, number_fault
from .dialect import Dialect, counts_from

FEW = 5
"""Names that a message lists."""
FEW_OF_HEADER = 3
"""Names by which a header is seen."""
WORD = re.compile(r"[\w.%+-]+")
"""A name that a shell reads as it is."""
SAMPLE = 1_000
"""Rows by which a column of texts is recognized."""
LONGEST = 40
"""Characters of a name that a message shows."""


@dataclass(frozen=True, eq=False)
class CsvTable:
    """The rows of a CSV file, each with a value for each column; columns count from 0."""

    name: str
    """Of the file, for messages."""
    format: Dialect
    names: list[str]
    """Of the columns; they may repeat or be empty."""
    rows: list[list[str]]
    lines: "array[int]"
    """The line of the file in which each row begins, from 1."""

    @property
    def words(self) -> list[str]:
        """How it is written, in words; a row of data that was taken for the header is seen by its first values."""
        names = name_list([name or "''" for name in self.names], FEW_OF_HEADER)
        return [f"header ({names})" if self.format.has_header else "no header", *self.format.words]

    def column(self, wanted: str | int, key: str) -> int:
        """A column by its name, or by its position from 1; `key` says where it was asked for.

        Raises:
            PresetError: there is no such column, or several have this name.
        """
        named = self.names.count(wanted) if isinstance(wanted, str) else 0
        if named == 1:
            return self.names.index(str(wanted))
        if named:
            places = name_list([str(n + 1) for n, name in enumerate(self.names) if name == wanted])
            message = f"{named} columns are named {quoted(str(wanted))}: expected one of the positions {places}"
            raise PresetError(self.name, f"{message} ({key})")
        if str(wanted).isdecimal() and len(str(wanted)) < LONGEST and 1 <= int(wanted) <= len(self.names):
            return int(wanted) - 1
        known = self.labels(range(len(self.names)))
        meant = suggestion(str(wanted), self.names)
        raise PresetError(self.name, f"no column is named {quoted(str(wanted))} ({key}); known are {known}{meant}")

    def columns(self, wanted: Iterable[str | int] | None, key: str) -> list[int]:
        """Columns by their names or positions; a text that names none may be a list with commas.

        Raises:
            PresetError: there is no such column, several have this name, one is named twice, or a text names none.
        """
        found = [self.column(each, key) for one in wanted or () for each in self._parts(one, key)]
        twice = [each for n, each in enumerate(found) if each in found[:n]]
        if twice:
            raise PresetError(self.name, f"expected each column once, got {self.label(twice[0])} twice ({key})")
        return found

    def _parts(self, wanted: str | int, key: str) -> list[str | int]:
        is_list = isinstance(wanted, str) and wanted not in self.names and "," in wanted
        if not is_list:
            return [wanted]
        if parts := [each.strip() for each in str(wanted).split(",") if each.strip()]:
            return [*parts]
        raise PresetError(self.name, f"expected names of columns, got {quoted(str(wanted))} ({key})")

    def only(self, rows: Sequence[int]) -> "CsvTable":
        """The table of some of its rows, which count from 0."""
        return replace(self, rows=[self.rows[n] for n in rows], lines=array("i", [self.lines[n] for n in rows]))

    def label(self, column: int) -> str:
        """The name of a column in messages, with its position if the name is not unique."""
        name = self.names[column]
        if not name or not self.format.has_header:
            return f"column {column + 1}"
        return shown_name(name) if self.names.count(name) == 1 else f"{shown_name(name)} (column {column + 1})"

    def labels(self, columns: Sequence[int]) -> str:
        """The first of these columns, as a message lists them."""
        return name_list([self.label(column) for column in columns[: FEW + 1]])

    def numbers(self, columns: Sequence[int], *, with_holes: bool = False) -> Array:
        """The numbers in these columns, (rows, columns); true and false are 1 and 0 where a column has nothing else.

        With holes, a missing value is NaN.

        Raises:
            PresetError: a cell is no number.
        """
        found = np.empty((len(self.rows), len(columns)))
        for n, column in enumerate(columns):
            found[:, n] = self._plain_numbers(column) or self._read_numbers(column, with_holes)
        return found

    def _plain_numbers(self, column: int) -> list[float] | None:
        """The numbers of a column in which Python's own reading finds nothing to ask about; else None."""
        cells = [row[column] for row in self.rows]
        try:
            values = list(map(float, cells))
        except ValueError:
            return None
        return (
            values if self.format.decimal == "." and all(map(isfinite, values)) and "_" not in "".join(cells) else None
        )

    def _read_numbers(self, column: int, with_holes: bool) -> Array:
        read = self._each_truth if self.is_truth(column) else self._each_number
        return np.fromiter(read(column, with_holes), np.float64, len(self.rows))

    def texts(self, column: int) -> list[str]:
        """The classes in a column.

        Raises:
            PresetError: a cell has none.
        """
        for row, line in zip(self.rows, self.lines, strict=True):
            if is_missing(row[column]):
                raise self.fault(line, column, class_fault(row[column]))
        return [row[column].strip() for row in self.rows]

    def values(self, column: int) -> list[str]:
        """The different texts in a column, in order, without missing ones."""
        return sorted({row[column].strip() for row in self.rows if not is_missing(row[column])})

    def is_numeric(self, column: int) -> bool:
        """Whether a column holds numbers, some of which may be missing."""
        values = (cell_number(row[column], self.format.decimal) for row in self.rows if not is_missing(row[column]))
        first = next(values, None)
        return first is not None and all(value is not None for value in values)

    def is_truth(self, column: int) -> bool:
        """Whether a column holds only true and false, some of which may be missing."""
        texts = (row[column] for row in self.rows)
        first = next((text for text in texts if not is_missing(text)), None)
        if first is None or first.strip().lower() not in TRUTHS:
            return False
        return all(text.strip().lower() in TRUTHS or is_missing(text) for text in texts)

    def index(self) -> int | None:
        """The column of row numbers that pandas and R write: the first, the only one without a name; None if none."""
        if not self.format.has_header or [n for n, name in enumerate(self.names) if not _is_named(name)] != [0]:
            return None
        cells = [row[0] for row in self.rows]
        return 0 if counts_from(cells, 0) or counts_from(cells, 1) else None

    def fault(self, line: int, column: int, what: str) -> PresetError:
        """The error of a cell."""
        label = self.label(column)
        return PresetError(
            self.name, f"line {line}, {label if label.startswith('column') else f'column {label}'}", what
        )

    def _each_truth(self, column: int, with_holes: bool) -> Iterator[float]:
        for row, line in zip(self.rows, self.lines, strict=True):
            value = TRUTHS.get(row[column].strip().lower())
            if value is None and not with_holes:
                raise self.fault(line, column, number_fault(row[column]))
            yield nan if value is None else value

    def _each_number(self, column: int, with_holes: bool) -> Iterator[float]:
        decimal = self.format.decimal
        for row, line in zip(self.rows, self.lines, strict=True):
            value = cell_number(row[column], decimal)
            if value is None and with_holes and is_missing(row[column]):
                value = nan
            if value is None:
                advice = "" if number_advice(row[column]) else self._advice(column)
                raise self.fault(line, column, number_fault(row[column]) + advice)
            yield value

    def _advice(self, column: int) -> str:
        """Advice for a text where a number is expected."""
        texts = [row[column] for row in self.rows[:SAMPLE] if not is_missing(row[column])]
        numbers = sum(cell_number(text, self.format.decimal) is not None for text in texts)
        if 2 * numbers >= len(texts):
            return ": correct it, or delete the line"
        if any(number_advice(text) for text in texts[:FEW]):
            return ""
        distinct = {text.strip() for text in texts}
        name = self.names[column] if self.names.count(self.names[column]) == 1 else str(column + 1)
        ignore = f"--ignore {shell_word(name)}"
        if 2 * len(distinct) > len(texts) and len(distinct) > FEW:
            return f": use {ignore}"
        return f": use --one-hot {shell_word(name)} for an input of each of {name_list(sorted(distinct))}, or {ignore}"


def shown_name(name: str) -> str:
    """The name of a column or a class, in one line; in quotes if it contains a comma or the like."""
    cut = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    return cut if cut.isprintable() and "," not in cut else repr(cut)


def shell_word(name: str) -> str:
    """The name of a column as it is typed behind an option."""
    return name if WORD.fullmatch(name) else repr(name)


def name_list(names: Sequence[str], few: int = FEW) -> str:
    """The first few names."""
    return ", ".join(map(shown_name, names[:few])) + " …" * (len(names) > few)


def _is_named(name: str) -> bool:
    return bool(name) and not name.startswith("Unnamed: ")
