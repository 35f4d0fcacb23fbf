"""Predictions of a trained network for the rows of a CSV file, in the units of the training's data."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..core.data.dataset import Dataset
from ..core.functions.arrays import Array
from ..core.steps.state import State
from ..core.training.trainer import Trainer
from .csv.columns import VALUE, indicators
from .csv.reader import read_table
from .csv.table import CsvTable, name_list, shown_name
from .data_budget import USUAL_BUDGET, DataBudget
from .errors import PresetError
from .npz_data import ENDING, inputs_of_npz

INPUT = "an input of the network"
PREDICTED = "predicted"
USUAL_NAME = "x{}"
"""The name of an input that has none."""
OF_CSV = ("features", "header", "encoding", "kept")
"""Options that only apply to CSV files."""


class Reading(NamedTuple):
    """How the file with the inputs is read."""

    missing: str | None = None
    """The treatment of missing values: "drop" or "mean"; None if they are errors."""
    features: Sequence[str | int] | None = None
    """Its columns in the order of the inputs; None to find them by the names that the training has."""
    header: bool | None = None
    encoding: str | None = None
    kept: Sequence[str | int] | None = None
    """Its columns that are written before the predictions, as they are in the file."""
    budget: DataBudget = USUAL_BUDGET


class Predictions(NamedTuple):
    """A table of predictions, with a row for each row of the file."""

    columns: tuple[str, ...]
    rows: list[tuple[str | float, ...]]
    """A row with missing values has empty texts."""
    origin: str
    """How the file was read, in one line."""


class Source(NamedTuple):
    """A column of the file that becomes one input, or one for each value."""

    name: str
    values: tuple[str, ...] = ()


def predict_raw(trainer: Trainer, state: State, X: Array) -> Array:
    """ŷ of inputs that are not standardized, in the units of the data: (examples, n_in) to (examples, n_out)."""
    data = trainer.train
    inputs = (data.scale.standardized(X) if data.scale else X).astype(state.parameters.dtype)
    with np.errstate(all="ignore"):
        y_hat = trainer.forward_on(state, inputs, np.zeros((len(X), data.y.shape[1]), inputs.dtype)).y_hat
    return data.original_targets(y_hat)


def root_mean_squares(trainer: Trainer, state: State, data: Dataset | None) -> list[float] | None:
    """The root mean square error of each output, in the units of the data; None if targets are not standardized."""
    if data is None or data.target_scale is None:
        return None
    with np.errstate(all="ignore"):
        errors = trainer.forward_on(state, data.X, data.y).y_hat - data.y
        found: list[float] = (np.sqrt(np.mean(errors**2, axis=0)) * data.target_scale.deviation).tolist()
    return found


def predictions(trainer: Trainer, state: State, file: Path, reading: Reading) -> Predictions:
    """What a network predicts for the rows of a file.

    Raises:
        PresetError: the file cannot be read, or does not have the inputs.
    """
    words, X, notes, kept = _inputs(file, trainer.train, reading)
    is_whole = np.asarray(~np.isnan(X).any(axis=1))
    columns, cells = _table(trainer, predict_raw(trainer, state, X[is_whole]))
    found = iter(cells)
    rows = [next(found) if whole else ("",) * len(columns) for whole in is_whole.tolist()]
    if missing := len(rows) - int(is_whole.sum()):
        notes.append(f"no prediction for {_counted(missing)} with missing values")
    beside = [(*before, *row) for before, row in zip(kept.rows, rows, strict=True)]
    return Predictions((*kept.names, *columns), beside, "; ".join([words, *notes]))


def raw_inputs(file: Path, data: Dataset, reading: Reading) -> Array:
    """The inputs in a file, (rows, n_in), not standardized; a missing value that is not filled in is NaN.

    Raises:
        PresetError: the file cannot be read, or does not have the inputs.
    """
    return _inputs(file, data, reading)[1]


class KeptColumns(NamedTuple):
    """Columns of the file, as they are in it."""

    names: tuple[str, ...]
    rows: list[tuple[str, ...]]


def _inputs(file: Path, data: Dataset, reading: Reading) -> tuple[str, Array, list[str], KeptColumns]:
    """How a file was read, its inputs, what was filled in, and the columns that are kept."""
    if file.suffix == ENDING:
        if option := next((name for name in OF_CSV if getattr(reading, name) is not None), None):
            option = "keep" if option == "kept" else option
            raise PresetError(str(file), f"expected a CSV file with --{option}; an .npz file has X alone")
        X: Array = inputs_of_npz(file, data.X.shape[1], reading.budget)
        if reading.missing is None and np.isnan(X).any():
            row, column = np.argwhere(np.isnan(X))[0].tolist()
            what = "expected a finite number: use --missing drop or --missing mean"
            raise PresetError(str(file), f"X, row {row + 1}, column {column + 1}", what)
        none = KeptColumns((), [()] * len(X))
        return f"{shown_name(file.name)}: {_counted(len(X))}", *_filled(X, data, reading), none
    table = read_table(file, reading.header, reading.encoding, reading.budget, least_columns=1)
    filled = [n for n, row in enumerate(table.rows) if any(cell.strip() for cell in row)]
    sources = _sources(table, data)
    columns = _columns(table, sources, reading.features)
    X, with_holes = np.full((len(table.rows), data.X.shape[1]), np.nan), reading.missing is not None
    part, n = table.only(filled), 0
    for source, column in zip(sources, columns, strict=True):
        block = (
            indicators(part, column, source.values, with_holes=with_holes)
            if source.values
            else part.numbers([column], with_holes=with_holes)
        )
        X[filled, n : n + block.shape[1]] = block
        n += block.shape[1]
    X[filled], notes = _filled(X[filled], data, reading)
    words = [f"{shown_name(Path(table.name).name)}: {_counted(len(table.rows))}", *table.words]
    if not sources[0].name and table.format.has_header and columns == list(range(len(columns))):
        words.append(f"columns in the order of the inputs {USUAL_NAME.format(1)} to {USUAL_NAME.format(len(columns))}")
    kept = table.columns(reading.kept, "--keep")
    names = tuple(table.names[each] or f"column {each + 1}" for each in kept)
    return ", ".join(words), X, notes, KeptColumns(names, [tuple(row[each] for each in kept) for row in table.rows])


def _filled(X: Array, data: Dataset, reading: Reading) -> tuple[Array, list[str]]:
    """The inputs with missing values replaced by the training's mean, if wanted, and notes about it."""
    holes = np.isnan(X)
    if reading.missing != "mean" or not holes.any():
        return X, []
    mean = data.original(data.X).mean(axis=0) if data.fill is None else data.fill
    filled: Array = np.where(holes, mean, X)
    return filled, [f"filled in by the mean: missing values of {_counted(int(holes.any(axis=1).sum()))}"]


