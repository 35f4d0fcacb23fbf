"""Exports: what a training has come to, as the bytes of a file for other programs."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..core.debugger.dump import TimelineDump
from ..core.debugger.snapshot import Snapshot
from ..core.notation import Notation
from ..core.training.events import BackwardPass
from ..core.training.trainer import Trainer
from ..presets.as_trained import as_trained
from ..presets.at_state import at_state
from ..presets.errors import PresetError
from ..presets.export.tensors import npz, safetensors, tensors
from ..presets.schema import Preset
from ..presets.sessions.opened import NOWHERE
from ..presets.sessions.share_link import share_link
from ..presets.toml_reader import MOST_BYTES
from ..presets.toml_writer import toml_text
from .text.explanation import explanation_latex, explanation_markdown, explanation_text
from .text.history_table import History, history_csv, history_json
from .text.resolve import explained
from .text.tables import csv_lines
from .text.trace import trace_lines

EXPLANATIONS = {"text": explanation_text, "markdown": explanation_markdown, "latex": explanation_latex}


PIECE = 2**16
"""Characters of a file that are written at once."""


def step_file(form: str, preset: Preset, folder: Path, trainer: Trainer, backward: BackwardPass) -> Iterable[bytes]:
    """A step as csv, json, toml, npz or safetensors, piece by piece, as it may have more than a million numbers.

    Raises:
        PresetError: the preset would be too large to open again, or its data file cannot be used.
    """
    match form:
        case "csv":
            return _pieces(csv_lines(backward))
        case "json":
            return _pieces(trace_lines(backward))
        case "toml":
            return [_toml(preset, folder, trainer, backward)]
        case "npz":
            return [npz(tensors(backward.state))]
        case _:
            return [safetensors(tensors(backward.state))]


def snapshot_file(form: str, preset: Preset, trainer: Trainer, snapshot: Snapshot) -> Iterable[bytes]:
    """The step of a moment, all of it, whichever of its phases is shown; of a preset that names no file."""
    return step_file(form, preset, NOWHERE, trainer, snapshot.present(trainer))


def history_file(form: str, history: History) -> Iterable[bytes]:
    """A history as csv or json, piece by piece, as its steps are computed."""
    return _pieces(history_csv(history) if form == "csv" else history_json(history))


def line_file(preset: Preset, saved: TimelineDump) -> bytes:
    """The line that shares the place of a timeline, of a preset that names no file.

    Raises:
        PresetError: the line would be too long.
    """
    return _text(share_link(preset, NOWHERE, saved.changes, saved.position.step))


def explanation_file(
    form: str, trainer: Trainer, snapshot: Snapshot, quantity: str, notation: Notation, decimals: int
) -> bytes:
    """Where a number comes from, as text, markdown or latex.

    Raises:
        ValueError: no quantity has such a name.
        IndexError: the network has no such layer, neuron or example.
    """
    return _text(EXPLANATIONS[form](explained(trainer, snapshot, quantity), notation, decimals))


def number_file(trainer: Trainer, snapshot: Snapshot, quantity: str) -> bytes:
    """A number with its name, at full precision; errors are those of an explanation."""
    found = explained(trainer, snapshot, quantity)
    return _text(f"{found.quantity.removeprefix('next-')} = {float(found.value)!r}")


def _pieces(lines: Iterable[str]) -> Iterator[bytes]:
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


def _text(text: str) -> bytes:
    return f"{text.rstrip()}\n".encode()


def _toml(preset: Preset, folder: Path, trainer: Trainer, backward: BackwardPass) -> bytes:
    text = toml_text(at_state(as_trained(preset, folder, trainer), folder, backward.state)).encode()
    if len(text) > MOST_BYTES:
        raise PresetError(preset.name, f"too large to open again as toml: expected at most {MOST_BYTES:,} bytes")
    return text
