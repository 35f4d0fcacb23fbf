"""The history of a training as a table for other programs: a row for each step, a column for each curve."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from .chart import Curves

Row = Sequence[float | None]
"""The step, and each column's value there; None where it is not known."""


class History(NamedTuple):
    """A table of what a training has come to, by rising step."""

    columns: Sequence[str]
    rows: Iterable[Row]


def columns(layers: int, *, has_test: bool) -> list[str]:
    """The names of the columns, of a network with so many layers."""
    test = ["test_loss", "test_accuracy"] if has_test else []
    numbers = range(1, layers + 1)
    norms, ratios = ([f"{name}_{n}" for n in numbers] for name in ("gradient_norm", "update_ratio"))
    return ["step", "loss", "accuracy", *test, *norms, *ratios]


def seen(curves: Curves, layers: int, *, has_test: bool) -> History:
    """What came to a screen: every loss while there are few, and of the rest some of the steps."""
    by_name = {
        "loss": curves.train,
        "accuracy": curves.seen.train_accuracy,
        "test_loss": curves.test,
        "test_accuracy": curves.seen.test_accuracy,
        **{f"gradient_norm_{n}": points for n, points in enumerate(curves.seen.gradients, 1)},
        **{f"update_ratio_{n}": points for n, points in enumerate(curves.seen.ratios, 1)},
    }
    names = columns(layers, has_test=has_test)
    values = [dict(by_name.get(name, ())) for name in names[1:]]
    steps = sorted(set().union(*values))
    return History(names, ((step, *(each.get(step) for each in values)) for step in steps))


def history_csv(history: History) -> bytes:
    """A line for each step, at full precision; what is not known is empty."""
    lines = (",".join("" if value is None else repr(value) for value in row) for row in history.rows)
    return "\n".join([",".join(history.columns), *lines, ""]).encode()


def history_json(history: History) -> bytes:
    """A list of an object for each step; what is not known or not finite is null."""
    rows = (msgspec.json.encode(dict(zip(history.columns, row, strict=True))) for row in history.rows)
    return b"[\n" + b",\n".join(rows) + b"\n]\n"
