"""An export format: its name, content and file ending, and the functions that write its files."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import NamedTuple, cast

import numpy as np

from ...core.functions.arrays import Array
from ...core.steps.events import BackwardPass
from ...core.steps.state import State
from ...core.suggestions import suggestion
from ...core.training.trainer import Trainer
from ...core.typed_number import quoted
from ..errors import PresetError
from ..schema import Preset

PIECE = 2**16
"""Characters of a file that are written at once."""
PREFIX = "as_"
"""Prefix of the files with a format."""


class Contents(Enum):
    """The content of a file, in the order of the list of formats; the dialog shows these words."""

    STEP = "this step, every number"
    PRESET = "preset with the current weights"
    WEIGHTS = "weights and biases"
    SCRIPT = "script with the same figures"


class StepExport(NamedTuple):
    """A step to be written."""

    preset: Preset
    folder: Path
    """Where the data file that the preset may name is found."""
    trainer: Trainer
    backward: BackwardPass
    fold: bool = False
    """Whether to put the standardization into the weights and biases."""
    start: State | None = None
    """The last state from which the training reached the step without a change; None for the step itself."""


class HistoryTable(NamedTuple):
    """A history to be written: a row for each step, and in each column's place its number, or None if not known."""

    columns: Sequence[str]
    rows: Iterable[Sequence[float | None]]


@dataclass(frozen=True, eq=False, kw_only=True)
class ExportFormat:
    """A format; each file of this folder that is named as_… has one, FORMAT."""

    name: str
    """The name for --format."""
    title: str
    """The name in the dialog."""
    ending: str
    """The ending of its files."""
    contents: Contents
    help: str
    """Its content, in a sentence for --help and docs/commands.md."""
    is_text: bool = True
    """Whether it is text that can be read in a terminal and copied."""
    can_fold: bool = False
    """Whether it can have weights into which the standardization is folded."""
    write_step: Callable[[StepExport], Iterable[bytes]]
    """The file of a step, piece by piece, as it may have more than a million numbers; raises PresetError."""
    write_history: Callable[[HistoryTable], Iterable[bytes]] | None = None
    """The file of a history, piece by piece; None if the format has no tables."""


def file_pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines as the pieces of a file."""
    piece: list[str] = []
    size = 0
    for line in lines:
        piece.append(f"{line}\n")
        size += len(line)
        if size > PIECE:
            yield "".join(piece).encode()
            piece, size = [], 0
    yield "".join(piece).encode()


def tensors(state: State) -> dict[str, Array]:
    """Each layer's "0.weight", "0.bias", "2.weight" …; a shared bias is given to every neuron, none is left out."""
    named: dict[str, Array] = {}
    for n, (W, b) in enumerate(zip(state.W, state.b, strict=True)):
        named[f"{2 * n}.weight"] = W
        if b.size:
            named[f"{2 * n}.bias"] = np.broadcast_to(b, (len(W),))
    return named


@cache
def formats() -> dict[str, ExportFormat]:
    """Every format, by its name: those of a whole step first, then presets, then weights."""
    files = (each.name for each in iter_modules([str(Path(__file__).parent)]) if each.name.startswith(PREFIX))
    found = [cast("ExportFormat", import_module(f"{__package__}.{name}").FORMAT) for name in files]
    order = list(Contents)
    return {each.name: each for each in sorted(found, key=lambda each: (order.index(each.contents), each.name))}


def tabular_formats() -> dict[str, ExportFormat]:
    """The formats that can hold a history."""
    return {name: each for name, each in formats().items() if each.write_history}


def export_step(name: str, step: StepExport) -> Iterable[bytes]:
    """A step in a format, piece by piece.

    Raises:
        PresetError: there is no such format, the preset would be too large to open again, or its data file cannot be
            used.
    """
    return _format_of(name, formats()).write_step(step)


def export_history(name: str, table: HistoryTable) -> Iterable[bytes]:
    """A history in a format, piece by piece.

    Raises:
        PresetError: no such format has tables.
    """
    write = _format_of(name, tabular_formats()).write_history
    assert write
    return write(table)


def _format_of(name: str, known: dict[str, ExportFormat]) -> ExportFormat:
    if name not in known:
        expected = ", ".join(map(repr, known))
        raise PresetError("format", f"expected one of {expected}, got {quoted(name)}{suggestion(name, known)}")
    return known[name]
