"""From the table of a CSV file to examples: which columns are features and targets, and which targets are classes."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...core.functions.arrays import Array
from ...core.functions.losses import LOSSES
from ..errors import PresetError
from ..preprocessing import one_hot
from ..schema import DataTable
from .table import CsvTable, name_list, shown_name


class Examples(NamedTuple):
    """What a network learns from."""

    X: Array
    y: Array
    class_names: tuple[str, ...] = ()
    """Where the targets are classes."""
    input_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    """Of columns that are each the target of an output."""
    origin: str = ""
    """How the file was read that they are from, in one line; empty where there is none or it comes with nn-tui."""


class ColumnTargets(NamedTuple):
    """Targets, and what was decided of them."""

    y: Array
    class_names: tuple[str, ...]
    words: str


class Columns(NamedTuple):
    """What each column is for."""

    features: list[int]
    targets: list[int]
    row_numbers: int | None
    """The one that holds row numbers and is left out."""


def examples_of_table(table: CsvTable, data: DataTable, sizes: list[int], loss: str) -> Examples:
    """The examples in a table, for a network of these sizes.

    Raises:
        PresetError: the columns do not fit the network, or a cell is not what its column should hold.
    """
    columns = _columns(table, data, sizes, loss)
    if len(columns.features) != sizes[0]:
        raise PresetError(table.name, _features_fault(table, columns, sizes[0]))
    X = table.numbers(columns.features)
    if len(columns.targets) == 1:
        targets = _of_column(table, columns.targets[0], sizes[-1], loss)
    else:
        y = table.numbers(columns.targets)
        targets = ColumnTargets(y, (), f"targets {table.labels(columns.targets)}")
    return Examples(
        X,
        targets.y,
        targets.class_names,
        _names(table, columns.features),
        _names(table, columns.targets) if len(columns.targets) == sizes[-1] else (),
        _origin(table, columns, X, targets),
    )


def _names(table: CsvTable, columns: Sequence[int]) -> tuple[str, ...]:
    """What the header calls these columns; nothing where there is none."""
    return tuple(table.names[column] for column in columns) if table.format.has_header else ()


def _columns(table: CsvTable, data: DataTable, sizes: list[int], loss: str) -> Columns:
    index, every = table.index(), range(len(table.names))
    named = [data.target] if isinstance(data.target, str | int) else data.target
    features = None if data.features is None else [table.column(each, "data.features") for each in data.features]
    taken = {index, *(features or ())}
    free = [n for n in every if n not in taken]
    targets = (
        _last(table, features, free, sizes, loss)
        if named is None
        else [table.column(each, "data.target") for each in named]
    )
    if features is None:
        features = [n for n in every if n != index]
    features = [n for n in features if n not in targets]
    return Columns(features, targets, index if index not in (*features, *targets) else None)


def _last(table: CsvTable, features: list[int] | None, free: list[int], sizes: list[int], loss: str) -> list[int]:
    """The last column; or the last ones, one for each output, where all others are features and that is no guess."""
    n_in, n_out = sizes[0], sizes[-1]
    left = 0 if features is not None else n_in
    last = [len(table.names) - 1]
    if n_out == 1 or len(free) != left + n_out or not all(table.is_numeric(n) for n in free[-n_out:]):
        return last
    if LOSSES[loss].classes and not _is_one_hot(table.numbers(free[-n_out:])):
        return last
    return free[-n_out:]


def _is_one_hot(y: Array) -> bool:
    return bool(np.all((y == 0) | (y == 1)) and np.all(y.sum(axis=1) == 1))


def _of_column(table: CsvTable, column: int, n_out: int, loss: str) -> ColumnTargets:
    """The targets in one column."""
    label = f"target {table.label(column)}"
    if not table.is_numeric(column):
        texts = table.texts(column)
        names = sorted(set(texts))
        number_of = {name: n for n, name in enumerate(names)}
        return _of_classes(table, label, np.array([number_of[text] for text in texts]), names, n_out, loss)
    values = table.numbers([column])[:, 0]
    are_whole = bool(np.all(values == np.round(values)))
    if n_out > 1 or (LOSSES[loss].classes and are_whole):
        return _of_whole_numbers(table, label, values, n_out, loss, are_whole=are_whole)
    return ColumnTargets(values[:, np.newaxis], (), f"{label}: {_range(values)}")


def _of_whole_numbers(
    table: CsvTable, label: str, values: Array, n_out: int, loss: str, *, are_whole: bool
) -> ColumnTargets:
    """Classes that are numbers: each its output's own where they count from 0, else in their order."""
    if not are_whole:
        what = (
            f"expected {n_out} targets, one for each output, got the numbers of one column, {label.partition(' ')[2]}"
        )
        raise PresetError(table.name, f"{what}: name all {n_out} by --target or data.target")
    distinct = np.unique(values)
    if 1 < len(distinct) < n_out and 0 <= distinct[0] and distinct[-1] < n_out:
        distinct = np.arange(n_out, dtype=np.float64)
    if n_out == 1 and set(distinct.tolist()) <= set(LOSSES[loss].classes or ()):
        words = f"2 classes {distinct[0]:g}, {distinct[1]:g}" if len(distinct) > 1 else _range(values)
        return ColumnTargets(values[:, np.newaxis], (), f"{label}: {words}")
    names = [str(int(value)) for value in distinct.tolist()]
    return _of_classes(table, label, np.searchsorted(distinct, values), names, n_out, loss)


