"""The examples of a preset: given, generated, or from a file; some of them held out."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from ..core.data.dataset import GENERATORS, Dataset
from ..core.data.scaling import Scale
from ..core.functions.arrays import Array, frozen
from ..core.functions.losses import loss_of
from ..core.functions.output_head import target_fault
from .csv.encoding import STDIN
from .data_budget import USUAL_BUDGET, DataBudget
from .data_reference import MOST_NUMBERS, check_checksum, is_too_large, referring, refers
from .errors import PresetError
from .network_examples import Examples, one_hot
from .preset_faults import are_class_indices, size_fault
from .schema import DatasetTable, DataTable, Preset
from .user import builtin_folder

LARGE = 100
"""Numbers from this on are called large: with them, activations saturate or losses diverge."""
ROUNDS = 8
"""Most rounds to find a mean that is among its own numbers to the last bit."""


def examples(preset: Preset, folder: Path, budget: DataBudget = USUAL_BUDGET) -> tuple[Dataset, Dataset | None]:
    """The training data, and the held-out data if there is any.

    Raises:
        PresetError: the data file cannot be used, or does not fit the network.
    """
    every = _all(preset, folder, budget)
    is_test = _held_out(preset.data, len(every.X), preset.training.seed)
    X, scale = _scaled(every.X, ~is_test, wanted=preset.data.standardize)
    y, target_scale = _scaled(every.y, ~is_test, wanted=preset.data.standardize_target)
    X, y = _converted(preset, X, "feature"), _converted(preset, y, "target")
    rows = np.arange(1, len(X) + 1) if every.rows is None else every.rows
    weights = None if preset.data.weights is None else np.array(preset.data.weights, preset.training.dtype)
    fill = (scale.mean if scale else _means(every.X[~is_test])) if preset.data.missing == "mean" else None
    origin = "; ".join([every.origin, *_advice(every, preset.data)]) if every.origin else ""
    train, test = (
        Dataset(
            X=frozen(X[chosen]),
            y=frozen(y[chosen]),
            class_names=every.class_names,
            input_names=every.input_names,
            target_names=every.target_names,
            scale=scale,
            target_scale=target_scale,
            fill=fill,
            weights=None if weights is None else frozen(weights[chosen]),
            rows=None if preset.data.dataset else rows[chosen],
            origin=origin,
        )
        for chosen in (~is_test, is_test)
    )
    return train, test if len(test) else None


def _advice(every: Examples, data: DataTable) -> list[str]:
    """The options that would scale large numbers, with the column that has the largest."""
    from .csv.table import shown_name

    said = []
    for what, numbers, names, is_scaled, option in (
        ("input", every.X, every.input_names, data.standardize, "--standardize"),
        ("target", every.y, every.target_names, data.standardize_target, "--standardize-target"),
    ):
        row, column = np.unravel_index(np.abs(numbers).argmax(), numbers.shape)
        largest = float(numbers[row, column])
        if not is_scaled and abs(largest) >= LARGE:
            name = shown_name(names[column]) if column < len(names) and names[column] else str(column + 1)
            said.append(f"large {what} {name}, such as {largest:g}: {option} scales the {what}s")
    return said


def has_two_classes(preset: Preset, folder: Path, budget: DataBudget = USUAL_BUDGET) -> bool:
    """Whether the target of a single output is one of two classes: two words, or 0 and 1.

    Raises:
        PresetError: the data file cannot be used, or does not fit the network.
    """
    found = _all(preset, folder, budget)
    return found.y.shape[1] == 1 and (len(found.class_names) == 2 or set(found.y.ravel().tolist()) == {0.0, 1.0})


def _scaled(numbers: Array, chosen: npt.NDArray[np.bool_], *, wanted: bool) -> tuple[Array, Scale | None]:
    """Numbers standardized by some of their rows, if wanted, and the scale."""
    scale = Scale.of(numbers[chosen]) if wanted else None
    return (scale.standardized(numbers), scale) if scale else (numbers, None)


def with_inline_data(preset: Preset, folder: Path, budget: DataBudget = USUAL_BUDGET) -> Preset:
    """The preset with the examples of its file inside, so that it is complete.

    If they are too many, it keeps the path of the file, and gets its checksum.

    Raises:
        PresetError: the data file cannot be used, or does not fit the network.
    """
    if preset.data.file is None:
        return preset
    if refers(preset) or is_too_large(preset, folder):
        return referring(preset, folder)
    every = _all(preset, folder, budget)
    if every.X.size + every.y.size > MOST_NUMBERS and preset.data.file != STDIN:
        return referring(preset, folder)
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
        encoding=None,
        target=None,
        features=None,
        ignore=None,
        rows=None if every.rows is None else every.rows.tolist(),
    )
    return replace(preset, data=data)


def _all(preset: Preset, folder: Path, budget: DataBudget) -> Examples:
    data = preset.data
    if data.file is not None:
        path = Path(STDIN) if data.file == STDIN else folder / data.file
        check_checksum(preset, path, budget)
        name, found = _read(preset, path, budget)
        if data.file != STDIN and builtin_folder() in (folder / data.file).parents:
            found = found._replace(origin="")
        _check(preset, found, name)
        found = _filled(preset, found, name)
    elif data.dataset is not None:
        _check_size(preset, data.dataset.samples, budget)
        found = _generated(data.dataset, preset)
        _check(preset, found, data.dataset.name)
    else:
        _check_size(preset, len(data.inputs or ()), budget)
        found = _given(preset)
    return found


def _read(preset: Preset, path: Path, budget: DataBudget) -> tuple[str, Examples]:
    """The examples in a file, and its name in errors."""
    from .csv.columns import examples_of_table
    from .csv.reader import read_table
    from .npz_data import ENDING, examples_of_npz

    data, sizes, loss = preset.data, preset.network.layers, preset.training.loss
    if path.suffix == ENDING:
        found = examples_of_npz(path, data, sizes, loss, budget)
        _check_size(preset, len(found.X), budget)
        return str(path), found
    table = read_table(path, data.header, data.encoding, budget)
    _check_size(preset, len(table.rows), budget)
    return table.name, examples_of_table(table, data, sizes, loss)


def _given(preset: Preset) -> Examples:
    """The examples in the preset itself."""
    data = preset.data
    X: Array = np.array(data.inputs, dtype=np.float64)
    y: Array = np.array(data.targets, dtype=np.float64)
    if are_class_indices(preset):
        y = one_hot(y[:, 0], preset.network.layers[-1])
    classes, inputs, targets = (tuple(each or ()) for each in (data.classes, data.input_names, data.target_names))
    rows = None if data.rows is None else np.array(data.rows)
    return Examples(X, y, classes, inputs, targets, data.origin or "", rows)


def _filled(preset: Preset, found: Examples, name: str) -> Examples:
    """The examples with missing values replaced by the mean of the training examples."""
    holes = np.isnan(found.X)
    if not holes.any():
        return found
    known = ~holes & _trains(preset, len(found.X))[:, np.newaxis]
    if not (counts := known.sum(axis=0)).all():
        column = int(np.argmin(counts))
        label = found.input_names[column] if found.input_names else f"column {column + 1}"
        raise PresetError(name, f"{label} has no value in the training examples: leave it out with --ignore")
    mean = _means(np.where(known, found.X, 0.0)) * (len(known) / counts)
    X = np.where(holes, mean, found.X)
    for _ in range(ROUNDS if preset.data.standardize else 0):  # until a filled value is the mean to the last bit
        again = np.where(holes, Scale.of(X[_trains(preset, len(X))]).mean, X)
        if np.array_equal(again, X):
            break
        X = again
    return found._replace(X=X)


def _trains(preset: Preset, count: int) -> npt.NDArray[np.bool_]:
    return ~_held_out(preset.data, count, preset.training.seed)


def _means(X: Array) -> Array:
    """The mean of each column, even if the sum of its numbers overflows."""
    size = np.maximum(np.abs(X).max(axis=0), 1.0)
    mean: Array = (X / size).mean(axis=0) * size
    return mean


def _generated(table: DatasetTable, preset: Preset) -> Examples:
    rng = np.random.default_rng(preset.training.seed if table.seed is None else table.seed)
    X, y = GENERATORS[table.name](rng, table.samples, table.noise)
    low, high = loss_of(preset.training.loss).classes or (0.0, 1.0)
    if low:
        return Examples(X, (high - low) * y + low)
    if preset.network.layers[-1] == 2:
        return Examples(X, np.hstack([1.0 - y, y]), ("0", "1"))
    return Examples(X, y)


def _check_size(preset: Preset, examples: int, budget: DataBudget) -> None:
    """Refuse more examples than the budget allows, before memory is allocated."""
    if fault := size_fault(preset.network, examples, budget):
        raise PresetError(preset.name, fault)


def _check(preset: Preset, found: Examples, name: str) -> None:
    sizes = preset.network.layers
    if found.X.shape[1] != sizes[0]:
        raise PresetError(name, f"expected {sizes[0]} features, one for each input, got {found.X.shape[1]}")
    if found.y.shape[1] != sizes[-1]:
        raise PresetError(name, f"expected {sizes[-1]} targets, one for each output, got {found.y.shape[1]}")
    if preset.data.standardize_target and found.class_names:
        from .csv.table import name_list

        what = f"expected targets that are numbers, got the classes {name_list(found.class_names)}"
        raise PresetError(name, f"{what} (data.standardize_target)")
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
    """Which examples are held out."""
    is_test = np.zeros(count, dtype=bool)
    if data.train_rows is not None:
        is_test[data.train_rows :] = True
    elif data.test is not None:
        held_out = min(count - 1, max(1, round(count * data.test)))
        is_test[np.random.default_rng(seed).permutation(count)[:held_out]] = True
    return is_test
