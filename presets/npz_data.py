"""Examples from NumPy's .npz: the arrays X and y."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .csv.table import shown_name
from .csv.targets import ColumnTargets, TargetColumn, shape_that_fits, targets_of_numbers, targets_of_texts
from .data_budget import DataBudget
from .errors import PresetError
from .network_examples import Examples
from .paths import check_is_no_device, read_fault
from .schema import DataTable
from .user_arrays.named_arrays import DAMAGE

ENDING = ".npz"
AS_SAVED = 'as numpy.savez("data.npz", X=X, y=y) writes it'
INPUTS = ("X", "x", "inputs", "features", "X_train", "x_train")
TARGETS = ("y", "Y", "targets", "labels", "y_train", "Y_train")
OF_CSV = ("header", "target", "features", "ignore", "one_hot", "encoding")
"""Keys that say how a CSV file is read."""


def examples_of_npz(path: Path, data: DataTable, sizes: list[int], loss: str, budget: DataBudget) -> Examples:
    """The examples in a file, for a network of these sizes.

    Raises:
        PresetError: the file cannot be read, is too large, or does not fit the network.
    """
    if key := next((key for key in OF_CSV if getattr(data, key) is not None), None):
        raise PresetError(str(path), f"expected a CSV file with data.{key}; an .npz file has X and y")
    arrays = _arrays(path, budget)
    X = _inputs(str(path), arrays, sizes)
    X, y, rows = _used(str(path), X, _named(str(path), arrays, TARGETS, "y"), data.missing)
    if len(X) != len(y):
        raise PresetError(str(path), f"expected as many rows of y as of X, {len(X):,}, got {len(y):,}")
    targets = _targets(str(path), y, sizes, loss)
    names = arrays.get("input_names", np.empty(0))
    input_names = tuple(map(str, names.tolist())) if names.shape == (sizes[0],) else ()
    left_out = (
        [f"dropped: {len(_inputs('', arrays, sizes)) - len(X)} rows with missing values"] if rows is not None else []
    )
    words = f"{shown_name(path.name)}: {len(X)} rows of {sizes[0]} numbers, {targets.words}"
    return Examples(X, targets.y, targets.class_names, input_names, (), "; ".join([words, *left_out]), rows)


def inputs_of_npz(path: Path, n_in: int, budget: DataBudget) -> npt.NDArray[np.float64]:
    """The inputs in a file, (rows, n_in); NaN where one is missing.

    Raises:
        PresetError: the file cannot be read, is too large, or does not fit the network.
    """
    X = _inputs(str(path), _arrays(path, budget), [n_in])
    return np.where(np.isfinite(X), X, np.nan)


def _arrays(path: Path, budget: DataBudget) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a file, whose sizes are checked before they are unpacked."""
    try:
        check_is_no_device(path)
        with path.open("rb") as file:
            file.read(1)  # a folder cannot be read
    except (OSError, ValueError) as error:
        raise PresetError(str(path), read_fault(error)) from None
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(each.file_size for each in packed.infolist())
        if size > 8 * budget.numbers:
            raise PresetError(str(path), f"expected at most {8 * budget.numbers:,} bytes{budget.advice}")
        with np.load(path, allow_pickle=False) as arrays:
            return {name: np.asarray(arrays[name]) for name in arrays.files}
    except PresetError:
        raise
    except (*DAMAGE, ValueError, OSError):  # a damaged file can point outside itself
        raise PresetError(str(path), f"expected NumPy's .npz with arrays of numbers, X and y, {AS_SAVED}") from None


def _named(file: str, arrays: dict[str, npt.NDArray[Any]], names: tuple[str, ...], usual: str) -> npt.NDArray[Any]:
    found = next((arrays[name] for name in names if name in arrays), None)
    if found is None:
        raise PresetError(file, f"expected an array named {usual}, got {', '.join(map(shown_name, arrays)) or 'none'}")
    if found.ndim == 0 or not len(found):
        raise PresetError(file, f"{usual}: expected at least one row")
    return found


def _inputs(file: str, arrays: dict[str, npt.NDArray[Any]], sizes: list[int]) -> npt.NDArray[np.float64]:
    """The inputs with an example in each row; pictures are flattened."""
    X = _named(file, arrays, INPUTS, "X")
    if X.dtype.kind not in "fiub":
        raise PresetError(file, "X: expected numbers")
    X = X.reshape(len(X), -1)
    if X.shape[1] != sizes[0]:
        what = f"X: expected {sizes[0]} columns, one for each input, got {X.shape[1]}"
        raise PresetError(
            file, what + (shape_that_fits(sizes, n_in=X.shape[1]) if X.shape[1] and len(sizes) > 1 else "")
        )
    return X.astype(np.float64)


def _used(
    file: str, X: npt.NDArray[np.float64], y: npt.NDArray[Any], missing: str | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[Any], npt.NDArray[np.int64] | None]:
    """The rows that become examples, and their numbers where some are left out."""
    holes = ~np.isfinite(X)
    if missing == "drop" and len(X) == len(y):
        is_whole = ~holes.any(axis=1)
        if y.dtype.kind == "f":
            is_whole &= np.isfinite(y.reshape(len(y), -1)).all(axis=1)
        if not is_whole.any():
            raise PresetError(file, "every row has a missing value: expected --missing mean")
        return X[is_whole], y[is_whole], None if is_whole.all() else np.flatnonzero(is_whole) + 1
    if missing is None and holes.any():
        row, column = np.argwhere(holes)[0].tolist()
        what = f"expected a finite number, got {X[row, column]}: use --missing drop or --missing mean"
        raise PresetError(file, f"X, row {row + 1}, column {column + 1}", what)
    return np.where(holes, np.nan, X), y, None


def _targets(file: str, y: npt.NDArray[Any], sizes: list[int], loss: str) -> ColumnTargets:
    """The targets: a column of numbers or classes, or one for each output."""
    column = TargetColumn(file, "y", sizes, loss)
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if y.dtype.kind in "US" and y.ndim == 1:
        return targets_of_texts(
            [each.decode("utf-8", "replace") if isinstance(each, bytes) else each for each in y.tolist()], column
        )
    if y.dtype.kind not in "fiub" or y.ndim > 2 or not np.isfinite(y).all():
        raise PresetError(file, "y: expected finite numbers or words, in a column or one column for each output")
    if y.ndim == 1:
        return targets_of_numbers(y.astype(np.float64), column)
    if y.shape[1] != sizes[-1]:
        raise PresetError(file, f"y: expected {sizes[-1]} columns, one for each output, got {y.shape[1]}")
    return ColumnTargets(y.astype(np.float64), (), f"{y.shape[1]} targets y")
