"""CSV: every number of a step under its name, or a history with a row for each step."""

from collections.abc import Iterator

import numpy as np

from ...core.functions.arrays import Array
from ...core.steps.events import BackwardPass
from .export_format import Contents, ExportFormat, HistoryTable, file_pieces

HEADER = "step,quantity,value"


def csv_lines(backward: BackwardPass) -> Iterator[str]:
    """A header, and a line for every number of a step, under its name, at full precision."""
    step = backward.state.step
    yield HEADER
    yield from (f"{step},{_quoted(name)},{value!r}" for name, value in named_numbers(backward))


def history_csv(history: HistoryTable) -> Iterator[str]:
    """A line for each step, at full precision; unknown numbers are empty."""
    yield ",".join(history.columns)
    for row in history.rows:
        yield ",".join("" if value is None else repr(value) for value in row)


def named_numbers(backward: BackwardPass) -> Iterator[tuple[str, float]]:
    """The name and the value of every number of a step."""
    forward, state = backward.forward, backward.state
    yield "loss", float(forward.loss)
    yield from ((f"loss@{k + 1}", float(loss)) for k, loss in enumerate(forward.losses))
    yield from _of_examples("x", forward.X)
    yield from _of_examples("y", forward.y)
    for n in range(len(state.W)):
        yield from _of_parameters(f"w{n + 1}", state.W[n])
        yield from _of_parameters(f"b{n + 1}", state.b[n])
        yield from _of_examples(f"z{n + 1}", forward.z[n])
        yield from _of_examples(f"a{n + 1}", forward.a[n])
        yield from _of_examples(f"da{n + 1}", backward.da[n])
        yield from _of_examples(f"dz{n + 1}", backward.dz[n])
        yield from _of_parameters(f"dw{n + 1}", backward.dW[n])
        yield from _of_parameters(f"db{n + 1}", backward.db[n])


def _of_parameters(name: str, array: Array) -> Iterator[tuple[str, float]]:
    for index, value in np.ndenumerate(array):
        yield f"{name}[{','.join(str(i + 1) for i in index)}]", float(value)


def _of_examples(name: str, array: Array) -> Iterator[tuple[str, float]]:
    for (k, i), value in np.ndenumerate(array):
        yield f"{name}[{i + 1}]@{k + 1}", float(value)


def _quoted(name: str) -> str:
    return f'"{name}"' if "," in name else name


FORMAT = ExportFormat(
    name="csv",
    title="CSV",
    ending=".csv",
    contents=Contents.STEP,
    help="every number of the step, one per line; with --history one line per step",
    write_step=lambda step: file_pieces(csv_lines(step.backward)),
    write_history=lambda table: file_pieces(history_csv(table)),
)
