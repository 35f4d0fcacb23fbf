"""JSON: every number of a step, or a history with an object for each step."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Any

import msgspec
import numpy as np

from ...core.steps.events import BackwardPass
from .data_facts import data_facts
from .export_format import Contents, ExportFormat, HistoryTable, file_pieces


def trace(backward: BackwardPass, last_da: Any) -> dict[str, Any]:
    """The state before an update, with that update's batch, forward pass and gradients.

    Args:
        backward: the backward pass of the update.
        last_da: ∂L/∂ŷ, an array or lists.
    """
    forward, state = backward.forward, backward.state
    returned = backward.layout.views(backward.numbers)
    arrays = {
        **{"W": state.W, "b": state.b, "z": forward.z, "a": forward.a},
        **{"da": (*returned[forward.layers :], last_da), "dz": returned[: forward.layers]},
        **{"dW": backward.dW, "db": backward.db},
    }
    return {
        "step": state.step,
        "epoch": state.epoch,
        "batch_loss": forward.loss,
        "predictions": arrays["a"][-1],
        "layers": [dict(zip(arrays, layer, strict=True)) for layer in zip(*arrays.values(), strict=True)],
    }


_ENCODER = msgspec.json.Encoder(enc_hook=np.ndarray.tolist)


def traces_in_lines(steps: Sequence[BackwardPass]) -> bytes:
    """The trace of each step as JSON in a line, without the end of the last line."""
    lines: list[bytes] = []
    for _, group in groupby(steps, lambda step: (id(step.output), len(step.forward.X))):
        alike = list(group)
        lines += [_ENCODER.encode(trace(*each)) for each in zip(alike, _last_das(alike), strict=True)]
    return b"\n".join(lines)


def _last_das(steps: Sequence[BackwardPass]) -> list[Any]:
    """∂L/∂ŷ of steps with the same output and batches of the same size, which is quicker for all together."""
    output, forwards = steps[0].output, [each.forward for each in steps]
    y_hat, y = (np.array(each) for each in zip(*((forward.y_hat, forward.y) for forward in forwards), strict=True))
    flat = -1, y.shape[2]
    with np.errstate(all="ignore"):
        da = output.loss.derivative(y_hat.reshape(flat), y.reshape(flat)).reshape(y.shape) * output.weight(y[0])
    lists: list[Any] = da.tolist()
    return lists


def trace_lines(backward: BackwardPass, facts: Mapping[str, Any] = MappingProxyType({})) -> Iterator[str]:
    """The trace and the facts of the data as indented JSON, piece by piece, with each row of an array on a line."""
    yield from _lines(trace(backward, backward.da[-1]) | ({"data": dict(facts)} if facts else {}), "")


def history_json(history: HistoryTable) -> Iterator[str]:
    """The lines of a list with an object for each step; unknown and non-finite numbers are null."""
    before = "["
    for row in history.rows:
        yield before
        before = f"{msgspec.json.encode(dict(zip(history.columns, row, strict=True))).decode()},"
    yield before.removesuffix(",")
    yield "]"


def _lines(value: Any, indent: str, before: str = "", after: str = "") -> Iterator[str]:
    """A value on lines of its own.

    Args:
        value: a table, a list, an array or a number.
        indent: what the lines begin with.
        before: the text before the value on its first line.
        after: the text after the value on its last line.
    """
    if isinstance(value, dict):
        yield from _nested("{}", [(f'"{key}": ', each) for key, each in value.items()], indent, before, after)
    elif isinstance(value, list) or (isinstance(value, np.ndarray) and value.ndim > 1):
        yield from _nested("[]", [("", each) for each in value], indent, before, after)
    else:
        text = msgspec.json.encode(value, enc_hook=np.ndarray.tolist).decode()
        yield f"{indent}{before}{text}{after}"


def _nested(marks: str, parts: list[tuple[str, Any]], indent: str, before: str, after: str) -> Iterator[str]:
    yield f"{indent}{before}{marks[0]}"
    for n, (name, each) in enumerate(parts, 1):
        yield from _lines(each, f"{indent}  ", name, "," * (n < len(parts)))
    yield f"{indent}{marks[1]}{after}"


FORMAT = ExportFormat(
    name="json",
    title="JSON",
    ending=".json",
    contents=Contents.STEP,
    help="a step as train --trace writes it, and the names and scaling of the data; with --history one object per step",
    write_step=lambda step: file_pieces(trace_lines(step.backward, data_facts(step))),
    write_history=lambda table: file_pieces(history_json(table)),
)