def _of_classes(
    table: CsvTable, label: str, numbers: npt.NDArray[np.int64], names: Sequence[str], n_out: int, loss: str
) -> ColumnTargets:
    """One-hot targets; of two classes for one output those that the loss has, such as 0 and 1."""
    summary = f"{label}: {len(names)} classes {name_list(names)}"
    if len(names) == 2 and n_out == 1:
        low, high = LOSSES[loss].classes or (0.0, 1.0)
        y = np.where(numbers == 0, low, high)[:, np.newaxis]
        return ColumnTargets(y, tuple(names), f"{summary} as {low:g}, {high:g}")
    if len(names) != n_out or n_out == 1:
        expected = "2 classes for one output" if n_out == 1 else f"{n_out} targets, one for each output"
        raise PresetError(table.name, f"expected {expected}, got {_counted(len(names))}: {name_list(names)} ({label})")
    return ColumnTargets(one_hot(numbers, n_out), tuple(names), summary)


def _counted(classes: int) -> str:
    return f"{classes} class{'es' * (classes != 1)}"


def _range(values: Array) -> str:
    least, greatest = values.min(), values.max()
    return f"numbers from {least:g} to {greatest:g}" if least < greatest else f"always {least:g}"


def _features_fault(table: CsvTable, columns: Columns, n_in: int) -> str:
    got = f"got {len(columns.features)}" + f": {table.labels(columns.features)}" * bool(columns.features)
    others = [f"{table.labels(columns.targets)} {'is the target' if len(columns.targets) == 1 else 'are the targets'}"]
    if columns.row_numbers is not None:
        others.append(f"{table.label(columns.row_numbers)} numbers the rows")
    return f"expected {n_in} features, one for each input, {got} ({'; '.join(others)})"


def _origin(table: CsvTable, columns: Columns, X: Array, targets: ColumnTargets) -> str:
    """What was decided, in a line."""
    constant = [column for n, column in enumerate(columns.features) if np.all(X[:, n] == X[0, n])]
    truths = [column for column in columns.features if table.is_truth(column)]
    rows = f"{len(table.rows)} row{'s' * (len(table.rows) != 1)}"
    notes = [
        f"{shown_name(Path(table.name).name)}: " + ", ".join([rows, *table.words, targets.words]),
        *([f"constant: {table.labels(constant)}"] if constant else []),
        *([f"true, false as 1, 0: {table.labels(truths)}"] if truths else []),
        *([f"ignored: {table.label(columns.row_numbers)}, row numbers"] if columns.row_numbers is not None else []),
    ]
    return "; ".join(notes)
