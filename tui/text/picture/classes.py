"""Whether targets are classes, which class an output stands for, and what it is called."""

import numpy as np

from ....core.model.arrays import Array
from ....core.training.dataset import Dataset
from ..safe import safe


def are_classes(data: Dataset) -> bool:
    """Whether every target is 0 or 1, and of several exactly one is 1."""
    y = data.y
    return bool(np.all((y == 0) | (y == 1)) and (y.shape[1] == 1 or np.all(y.sum(axis=1) == 1)))


def classes_of(y: Array) -> list[int]:
    """The class of each row of outputs or targets: the largest; one output is 1 from 0.5 up."""
    with np.errstate(all="ignore"):
        found = (y[:, 0] >= 0.5).astype(int) if y.shape[1] == 1 else np.nan_to_num(y).argmax(axis=1)
    classes: list[int] = found.tolist()
    return classes


def names_of(data: Dataset) -> list[str]:
    """What each class is called, harmless; its number from 1, where it has no name."""
    n_out = data.y.shape[1]
    numbers = ["0", "1"] if n_out == 1 else [str(number + 1) for number in range(n_out)]
    return [safe(name) for name in data.class_names] or numbers


def cut(text: str, most: int) -> str:
    """A name in no more than so many columns."""
    return text if len(text) <= most else text[: max(most - 1, 0)] + "…"
