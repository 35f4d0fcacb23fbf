"""The targets in one column or array: numbers, or classes and which output is each one's."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...core.functions.arrays import Array
from ...core.functions.losses import loss_of
from ..errors import PresetError
from ..network_examples import one_hot
from .table import name_list


class ColumnTargets(NamedTuple):
    """Targets, and how they were read."""

    y: Array
    class_names: tuple[str, ...]
    words: str


class TargetColumn(NamedTuple):
    """A column of targets, for messages, and the network that they are for."""

    file: str
    label: str
    """The name of the column."""
    sizes: Sequence[int]
    """Neurons of each layer, the inputs first."""
    loss: str

    @property
    def n_out(self) -> int:
        """Outputs of the network."""
        return self.sizes[-1]


def targets_of_texts(texts: Sequence[str], column: TargetColumn) -> ColumnTargets:
    """Targets whose classes are texts.

    Raises:
        PresetError: there are other classes than the outputs can have.
    """
    names = sorted(set(texts))
    number_of = {name: n for n, name in enumerate(names)}
    return _of_classes(np.array([number_of[text] for text in texts]), names, column)


def targets_of_numbers(values: Array, column: TargetColumn, texts: Sequence[str] = ()) -> ColumnTargets:
    """Targets that are numbers, or the numbers of classes, (examples,).

    Args:
        values: the numbers.
        column: where they are from.
        texts: the numbers as the file writes them.

    Raises:
        PresetError: they do not fit the outputs.
    """
    are_whole = bool(np.all(values == np.round(values)))
    if column.n_out > 1 or (loss_of(column.loss).classes and are_whole):
        return _of_whole_numbers(values, column, texts, are_whole=are_whole)
    return ColumnTargets(values[:, np.newaxis], (), f"target {column.label}: {_range(values)}")


def is_one_hot(y: Array) -> bool:
    """Whether each row has one 1 among zeros."""
    return bool(np.all((y == 0) | (y == 1)) and np.all(y.sum(axis=1) == 1))


def shape_that_fits(sizes: Sequence[int], n_in: int | None = None, n_out: int | None = None) -> str:
    """The advice that names a shape with this many inputs or outputs."""
    sizes = [n_in or sizes[0], *sizes[1:-1], n_out or sizes[-1]]
    return f": {'-'.join(map(str, sizes))} would fit"


def _of_whole_numbers(values: Array, column: TargetColumn, texts: Sequence[str], *, are_whole: bool) -> ColumnTargets:
    """Classes that are numbers: the index of an output if they count from 0, otherwise in order."""
    n_out = column.n_out
    if not are_whole:
        what = f"expected {n_out} targets, one for each output, got the numbers of one column, {column.label}"
        raise PresetError(column.file, f"{what}: name all {n_out} by --target or data.target")
    distinct = np.unique(values)
    if 1 < len(distinct) < n_out and 0 <= distinct[0] and distinct[-1] < n_out:
        distinct = np.arange(n_out, dtype=np.float64)
    if n_out == 1 and set(distinct.tolist()) <= set(loss_of(column.loss).classes or ()):
        words = f"2 classes {distinct[0]:g}, {distinct[1]:g}" if len(distinct) > 1 else _range(values)
        return ColumnTargets(values[:, np.newaxis], (), f"target {column.label}: {words}")
    names = [str(int(value)) for value in distinct.tolist()]
    return _of_classes(np.searchsorted(distinct, values), names, column, sorted(set(texts)))


def _of_classes(
    numbers: npt.NDArray[np.int64], names: Sequence[str], column: TargetColumn, spellings: Sequence[str] = ()
) -> ColumnTargets:
    """One-hot targets; for two classes of one output the loss's own numbers, such as 0 and 1."""
    n_out, label = column.n_out, f"target {column.label}"
    summary = f"{label}: {len(names)} classes {name_list(names)}"
    if len(names) == 2 and n_out == 1:
        low, high = loss_of(column.loss).classes or (0.0, 1.0)
        y = np.where(numbers == 0, low, high)[:, np.newaxis]
        return ColumnTargets(y, tuple(names), f"{summary} as {low:g}, {high:g}")
    if len(names) != n_out or n_out == 1:
        expected = "2 classes for one output" if n_out == 1 else f"{n_out} targets, one for each output"
        fits = shape_that_fits(column.sizes, n_out=len(names)) if len(names) > 1 else ""
        if len(names) == 1:
            alike = f"{name_list(spellings)} are the same number, so name the classes by words"
            fits = f": {alike}" if len(spellings) > 1 else " in every row; --target names another column"
        what = f"expected {expected}, got {_counted(len(names))}: {name_list(names)} ({label})"
        raise PresetError(column.file, what + fits)
    return ColumnTargets(one_hot(numbers, n_out), tuple(names), summary)


def _counted(classes: int) -> str:
    return f"{classes} class{'es' * (classes != 1)}"


def _range(values: Array) -> str:
    least, greatest = values.min(), values.max()
    return f"numbers from {least:g} to {greatest:g}" if least < greatest else f"always {least:g}"
