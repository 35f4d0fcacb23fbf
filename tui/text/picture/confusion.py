"""The confusion matrix: which classes are predicted for which."""

from collections import Counter

from ....core.training.classes import Classes
from ....core.training.dataset import Dataset
from ....core.training.state import State
from ....core.training.trainer import Trainer
from ..columns import cut
from ..numbers import count, first_of
from ..spans import Line, Lines, Span, heading, label
from .classes import names_of

EXAMPLES = 5_000
"""The most examples that are counted."""
CORNER = "actual"
LONGEST = 12
"""The most columns of a class's name on the left."""
LEAST = 5
"""Columns of a class's name above, with the gap before it, where there is no room for the whole."""


def confusion(trainer: Trainer, classes: Classes, state: State, room: int) -> Lines:
    """Actual classes by predicted ones in so many columns, of the held-out examples where there are some."""
    data = trainer.test or trainer.train
    names = names_of(data, classes)
    counts = _counts(trainer, classes, state, data)
    right, counted = sum(counts[n, n] for n in range(len(names))), first_of(counts.total(), len(data.X))
    title = f"{'held out' if trainer.test else 'train'}, step {state.step}: {count(right)} of {counted} correct"
    return Lines([[heading(title)], *_rows(names, counts, room)])


def _counts(trainer: Trainer, classes: Classes, state: State, data: Dataset) -> Counter[tuple[int, int]]:
    X, y = data.X[:EXAMPLES], data.y[:EXAMPLES]
    predictions = classes.of(trainer.forward_on(state, X, y).y_hat)
    return Counter(zip(classes.of(y).tolist(), predictions.tolist(), strict=True))


def _rows(names: list[str], counts: Counter[tuple[int, int]], room: int) -> list[Line]:
    longest = min(max(map(len, names)), LONGEST)
    left = max(len(CORNER), longest)
    most = max((room - left) // len(names), LEAST) - 1
    column = 1 + max(*(len(str(number)) for number in (*counts.values(), 0)), min(longest, most))
    each = range(len(names))
    head = [label(CORNER.ljust(left)), *(label(cut(name, column - 1).rjust(column)) for name in names)]
    rows = [
        [label(cut(name, left).ljust(left)), *(_count(counts[row, n], column, is_right=row == n) for n in each)]
        for row, name in enumerate(names)
    ]
    return [head, *rows]


def _count(number: int, width: int, *, is_right: bool) -> Span:
    style = "label" if not number else "agrees" if is_right else "wrong"
    return Span((str(number) if number else "·").rjust(width), (style,))
