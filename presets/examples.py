"""The examples of a preset: given, generated, or from a file; some of them held out."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from ..core.model.arrays import Array, array_of
from ..core.model.pairs import target_fault
from ..core.training.dataset import Dataset
from ..core.training.generated import GENERATORS
from .checks import size_fault
from .csv_file import STDIN, Table, read_table, shown
from .errors import PresetError
from .schema import DatasetTable, DataTable, Preset

Examples = tuple[Array, Array, tuple[str, ...]]
"""Inputs, targets, and the names of the classes where the targets are one-hot."""


def examples(preset: Preset, folder: Path) -> tuple[Dataset, Dataset | None]:
    """The data to train on, and the data to test on where some is held out.

    Raises:
        PresetError: the data file cannot be used, or does not fit the network.
    """
    X, y, class_names = _all(preset, folder)
    is_test = _held_out(preset.data, len(X), preset.training.seed)
    scale = _scale(X[~is_test]) if preset.data.standardize else None
    if scale:
        X = (X - scale[0]) / scale[1]
    dtype = preset.training.dtype
    train, test = (
        Dataset(X=array_of(X[rows], dtype), y=array_of(y[rows], dtype), class_names=class_names, scale=scale)
        for rows in (~is_test, is_test)
    )
    return train, test if len(test) else None


def complete(preset: Preset, folder: Path) -> Preset:
    """The preset with the examples of its file in it, so that it means the same everywhere.

    Raises:
        PresetError: the data file cannot be used, or does not fit the network.
    """
    if preset.data.file is None:
        return preset
    X, y, class_names = _all(preset, folder)
    data = replace(
        preset.data,
        inputs=X.tolist(),
        targets=y.tolist(),
        classes=list(class_names) or None,
        file=None,
        target=None,
        features=None,
    )
    return replace(preset, data=data)


def _all(preset: Preset, folder: Path) -> Examples:
    data, n_out = preset.data, preset.network.layers[-1]
    if data.file is not None:
        table = read_table(Path(STDIN) if data.file == STDIN else folder / data.file)
        _check_size(preset, len(table.rows))
        found = _from_table(table, data, n_out)
        _check(preset, found)
    elif data.dataset is not None:
        _check_size(preset, data.dataset.samples)
        found = _generated(data.dataset, preset)
        _check(preset, found)
    else:
        _check_size(preset, len(data.inputs or ()))
        found = (
            np.array(data.inputs, dtype=np.float64),
            np.array(data.targets, dtype=np.float64),
            tuple(data.classes or ()),
        )
    return found


def _from_table(table: Table, data: DataTable, n_out: int) -> Examples:
    names = [data.target] if isinstance(data.target, str) else data.target or _last_columns(table, n_out)
    targets = [table.column(name, "data.target") for name in names]
    features = [table.column(name, "data.features") for name in data.features or table.header if name not in names]
    X = table.numbers(features)
    is_class = len(targets) == 1 and (n_out > 1 or not table.is_numeric(targets[0]))
    if not is_class:
        return X, table.numbers(targets), ()
    numbers, classes = table.classes(targets[0])
    if n_out == 1 and len(classes) == 2:
        return X, numbers[:, np.newaxis], classes
    if len(classes) != n_out:
        told = f"{', '.join(map(shown, classes[:5]))}{' …' * (len(classes) > 5)}"
        raise PresetError(data.file or "data", f"{_expected_targets(n_out)}, got the {len(classes)} classes {told}")
    return X, (numbers[:, np.newaxis] == np.arange(n_out)).astype(np.float64), classes


def _last_columns(table: Table, n_out: int) -> list[str]:
    """The last column where it holds classes, and as many as there are outputs where they hold numbers."""
    last = len(table.header) - 1
    return table.header[-1:] if not table.is_numeric(last) else table.header[-n_out:]


def _generated(table: DatasetTable, preset: Preset) -> Examples:
    rng = np.random.default_rng(preset.training.seed if table.seed is None else table.seed)
    X, y = GENERATORS[table.name](rng, table.samples, table.noise)
    if preset.training.loss == "hinge":
        return X, 2.0 * y - 1.0, ()
    if preset.network.layers[-1] == 2:
        return X, np.hstack([1.0 - y, y]), ("0", "1")
    return X, y, ()


def _expected_targets(n_out: int) -> str:
    return f"expected {n_out} targets, one for each output"


def _check_size(preset: Preset, examples: int) -> None:
    """Refuse more than memory holds, before it is taken."""
    if fault := size_fault(preset.network, examples):
        raise PresetError(preset.name, fault)


def _check(preset: Preset, found: Examples) -> None:
    (X, y, _), data, sizes = found, preset.data, preset.network.layers
    name = data.file or (data.dataset.name if data.dataset else "data")
    if X.shape[1] != sizes[0]:
        raise PresetError(name, f"expected {sizes[0]} features, one for each input, got {X.shape[1]}")
    if y.shape[1] != sizes[-1]:
        raise PresetError(name, f"{_expected_targets(sizes[-1])}, got {y.shape[1]}")
    for target in np.unique(y).tolist():
        if fault := target_fault(preset.training.loss, target):
            raise PresetError(name, fault)


def _held_out(data: DataTable, count: int, seed: int) -> npt.NDArray[np.bool_]:
    """Which examples are to test on."""
    is_test = np.zeros(count, dtype=bool)
    if data.train_rows is not None:
        is_test[data.train_rows :] = True
    elif data.test is not None:
        held_out = min(count - 1, max(1, round(count * data.test)))
        is_test[np.random.default_rng(seed).permutation(count)[:held_out]] = True
    return is_test


def _scale(X: Array) -> tuple[Array, Array]:
    """The mean of each feature, and its standard deviation, 1 where that is 0."""
    deviation = X.std(axis=0)
    return X.mean(axis=0), np.where(deviation > 0, deviation, 1.0)
