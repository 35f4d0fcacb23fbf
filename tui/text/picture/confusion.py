"""The confusion matrix: actual classes against predicted classes."""

from typing import Any

import numpy as np

from ....core.data.classes import Classes, Confusion
from ....core.data.dataset import Dataset
from ....core.functions.arrays import Array
from ....core.steps.state import State
from ....core.training.trainer import Trainer
from ..data_names import class_labels
from ..numbers import count, first_of
from ..safe import cut
from ..spans import Line, Lines, Span, heading, label

EXAMPLES = 5_000
"""The most examples that are counted in a picture."""
LONGEST = 12
"""The most columns of a class's name."""
FIGURES = ("precision", "recall", "f1")
LEAST = 4
"""Columns of a count, with the gap before it."""


def confusions(trainer: Trainer, classes: Classes, state: State, room: int) -> list[Lines]:
    """The matrices of the training examples and of the held-out examples, actual by predicted classes."""
    sets = (("training", trainer.train), ("held out", trainer.test))
    names = class_labels(trainer.train, classes)
    return [
        _page(title, data, names, confusion_of(trainer, classes, state, data), room) for title, data in sets if data
    ]


def confusion_of(trainer: Trainer, classes: Classes, state: State, data: Dataset, most: int = EXAMPLES) -> Confusion:
    """The confusion matrix of the first examples of a data set."""
    X, y = data.X[:most], data.y[:most]
    return classes.confusion(trainer.forward_on(state, X, y).y_hat, y)


def _page(title: str, data: Dataset, names: list[str], confusion: Confusion, room: int) -> Lines:
    left = min(max(map(len, names)), LONGEST) + 1
    columns = _columns(confusion, names, room - left)
    words = f"{title}, {first_of(confusion.total, len(data))} examples"
    right = left + sum(columns) - len(words)
    above = [heading(words), *([label("predicted".rjust(right))] if right > len("predicted") else [])]
    head = [label(" " * left), *(label(cut(name, n - 1).rjust(n)) for name, n in zip(names, columns, strict=True))]
    rows = [[label(cut(name, left - 1).ljust(left)), *_counts(confusion, n, columns)] for n, name in enumerate(names)]
    return Lines([above, head, *rows, [label(f"{count(confusion.correct)} of {count(confusion.total)} correct")]])


def _columns(confusion: Confusion, names: list[str], room: int) -> list[int]:
    """Columns of each count, with a gap before it: as wide as its name if all names fit."""
    digits = len(str(confusion.counts.max()))
    wanted = [max(min(len(name), LONGEST), digits) + 1 for name in names]
    if sum(wanted) <= room:
        return wanted
    return [max(min(each, room // len(names)), LEAST, digits + 1) for each in wanted]


def _counts(confusion: Confusion, row: int, columns: list[int]) -> Line:
    """The counts of an actual class, each with its own background."""
    spans: list[Span] = []
    for n, (number, width) in enumerate(zip(confusion.counts[row].tolist(), columns, strict=True)):
        styles = ("accent", "selected") if n == row else ("wrong", "raised") if number else ("faint",)
        spans += [Span(" "), Span(str(number).rjust(width - 1), styles)]
    return spans


def confusion_data(trainer: Trainer, state: State) -> dict[str, Any]:
    """The confusion matrices as plain data: "train" and "test", each None without classes."""
    sets = (("train", trainer.train), ("test", trainer.test))
    return {name: _data(trainer, state, data) if data else None for name, data in sets}


def _data(trainer: Trainer, state: State, data: Dataset) -> dict[str, Any] | None:
    """Counts by actual and predicted class, and the figures of each class."""
    classes = trainer.classes
    if classes is None or len(data) < 2:
        return None
    confusion, names = confusion_of(trainer, classes, state, data, len(data)), class_labels(trainer.train, classes)
    shares = zip(names, confusion.counts.sum(axis=1), *_shares(confusion), strict=True)
    return {
        "counts": confusion.counts.tolist(),
        "classes": [
            {"class": name, "examples": int(examples), "precision": _known(p), "recall": _known(r), "f1": _known(f)}
            for name, examples, p, r, f in shares
        ],
    }


def confusion_text(trainer: Trainer, state: State) -> str:
    """The confusion matrices with the figures of each class, as text."""
    assert trainer.classes
    names, parts = class_labels(trainer.train, trainer.classes), []
    for title, data in (("training", trainer.train), ("held out", trainer.test)):
        if data:
            confusion = confusion_of(trainer, trainer.classes, state, data, len(data))
            parts.append(_text(title, names, confusion))
    return "\n".join(parts)


def _text(title: str, names: list[str], confusion: Confusion) -> str:
    """One matrix, with its figures to the right of it."""
    left, columns = max(map(len, ["actual", *names])), [max(len(name), 5) + 2 for name in names]
    head = "".join(name.rjust(width) for name, width in zip(names, columns, strict=True))
    lines = [
        f"{title}: {count(confusion.correct)} of {count(confusion.total)} correct",
        f"{'actual'.ljust(left)}{head}  " + "".join(figure.rjust(11) for figure in FIGURES),
    ]
    for n, name in enumerate(names):
        counts = "".join(str(each).rjust(width) for each, width in zip(confusion.counts[n], columns, strict=True))
        figures = "".join((f"{each[n]:.3f}" if np.isfinite(each[n]) else "·").rjust(11) for each in _shares(confusion))
        lines.append(f"{name.ljust(left)}{counts}  {figures}")
    return "\n".join(lines) + "\n"


def _shares(confusion: Confusion) -> tuple[Array, ...]:
    return confusion.precision, confusion.recall, confusion.f1


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