def _counted(rows: int) -> str:
    return f"{rows} row{'s' * (rows != 1)}"


def _sources(table: CsvTable, data: Dataset) -> list[Source]:
    """The columns that the inputs are of; without names, one for each."""
    if not data.input_names:
        return [Source("") for _ in range(data.X.shape[1])]
    sources: list[Source] = []
    for name in data.input_names:
        column, value = _parted(name, table, sources[-1] if sources else None)
        if value is None:
            sources.append(Source(column))
        elif sources and sources[-1].values and sources[-1].name == column:
            sources[-1] = Source(column, (*sources[-1].values, value))
        else:
            sources.append(Source(column, (value,)))
    return sources


def _parted(name: str, table: CsvTable, before: Source | None) -> tuple[str, str | None]:
    """The column of an input; for a column of texts, also the value for which the input is 1."""
    if name in table.names or VALUE not in name:
        return name, None
    parts = name.split(VALUE)
    splits = [(VALUE.join(parts[:n]), VALUE.join(parts[n:])) for n in range(1, len(parts))]
    known = [each for each in splits if each[0] in table.names or (before and before.values and each[0] == before.name)]
    return known[0] if known else splits[0]


def _columns(table: CsvTable, sources: list[Source], features: Sequence[str | int] | None) -> list[int]:
    """The columns of the file for these sources."""
    listed = f": {name_list([source.name for source in sources])}" if sources[0].name else ", one for each input"
    expected = f"expected {len(sources)} columns{listed}"
    if features is not None:
        columns = table.columns(features, "--features")
        if len(columns) != len(sources):
            raise PresetError(table.name, f"{expected}, got {len(columns)} (--features)")
        return columns
    are_named = all(source.name for source in sources)
    if are_named and (table.format.has_header or not set(table.names).isdisjoint(each.name for each in sources)):
        return [table.column(source.name, INPUT) for source in sources]
    if table.format.has_header and (by_usual_names := _by_usual_names(table, len(sources))):
        return by_usual_names
    if len(table.names) != len(sources):
        what = f"{expected}, got {len(table.names)}: {table.labels(range(len(table.names)))}"
        raise PresetError(table.name, f"{what}; --features names them in this order")
    return list(range(len(sources)))


def _by_usual_names(table: CsvTable, count: int) -> list[int]:
    """The columns x1, x2 … of a file, for inputs that have no names of their own; empty if it has others.

    Raises:
        PresetError: some are there and some are not.
    """
    names = ["".join(each for each in name.casefold() if each not in " _[]") for name in table.names]
    wanted = [USUAL_NAME.format(n + 1) for n in range(count)]
    if all(names.count(each) == 1 for each in wanted):
        return [names.index(each) for each in wanted]
    if any(each in wanted for each in names):
        listed = name_list(wanted)
        what = f"expected the columns {listed}, got {table.labels(range(len(names)))}"
        raise PresetError(table.name, f"{what}; --features names them in this order")
    return []


def _table(trainer: Trainer, y_hat: Array) -> tuple[tuple[str, ...], list[tuple[str | float, ...]]]:
    """The columns of predictions, and their rows: the class and the share of each, or the numbers."""
    data, output = trainer.train, trainer.network.layers[-1].activation
    classes = None if data.target_scale else trainer.classes
    n_out = y_hat.shape[1]
    if classes is None:
        numbers = data.target_names or data.class_names or _numbered(PREDICTED, n_out)
        return tuple(numbers), [tuple(row) for row in y_hat.tolist()]
    symbols = [f"{classes.low:g}", f"{classes.high:g}"] if n_out == 1 else [str(n + 1) for n in range(n_out)]
    names = data.class_names or (data.target_names if n_out > 1 else ()) or tuple(symbols)
    shares = np.hstack([1.0 - y_hat, y_hat]) if n_out == 1 and output.is_of_classes else y_hat
    columns = names if output.is_of_classes else _numbered("output", n_out)
    # An output that is not a number predicts no class.
    chosen = [names[n] if np.isfinite(row).all() else "" for n, row in zip(classes.of(y_hat), y_hat, strict=True)]
    return (PREDICTED, *columns), [(name, *row) for name, row in zip(chosen, shares.tolist(), strict=True)]


def _numbered(name: str, count: int) -> tuple[str, ...]:
    return (name,) if count == 1 else tuple(f"{name} {n + 1}" for n in range(count))
