"""Reading a CSV file: from its lines to a table whose rows are equally long."""

import csv
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from ...core.typed_number import quoted
from ..data_budget import USUAL_BUDGET, DataBudget
from ..errors import PresetError
from .cells import cell_number
from .dialect import SEPARATOR_LINE, Dialect, decimal_of, delimiter_of, doubtful_number, has_header
from .encoding import STDIN, CsvText, read_csv_text
from .table import CsvTable

MOST_COLUMNS = 10_000
LINES_SEEN = 100
"""Lines by which the delimiter is recognized."""


class CsvRows(NamedTuple):
    """The rows of a file that are not blank, and the line in which each begins."""

    cells: list[list[str]]
    lines: "array[int]"


def read_table(
    path: Path,
    header: bool | None = None,
    encoding: str | None = None,
    budget: DataBudget = USUAL_BUDGET,
    *,
    least_columns: int = 2,
) -> CsvTable:
    """The table in a file, or on the standard input where its name is "-".

    Blank lines are left out, and so are rows of empty cells at the end.

    Args:
        path: the file.
        header: whether its first row names the columns; None to decide by what is in it. Without a header, the
            columns are named 1, 2, 3 …
        encoding: of its text; None to decide by what is in it.
        budget: memory for examples.
        least_columns: of a table; where there are fewer, the delimiter is another one.

    Raises:
        PresetError: the file cannot be read, or is no table.
    """
    name = "standard input" if path.name == STDIN else str(path)
    text = read_csv_text(path, name, encoding, budget)
    try:
        delimiter, rows = _parsed(text, budget)
    except ValueError as error:
        raise PresetError(name, str(error)) from None
    if not rows.cells:
        raise PresetError(name, "expected at least one row of values")
    _check_rows(name, rows, least_columns)
    decimal = decimal_of(rows.cells, delimiter)
    header = has_header(rows.cells, decimal) if header is None else header
    doubtful = doubtful_number(rows.cells, delimiter, decimal)
    return _table(name, Dialect(text.encoding, delimiter, decimal, header, doubtful), rows)


def _table(name: str, form: Dialect, rows: CsvRows) -> CsvTable:
    cells, lines = rows
    names = [str(n + 1) for n in range(len(cells[0]))]
    if form.has_header:
        names, lines = [cell.strip() for cell in cells.pop(0)], lines[1:]
    if not cells:
        raise PresetError(name, "expected at least one row of values")
    return CsvTable(name, form, names, cells, lines)


def _parsed(text: CsvText, budget: DataBudget) -> tuple[str, CsvRows]:
    """The delimiter and the rows of a text."""
    lines = text.lines()
    first = next(lines, "")
    named = SEPARATOR_LINE.fullmatch(first.strip("\r\n"))
    begin = [] if named else [first]
    begin += islice(lines, LINES_SEEN)
    delimiter = named[1] if named else delimiter_of(begin)
    return delimiter, _rows(chain(begin, lines), delimiter, skipped=1 if named else 0, budget=budget)


def _rows(text: Iterable[str], delimiter: str, skipped: int, budget: DataBudget) -> CsvRows:
    cells: list[list[str]] = []
    lines = array("i")
    count, before, most = 0, 0, budget.cells
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    for row in _each_row(reader, skipped):
        count += max(len(row), 1)
        if len(row) > MOST_COLUMNS:
            raise ValueError(f"expected at most {MOST_COLUMNS:,} columns, got {len(row):,}")
        if count > most:
            raise ValueError(f"expected at most {most:,} values{budget.advice}")
        if len(row) > 1 or any(cell.strip() for cell in row):
            cells.append(row)
            lines.append(skipped + before + 1)
        before = reader.line_num
    while cells and not any(cell.strip() for cell in cells[-1]):
        cells.pop(), lines.pop()
    return CsvRows(cells, lines)


def _each_row(reader: Any, skipped: int) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        most = csv.field_size_limit()
        raise ValueError(
            f"line {skipped + reader.line_num}: expected values of at most {most:,} characters; a value in quotes ends "
            "with a quote, and a quote in it is written twice"
        ) from None


def _check_rows(name: str, rows: CsvRows, least_columns: int) -> None:
    """Refuse comments, a title, and rows that are longer or shorter than most."""
    usual = Counter(map(len, rows.cells)).most_common(1)[0][0]
    _check_comments(name, rows, usual)
    for n, (row, line) in enumerate(zip(rows.cells, rows.lines, strict=True)):
        if len(row) != usual:
            raise PresetError(name, f"line {line}", _width_fault(row, usual, is_first=n == 0))
    if usual < least_columns:
        first = quoted(rows.cells[0][0])
        raise PresetError(name, f"expected values between commas, semicolons or tabs, got lines such as {first}")


def _width_fault(row: list[str], usual: int, *, is_first: bool) -> str:
    """The error for a row whose number of values differs from most rows."""
    if row[0].startswith("#"):
        return f"expected {usual} values, got {quoted(row[0])}, a comment: delete the line"
    if is_first and len(row) < usual:
        title = quoted(row[0])
        return f"expected {usual} values, as in the lines below, got {title}, perhaps a title: delete the line"
    return f"expected {usual} values, as in the other lines, got {len(row)}"


def _check_comments(name: str, rows: CsvRows, usual: int) -> None:
    """Refuse lines that begin with # above the table; one may be the header, as NumPy writes it."""
    count = next((n for n, row in enumerate(rows.cells) if not row[0].lstrip().startswith("#")), len(rows.cells))
    is_header = count == 1 and len(rows.cells[0]) == usual and any(map(_has_number, rows.cells[1:2]))
    if not count or is_header:
        return
    comment, first, last = quoted(rows.cells[0][0]), rows.lines[0], rows.lines[count - 1]
    if count == 1:
        raise PresetError(name, f"line {first}", f"expected the table, got {comment}, a comment: delete the line")
    what = f"expected the table, got comments such as {comment}: delete the lines"
    raise PresetError(name, f"lines {first} to {last}", what)


def _has_number(row: list[str]) -> bool:
    return any(cell_number(cell) is not None for cell in row)
