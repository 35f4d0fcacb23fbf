"""The confusion matrix: which classes are taken for which."""

from collections import Counter

from ....core.training.dataset import Dataset
from ....core.training.state import State
from ....core.training.trainer import Trainer
from ..spans import Line, Lines, Span, heading, label
from .classes import classes_of, names_of

EXAMPLES = 5_000
"""The most examples that are counted."""
NAME = 12
COLUMN = 5


def confusion(trainer: Trainer, state: State) -> Lines:
    """Targets by predictions, of the held-out examples where there are some."""
    data = trainer.test or trainer.train
    names = names_of(data)
    counts = _counts(trainer, state, data)
    what = "held out" if trainer.test else "train"
    right = sum(counts[n, n] for n in range(len(names)))
    title = f"{what}, step {state.step}: {right} of {counts.total()} right"
    head = [label("target".ljust(NAME)), *(label(_cut(name, COLUMN - 1).rjust(COLUMN)) for name in names)]
    return Lines([[heading(title)], [*head, label("  ← prediction")], *_rows(names, counts)])


def _counts(trainer: Trainer, state: State, data: Dataset) -> Counter[tuple[int, int]]:
    X, y = data.X[:EXAMPLES], data.y[:EXAMPLES]
    predictions = classes_of(trainer.forward_on(state, X, y).y_hat)
    return Counter(zip(classes_of(y), predictions, strict=True))


def _rows(names: list[str], counts: Counter[tuple[int, int]]) -> list[Line]:
    each = range(len(names))
    return [
        [
            label(_cut(name, NAME - 1).ljust(NAME)),
            *(_count(counts[row, column], is_right=row == column) for column in each),
        ]
        for row, name in enumerate(names)
    ]


def _count(number: int, *, is_right: bool) -> Span:
    text = (str(number) if number else "·").rjust(COLUMN)
    return Span(text, ("label" if not number else "agrees" if is_right else "wrong",))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
