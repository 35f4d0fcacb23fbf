"""Arrays by name out of JSON and CSV."""

import csv
import json
import math
import re
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.typed_number import quoted

MOST_NUMBERS = 2_000_000
KINDS = {str: "text", bool: "true or false", dict: "names and values", type(None): "null"}
"""JSON's names of values that are no numbers."""


EXPORTED = ["step", "quantity", "value"]
"""The header of a step that nn-tui exports as CSV."""


NUMBER = re.compile(
    r"(?P<name>loss|d?[wbza]\d{1,4}|[xy])(\[(?P<to>\d{1,9})(,(?P<from_>\d{1,9}))?\])?(@(?P<example>\d{1,9}))?"
)
"""The name of a number in such a file."""


def json_arrays(text: str) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a JSON text, by name.

    Raises:
        ValueError: it is no JSON, or holds what is no array.
    """
    try:
        tree = _tree(text)
        if isinstance(tree.get("layers"), list):
            return _of_export(tree)
        return {name: each for key, value in tree.items() for name, each in _arrays_of(key, value)}
    except RecursionError:
        raise ValueError("expected numbers in rows and columns, got lists in lists in lists") from None


def _tree(text: str) -> dict[str, Any]:
    try:
        tree: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        fault = error.msg.removesuffix(" at").removesuffix(" starting")
        raise ValueError(f"line {error.lineno}, column {error.colno}: not JSON: {fault}") from None
    except ValueError:  # an integer with thousands of digits
        raise ValueError(f"expected numbers up to {sys.float_info.max:.4g}") from None
    return tree


def _of_export(tree: dict[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a step that `nn-tui export --format json` wrote, named with the number of their layer."""
    pairs = [("loss", tree.get("batch_loss"))]
    for n, layer in enumerate(tree["layers"], 1):
        if not isinstance(layer, dict):
            raise ValueError("'layers': expected an object for each layer, with W and b")
        pairs += [(f"{name}{n}", value) for name, value in layer.items() if value != []]
    return {name: each for key, value in pairs if value is not None for name, each in _arrays_of(key, value)}


def _of_table(rows: list[list[str]]) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a step that `nn-tui export --format csv` wrote, with a line for each number."""
    entries: dict[str, dict[tuple[int, ...], float]] = {}
    for number, row in enumerate(rows, 2):
        form = NUMBER.fullmatch(row[1]) if len(row) == 3 else None
        try:
            value = float(row[2]) if form else None
        except ValueError:
            value = None
        if form is None or value is None:
            raise ValueError(f"line {number}: expected a step, a name such as w1[1,2] and its number")
        name = form["name"].replace("w", "W")
        index = tuple(int(each) - 1 for each in (form["example"], form["to"], form["from_"]) if each)
        if not form["example"] or form["to"]:  # the loss of one example is no array of an update
            entries.setdefault(name, {})[index] = value
    return {name: _from_entries(name, each) for name, each in entries.items()}


def _from_entries(name: str, entries: dict[tuple[int, ...], float]) -> npt.NDArray[Any]:
    shape = tuple(max(each) + 1 for each in zip(*entries, strict=False))
    if len(set(map(len, entries))) > 1 or math.prod(shape) != len(entries):
        raise ValueError(f"{quoted(name)}: expected all of its numbers, got {len(entries)}")
    array = np.empty(shape)
    for index, value in entries.items():
        array[index] = value
    return array


def _arrays_of(key: str, value: Any) -> list[tuple[str, npt.NDArray[Any]]]:
    """The array of a key; a list of arrays of different shapes, one for each layer, becomes numbered arrays."""
    if type(value) in KINDS:
        raise ValueError(f"{quoted(key)}: expected numbers, got {KINDS[type(value)]}")
    try:
        return [(key, _with_missing(value, key))]
    except OverflowError:
        raise ValueError(f"{quoted(key)}: expected numbers up to {sys.float_info.max:.4g}") from None
    except (ValueError, TypeError):
        if not isinstance(value, list) or key[-1:].isdigit():
            raise ValueError(f"{quoted(key)}: expected numbers in rows of one length") from None
    return [pair for n, each in enumerate(value, 1) for pair in _arrays_of(f"{key}{n}", each)]


def _with_missing(value: Any, name: str) -> npt.NDArray[Any]:
    """The array of a number or of nested lists of numbers; None is masked."""
    numbers = np.array(_holes(value), dtype=np.float64)
    if not np.isnan(numbers).any():
        return numbers_in(numbers, name)
    missing = np.array(_missing(value), bool)
    return numbers_in(np.ma.array(numbers, mask=missing) if missing.any() else numbers, name)


def _holes(value: Any) -> Any:
    """The same lists with NaN instead of None."""
    if isinstance(value, list):
        return [_holes(each) for each in value]
    return math.nan if value is None else value


def _missing(value: Any) -> Any:
    """Whether each number is missing, in the same lists."""
    return [_missing(each) for each in value] if isinstance(value, list) else value is None


def csv_arrays(text: str) -> dict[str, npt.NDArray[Any]]:
    """Lines of a name and its numbers; a name on several lines has a row on each."""
    rows: dict[str, list[list[float | None]]] = {}
    lines = list(_rows_of(text))
    if lines and lines[0] == EXPORTED:
        return _of_table(lines[1:])
    for number, row in enumerate(lines, 1):
        if not row or row[0].startswith("#"):
            continue
        name, cells = row[0].strip(), [each.strip() for each in row[1:]]
        if name.count("[") > name.count("]") and cells:  # the comma of w1[2,1] is no delimiter
            name, cells = f"{name},{cells[0]}", cells[1:]
        if ";" in name:
            what = "expected commas between a name and its numbers, and points for decimals, as in loss,0.65"
            raise ValueError(f"line {number}: {what}, got {quoted(','.join(row))}")
        while cells and not cells[-1]:
            cells.pop()
        try:
            numbers = [float(each) if each else None for each in cells]
        except ValueError:
            if number == 1:
                continue  # a header
            raise ValueError(f"line {number}: expected a name and its numbers, got {quoted(','.join(row))}") from None
        if not numbers:
            raise ValueError(f"line {number}: expected a number behind {quoted(name)}, as in loss,0.65")
        rows.setdefault(name, []).append(numbers)
    try:
        return {name: _with_missing(each if len(each) > 1 else each[0], name) for name, each in rows.items()}
    except ValueError as error:
        raise ValueError(f"expected rows of one length for each name: {error}") from None


def _rows_of(text: str) -> Iterator[list[str]]:
    reader = csv.reader(_lines_of(text), skipinitialspace=True)
    try:
        yield from reader
    except csv.Error:
        most = csv.field_size_limit()
        raise ValueError(f"line {reader.line_num}: expected CSV, with values of at most {most:,} characters") from None


def _lines_of(text: str) -> list[str]:
    return text.replace(";", ",").replace("\t", ",").splitlines() if "," not in text else text.splitlines()


def numbers_in(array: npt.NDArray[Any], name: str) -> npt.NDArray[Any]:
    """The array, checked to be numeric and not too large.

    Raises:
        ValueError: it is not, or is too large.
    """
    if array.dtype.kind not in "fiub" or array.ndim > 3:
        raise ValueError(f"{quoted(name)}: expected numbers in rows and columns")
    if array.size > MOST_NUMBERS:
        raise ValueError(f"{quoted(name)}: expected at most {MOST_NUMBERS:,} numbers")
    return array if array.dtype == np.float32 else array.astype(np.float64)
