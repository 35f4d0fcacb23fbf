"""Reading examples from a CSV file with a header and numbers."""

import csv
from math import isfinite
from pathlib import Path

from .errors import PresetError
from .schema import DataTable

Numbers = list[list[float]]


def read_csv(path: Path, data: DataTable, n_out: int) -> tuple[Numbers, Numbers]:
    """The inputs and the targets that a file holds.

    Args:
        path: the file.
        data: which of its columns are which.
        n_out: how many columns to predict where `data` does not name them.

    Raises:
        PresetError: the file cannot be read, lacks a column, or holds something that is no number.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(enumerate(csv.reader(file, strict=True), 1))
    except OSError as error:
        raise PresetError(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise PresetError(str(path), "expected UTF-8 text") from None
    except csv.Error as error:
        raise PresetError(str(path), f"not CSV: {error}") from None
    lines = [(line, row) for line, row in rows if row]
    if len(lines) < 2:
        raise PresetError(str(path), "expected a header and at least one row")
    header = [name.strip() for name in lines[0][1]]
    targets = [data.target] if isinstance(data.target, str) else data.target or header[-n_out:]
    features = data.features or [name for name in header if name not in targets]
    return (
        _columns(path, header, lines[1:], features, "data.features"),
        _columns(path, header, lines[1:], targets, "data.target"),
    )


def _columns(
    path: Path, header: list[str], lines: list[tuple[int, list[str]]], wanted: list[str], place: str
) -> Numbers:
    for name in wanted:
        if name not in header:
            raise PresetError(str(path), f"no column is named {name!r} ({place}); known are {', '.join(header)}")
    indices = [header.index(name) for name in wanted]
    return [[_number(path, line, header, row, index) for index in indices] for line, row in lines]


def _number(path: Path, line: int, header: list[str], row: list[str], index: int) -> float:
    place = f"line {line}"
    if len(row) != len(header):
        raise PresetError(str(path), place, f"expected {len(header)} values, as in the header, got {len(row)}")
    try:
        number = float(row[index])
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise PresetError(str(path), f"{place}, column {header[index]}", f"expected a number, got {row[index]!r}")
    return number
