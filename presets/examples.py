"""The examples of a preset: given, generated, or from a file; some of them held out."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from ..core.functions.arrays import Array, frozen
from ..core.functions.losses import LOSSES
from ..core.functions.output_head import target_fault
from ..core.training.dataset import Dataset
from ..core.training.toy_datasets import GENERATORS
from .csv.columns import Examples, examples_of_table
from .csv.encoding import STDIN
from .csv.reader import read_table
from .errors import PresetError
from .preprocessing import one_hot, scale_of, standardized
from .preset_file import are_class_indices, size_fault
from .schema import DatasetTable, DataTable, Preset
from .user import builtin_folder


def examples(preset: Preset, folder: Path) -> tuple[Dataset, Dataset | None]:
    """The data to train on, and the data to test on where some is held out.

    Raises:
        PresetError: the data file cannot be used, or does not fit the network.
    """
    X, y, class_names, input_names, target_names, origin = _all(preset, folder)
    is_test = _held_out(preset.data, len(X), preset.training.seed)
    scale = scale_of(X[~is_test]) if preset.data.standardize else None
    if scale:
        X = standardized(X, scale)
    X, y = _converted(preset, X, "feature"), _converted(preset, y, "target")
    train, test = (
        Dataset(
            X=frozen(X[chosen]),
            y=frozen(y[chosen]),
            class_names=class_names,
            input_names=input_names,
            target_names=target_names,
            scale=(scale.origin + scale.mean, scale.deviation) if scale else None,
            rows=None if preset.data.dataset else np.flatnonzero(chosen) + 1,
            origin=origin,
        )
        for chosen in (~is_test, is_test)
    )
    return train, test if len(test) else None


def with_inline_data(preset: Preset, folder: Path) -> Preset:
    """The preset with the examples of its file in it, so that it means the same everywhere.

    Raises:
        PresetError: the data file cannot be used, or does not fit the network.
    """
    if preset.data.file is None:
        return preset
    every = _all(preset, folder)
    data = replace(
        preset.data,
        inputs=every.X.tolist(),
        targets=every.y.tolist(),
        classes=list(every.class_names) or None,
        input_names=list(every.input_names) or None,
        target_names=list(every.target_names) or None,
        origin=every.origin or None,
        file=None,
        header=None,
        target=None,
        features=None,
    )
    return replace(preset, data=data)


def _all(preset: Preset, folder: Path) -> Examples:
    data, sizes = preset.data, preset.network.layers
    if data.file is not None:
        table = read_table(Path(STDIN) if data.file == STDIN else folder / data.file, data.header)
        _check_size(preset, len(table.rows))
        found = examples_of_table(table, data, sizes, preset.training.loss)
        if data.file != STDIN and builtin_folder() in (folder / data.file).parents:
            found = found._replace(origin="")
        _check(preset, found, table.name)
    elif data.dataset is not None:
        _check_size(preset, data.dataset.samples)
        found = _generated(data.dataset, preset)
        _check(preset, found, data.dataset.name)
    else:
        _check_size(preset, len(data.inputs or ()))
        found = _given(preset)
    return found


def _given(preset: Preset) -> Examples:
    """The examples that the preset itself holds."""
    data = preset.data
    X: Array = np.array(data.inputs, dtype=np.float64)
    y: Array = np.array(data.targets, dtype=np.float64)
    if are_class_indices(preset):
        y = one_hot(y[:, 0], preset.network.layers[-1])
    classes, inputs, targets = (tuple(each or ()) for each in (data.classes, data.input_names, data.target_names))
    return Examples(X, y, classes, inputs, targets, data.origin or "")


def _generated(table: DatasetTable, preset: Preset) -> Examples:
    rng = np.random.default_rng(preset.training.seed if table.seed is None else table.seed)
    X, y = GENERATORS[table.name](rng, table.samples, table.noise)
    low, high = LOSSES[preset.training.loss].classes or (0.0, 1.0)
    if low:
        return Examples(X, (high - low) * y + low)
    if preset.network.layers[-1] == 2:
        return Examples(X, np.hstack([1.0 - y, y]), ("0", "1"))
    return Examples(X, y)


def _check_size(preset: Preset, examples: int) -> None:
    """Refuse more than memory holds, before it is taken."""
    if fault := size_fault(preset.network, examples):
        raise PresetError(preset.name, fault)


def _check(preset: Preset, found: Examples, name: str) -> None:
    sizes = preset.network.layers
    if found.X.shape[1] != sizes[0]:
        raise PresetError(name, f"expected {sizes[0]} features, one for each input, got {found.X.shape[1]}")
    if found.y.shape[1] != sizes[-1]:
        raise PresetError(name, f"expected {sizes[-1]} targets, one for each output, got {found.y.shape[1]}")
    for target in np.unique(found.y).tolist():
        if fault := target_fault(preset.training.loss, target):
            row = int(np.argwhere(found.y == target)[0, 0]) + 1
            raise PresetError(name, f"row {row}", f"{fault}; another loss, such as mse, accepts any number")


def _converted(preset: Preset, numbers: Array, kind: str) -> Array:
    """Numbers in the preset's precision, all of them finite."""
    dtype = preset.training.dtype
    with np.errstate(all="ignore"):
        found: Array = numbers.astype(dtype)
    if np.isfinite(found).all():
        return found
    row, column = np.argwhere(~np.isfinite(found))[0].tolist()
    got = "its standardized value" if not np.isfinite(numbers[row, column]) else f"{numbers[row, column]:g}"
    place = f"row {row + 1}, {kind} {column + 1}"
    raise PresetError(preset.data.file or preset.name, place, f"expected a number that {dtype} can hold, got {got}")


def _held_out(data: DataTable, count: int, seed: int) -> npt.NDArray[np.bool_]:
    """Which examples are to test on."""
    is_test = np.zeros(count, dtype=bool)
    if data.train_rows is not None:
        is_test[data.train_rows :] = True
    elif data.test is not None:
        held_out = min(count - 1, max(1, round(count * data.test)))
        is_test[np.random.default_rng(seed).permutation(count)[:held_out]] = True
    return is_test
