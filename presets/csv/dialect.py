"""The format of a CSV file: its delimiter, its decimal sign, and whether it has a header."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from .cells import DECIMAL_COMMA, cell_number, is_missing
from .encoding import ENCODING_NAMES, UTF_8

DELIMITERS = {"\t": "tabs", ";": "semicolons", ",": "commas"}
"""In the order in which they are tried: a comma may be a decimal sign."""
SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=([,;\t])"?', re.IGNORECASE)
"""The first line by which a spreadsheet names the delimiter."""
DECIMALS = {".": "point", ",": "comma"}
PERHAPS_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
"""A number whose point or comma may be decimal, or separate thousands."""
LONGEST = 9
"""Characters of a number that may be a column's name."""
MOST = 0.5
"""Above this share of fractions in a column, a whole number over it is a name."""
SAMPLE = 1_000
"""Rows by whose cells a header is recognized."""


class Dialect(NamedTuple):
    """The format of a file."""

    encoding: str
    delimiter: str
    decimal: str
    has_header: bool
    doubtful: str = ""
    """A number whose decimal sign could separate thousands, where that is so of every number with one."""

    @property
    def words(self) -> list[str]:
        """Unusual parts of the format, in words."""
        doubt = f": {self.doubtful} is {cell_number(self.doubtful, self.decimal):g}" if self.doubtful else ""
        return [
            *([DELIMITERS[self.delimiter]] if self.delimiter != "," else []),
            *([f"decimal {DECIMALS[self.decimal]}{doubt}"] if self.decimal == "," or doubt else []),
            *([ENCODING_NAMES.get(self.encoding, self.encoding)] if self.encoding != UTF_8 else []),
        ]


def delimiter_of(lines: Sequence[str]) -> str:
    """The tab, semicolon or comma that cuts most of these lines into the same number of values."""
    agreeing = {each: _agreeing(lines, each) for each in DELIMITERS}
    return max(agreeing, key=lambda each: agreeing[each]) if any(agreeing.values()) else ","


def decimal_of(rows: Sequence[list[str]], delimiter: str) -> str:
    """The comma where numbers have one and none has a point; else the point."""
    if delimiter == ",":
        return "."
    has_comma = any(DECIMAL_COMMA.fullmatch(cell.strip()) for row in rows for cell in row if "," in cell)
    has_point = has_comma and any(
        cell_number(cell) is not None for row in rows for cell in row if "." in cell and "," not in cell
    )
    return "," if has_comma and not has_point else "."


def doubtful_number(rows: Sequence[list[str]], delimiter: str, decimal: str) -> str:
    """The first number with a decimal sign, where every one could have it between thousands; else nothing.

    Between commas the point is decimal, as where they are used.
    """
    first = ""
    for cell in (cell.strip() for row in rows if delimiter != "," for cell in row if decimal in cell):
        if cell_number(cell, decimal) is None:
            continue
        if not PERHAPS_THOUSANDS.fullmatch(cell):
            return ""
        first = first or cell
    return first


def has_header(rows: Sequence[list[str]], decimal: str) -> bool:
    """Whether the first of some rows names the columns of those below.

    It does where it has a text over numbers, or nothing over an index that counts from 0; where its numbers count up,
    as 0, 1, 2 or 2019, 2020, 2021, over a column of fractions; and where neither it nor any column below is numeric.
    """
    first, below = rows[0], rows[1:SAMPLE]
    numbers = [cell_number(cell, decimal) for cell in first]
    if not below:
        return not any(number is not None for number in numbers)
    columns = list(zip(*below, strict=True))
    is_numeric = [_are_numbers(column, decimal) for column in columns]
    texts = [number is None and not is_missing(cell) for number, cell in zip(numbers, first, strict=True)]
    if any(text and numeric for text, numeric in zip(texts, is_numeric, strict=True)):
        return True
    if not first[0].strip() and counts_from(columns[0], 0):
        return True
    if not any(is_numeric):
        return not any(number is not None for number in numbers)
    places = [n for n, number in enumerate(numbers) if number is not None]
    names_below = any(
        text and cell not in set(column) for text, cell, column in zip(texts, first, columns, strict=True)
    )
    return _counts_up([first[n] for n in places]) and _have_fractions(
        [columns[n] for n in places], decimal, names_below
    )


def counts_from(cells: Sequence[str], first: int) -> bool:
    """Whether cells hold whole numbers that count up from this one, as an index does."""
    return all(cell.strip() == str(first + n) for n, cell in enumerate(cells))


def _agreeing(lines: Sequence[str], delimiter: str) -> int:
    """How many lines have the number of values that most have, where that is more than one."""
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
    except csv.Error:
        return 0
    return max(widths.values(), default=0)


def _are_numbers(cells: Sequence[str], decimal: str) -> bool:
    values = [cell_number(cell, decimal) for cell in cells if not is_missing(cell)]
    return bool(values) and None not in values


def _counts_up(cells: Sequence[str]) -> bool:
    """Whether these are whole numbers, at least two, each greater by 1 than the previous number."""
    if not all(cell.strip().isdecimal() and len(cell) <= LONGEST for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _have_fractions(columns: Sequence[Sequence[str]], decimal: str, is_named: bool) -> bool:
    """Whether columns of numbers are of another kind than whole numbers above them.

    Two whole numbers alone may be values, as in a table of cos x that begins with 0, 1.
    """
    shares = [sum(decimal in cell for cell in column) / len(column) for column in columns]
    return max(shares) > MOST if len(columns) > 2 else is_named and min(shares) == 1
