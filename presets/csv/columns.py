"""From the table of a CSV file to examples: which columns are features and targets, and which rows are used."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...core.functions.arrays import Array
from ...core.functions.losses import loss_of
from ...core.typed_number import quoted
from ..errors import PresetError
from ..network_examples import Examples
from ..schema import DataTable
from .cells import class_fault, is_missing
from .table import CsvTable, name_list, shown_name
from .targets import (
    ColumnTargets,
    TargetColumn,
    is_one_hot,
    shape_that_fits,
    targets_of_numbers,
    targets_of_texts,
)

VALUE = "="
"""Between a column and one of its values, in the name of the input that is 1 where the column has that value."""


class Columns(NamedTuple):
    """What each column is for."""

    features: list[int]
    one_hot: frozenset[int]
    """Features of which each value is an input of its own."""
    targets: list[int]
    ignored: list[int]
    """The columns of --ignore."""
    row_numbers: int | None
    """The column of row numbers, which is left out."""


class UsedRows(NamedTuple):
    """The rows that become examples, and remarks on the others and on missing values."""

    rows: list[int]
    """From 0."""
    words: tuple[str, ...]


def examples_of_table(table: CsvTable, data: DataTable, sizes: list[int], loss: str) -> Examples:
    """The examples in a table, for a network of these sizes.

    Raises:
        PresetError: the columns do not fit the network, or a cell is not what its column should hold.
    """
    columns = _columns(table, data, sizes, loss)
    values = {column: table.values(column) for column in columns.one_hot}
    if (n_in := sum(len(values.get(column, " ")) for column in columns.features)) != sizes[0]:
        raise PresetError(table.name, _features_fault(table, columns, values, sizes, n_in))
    used = _used_rows(table, columns, data)
    whole, table = table, table.only(used.rows) if len(used.rows) < len(table.rows) else table
    X = _inputs(table, columns, values, n_in, with_holes=data.missing == "mean")
    if len(columns.targets) == 1:
        targets = _of_column(table, columns.targets[0], sizes, loss)
    else:
        y = table.numbers(columns.targets)
        targets = ColumnTargets(y, (), f"targets {table.labels(columns.targets)}")
    return Examples(
        X,
        targets.y,
        targets.class_names,
        _input_names(table, columns, values),
        _names(table, columns.targets) if len(columns.targets) == sizes[-1] else (),
        _origin(whole, columns, values, X, targets, used),
        np.array(used.rows, np.int64) + 1 if table is not whole else None,
    )


def _names(table: CsvTable, columns: Sequence[int]) -> tuple[str, ...]:
    """The names of these columns in the header; empty if there is none."""
    return tuple(table.names[column] for column in columns) if table.format.has_header else ()


def _input_names(table: CsvTable, columns: Columns, values: dict[int, list[str]]) -> tuple[str, ...]:
    """The name of each input; columns without a header are named only if one of them is several inputs."""
    if not columns.one_hot:
        return _names(table, columns.features)
    names = table.names
    return tuple(
        f"{names[column]}{VALUE}{value}" if column in values else names[column]
        for column in columns.features
        for value in values.get(column, [""])
    )


def _columns(table: CsvTable, data: DataTable, sizes: list[int], loss: str) -> Columns:
    index, every = table.index(), range(len(table.names))
    named = [data.target] if isinstance(data.target, str | int) else data.target
    features = None if data.features is None else table.columns(data.features, "data.features")
    one_hot = table.columns(data.one_hot, "data.one_hot")
    ignored = table.columns(data.ignore, "data.ignore")
    if features is not None:
        features += [n for n in one_hot if n not in features]
    taken = {index, *ignored, *(features or ())}
    free = [n for n in every if n not in taken]
    targets = (
        _last(table, features, free, one_hot, sizes, loss) if named is None else table.columns(named, "data.target")
    )
    _check_apart(table, "ignored (data.ignore)", ignored, "the target", targets)
    _check_apart(table, "ignored (data.ignore)", ignored, "a feature (data.features)", features or one_hot)
    _check_apart(table, "the target", targets, "a feature (data.one_hot)", one_hot)
    if features is None:
        features = [n for n in every if n != index and n not in ignored]
    features = [n for n in features if n not in targets]
    row_numbers = index if index not in (*features, *targets, *ignored) else None
    return Columns(features, frozenset(one_hot), targets, ignored, row_numbers)


def _check_apart(table: CsvTable, one: str, columns: Sequence[int], other: str, others: Sequence[int]) -> None:
    if both := next((n for n in columns if n in others), None):
        raise PresetError(table.name, f"column {quoted(table.names[both])} is {one} and {other}: expected only one")


def _last(
    table: CsvTable, features: list[int] | None, free: list[int], one_hot: list[int], sizes: list[int], loss: str
) -> list[int]:
    """The last column, or one for each output, if all other columns are features and that is no guess."""
    n_out = sizes[-1]
    if not free:
        return [len(table.names) - 1]
    last, others = free[-n_out:], free[:-n_out]
    inputs = sum(len(table.values(n)) if n in one_hot else 1 for n in others)
    if n_out == 1 or len(last) < n_out or inputs != (0 if features is not None else sizes[0]):
        return free[-1:]
    if not all(table.is_numeric(n) for n in last):
        return free[-1:]
    if loss_of(loss).classes and not is_one_hot(table.numbers(last)):
        return free[-1:]
    return last


def _used_rows(table: CsvTable, columns: Columns, data: DataTable) -> UsedRows:
    """The rows to use; rows with a missing value are treated as the preset says.

    Raises:
        PresetError: no row is left.
    """
    filled = [n for n, row in enumerate(table.rows) if any(cell.strip() for cell in row)]
    words = []
    if empty := len(table.rows) - len(filled):
        words.append(f"{_counted(empty, 'empty row')} ignored")
    needed = {"drop": [*columns.features, *columns.targets], "mean": columns.targets}.get(data.missing or "", [])
    rows = [n for n in filled if not any(is_missing(table.rows[n][column]) for column in needed)]
    if dropped := len(filled) - len(rows):
        what = "with missing values" if data.missing == "drop" else f"without {table.labels(columns.targets)}"
        words.append(f"dropped: {_counted(dropped, 'row')} {what}")
    if not rows and data.missing == "mean":
        what = f"every row is without {table.labels(columns.targets)}: --target names another column"
        raise PresetError(table.name, what)
    if not rows:
        raise PresetError(
            table.name, "every row has a missing value: expected --missing mean, or --ignore with columns"
        )
    if data.missing == "mean":
        holes = {n: sum(is_missing(table.rows[row][n]) for row in rows) for n in columns.features}
        names = name_list([table.label(n) for n, count in holes.items() if count])
        words += (
            [f"filled in by the mean: {_counted(sum(holes.values()), 'missing value')} of {names}"] if names else []
        )
    return UsedRows(rows, tuple(words))


def _inputs(table: CsvTable, columns: Columns, values: dict[int, list[str]], n_in: int, *, with_holes: bool) -> Array:
    """The inputs of all rows, (rows, n_in)."""
    if not columns.one_hot:
        return table.numbers(columns.features, with_holes=with_holes)
    X, n = np.empty((len(table.rows), n_in)), 0
    for column in columns.features:
        block = (
            indicators(table, column, values[column], with_holes=with_holes)
            if column in values
            else table.numbers([column], with_holes=with_holes)
        )
        X[:, n : n + block.shape[1]] = block
        n += block.shape[1]
    return X


def indicators(table: CsvTable, column: int, values: Sequence[str], *, with_holes: bool) -> Array:
    """1 where a column has a value, else 0, (rows, values); with holes, a row is NaN where the column has none.

    Raises:
        PresetError: the column has another value, or none.
    """
    number_of = {value: n for n, value in enumerate(values)}
    found = np.zeros((len(table.rows), len(values)))
    for n, (row, line) in enumerate(zip(table.rows, table.lines, strict=True)):
        text = row[column].strip()
        if is_missing(text) and with_holes:
            found[n] = np.nan
        elif text in number_of and not is_missing(text):
            found[n, number_of[text]] = 1.0
        else:
            got = class_fault(text) if is_missing(text) else f"expected one of {name_list(values)}, got {quoted(text)}"
            raise table.fault(line, column, got)
    return found


def _of_column(table: CsvTable, column: int, sizes: list[int], loss: str) -> ColumnTargets:
    """The targets in one column."""
    of = TargetColumn(table.name, table.label(column), sizes, loss)
    if not table.is_numeric(column):
        return targets_of_texts(table.texts(column), of)
    return targets_of_numbers(table.numbers([column])[:, 0], of, table.texts(column))


def _features_fault(
    table: CsvTable, columns: Columns, values: dict[int, list[str]], sizes: list[int], n_in: int
) -> str:
    wide = [f"{table.label(n)} has {len(each)} values" for n, each in values.items() if len(each) > 1]
    got = f"got {n_in}" + f": {table.labels(columns.features)}" * bool(columns.features)
    others = [f"{table.labels(columns.targets)} {'is the target' if len(columns.targets) == 1 else 'are the targets'}"]
    if columns.row_numbers is not None:
        others.append(f"{table.label(columns.row_numbers)} numbers the rows")
    if texts := [n for n in columns.features if n not in values and not (table.is_numeric(n) or table.is_truth(n))]:
        others.append(f"{table.labels(texts)} {'has' if len(texts) == 1 else 'have'} text: --one-hot or --ignore")
    fits = shape_that_fits(sizes, n_in=n_in) if n_in and not texts else ""
    expected = f"expected {sizes[0]} feature{'s' * (sizes[0] > 1)}, one for each input"
    return f"{expected}, {got} ({'; '.join([*others, *wide])}){fits}"


def _origin(
    table: CsvTable,
    columns: Columns,
    values: dict[int, list[str]],
    X: Array,
    targets: ColumnTargets,
    used: UsedRows,
) -> str:
    """The decisions, in one line."""
    plain = [column for column in columns.features if column not in values]
    places = np.cumsum([0, *(len(values.get(column, " ")) for column in columns.features)])[:-1]
    at = dict(zip(columns.features, places.tolist(), strict=True))
    constant = [column for column in plain if np.all(X[:, at[column]] == X[0, at[column]])]
    truths = [column for column in plain if table.is_truth(column)]
    notes = [
        f"{shown_name(Path(table.name).name)}: "
        + ", ".join([_counted(len(table.rows), "row"), *table.words, targets.words]),
        *(f"{table.label(column)} as {len(each)} inputs {name_list(each)}" for column, each in values.items()),
        *([f"constant: {table.labels(constant)}"] if constant else []),
        *([f"true, false as 1, 0: {table.labels(truths)}"] if truths else []),
        *([f"ignored: {table.label(columns.row_numbers)}, row numbers"] if columns.row_numbers is not None else []),
        *([f"ignored: {table.labels(columns.ignored)}"] if columns.ignored else []),
        *used.words,
    ]
    return "; ".join(notes)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
