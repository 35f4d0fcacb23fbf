"""The history of a training as a table for other programs: a row for each step, a column for each curve."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf

from ...core.metrics.history import Metrics
from ...core.metrics.series import Point, Series
from ...presets.export.export_format import HistoryTable
from .chart import Curves

END = (inf, 0.0)
"""What follows the last point."""


def columns(layers: int, *, has_test: bool) -> list[str]:
    """The names of the columns, of a network with so many layers."""
    test = ["test_loss", "test_accuracy"] if has_test else []
    numbers = range(1, layers + 1)
    norms, ratios = ([f"{name}_{n}" for n in numbers] for name in ("gradient_norm", "update_ratio"))
    return ["step", "batch_loss", "batch_accuracy", *test, *norms, *ratios]


def seen(curves: Curves, layers: int, *, has_test: bool) -> HistoryTable:
    """What came to a screen: every loss while there are few, and of the rest some of the steps."""
    return history_table(curves.train, curves.test, curves.seen, layers, has_test=has_test)


def history_table(
    batch_loss: Sequence[Point], test_loss: Sequence[Point], metrics: Metrics, layers: int, *, has_test: bool
) -> HistoryTable:
    """A row for each step of which anything is known."""
    by_name = {
        "batch_loss": batch_loss,
        "batch_accuracy": metrics.batch_accuracy,
        "test_loss": test_loss,
        "test_accuracy": metrics.test_accuracy,
        **{f"gradient_norm_{n}": points for n, points in enumerate(metrics.gradients, 1)},
        **{f"update_ratio_{n}": points for n, points in enumerate(metrics.ratios, 1)},
    }
    names = columns(layers, has_test=has_test)
    values = [Series(by_name.get(name, ())) for name in names[1:]]
    steps = sorted({step for each in values for step in each.steps})
    return HistoryTable(names, zip(steps, *(_at(steps, each) for each in values), strict=True))


def _at(steps: Iterable[int], points: Series) -> Iterator[float | None]:
    """The number of each of these steps, which rise."""
    rest = iter(points)
    step, value = next(rest, END)
    for wanted in steps:
        found = None
        while step <= wanted:
            found = value
            step, value = next(rest, END)
        yield found
