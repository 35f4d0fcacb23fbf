"""Exports of what is shown: a step, a line that shares it, a number, and where it comes from."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..core.debugger.dump import TimelineDump
from ..core.debugger.snapshot import Snapshot
from ..core.explaining.explanation import Explanation
from ..core.quantities.notation import Notation
from ..core.quantities.quantity import Quantity, When
from ..core.training.trainer import Trainer
from ..presets.export.export_format import StepExport
from ..presets.export.formats import export_step
from ..presets.schema import Preset
from ..presets.sessions.opened import NOWHERE
from ..presets.sessions.share_link import share_link
from .text.explanation import explanation_latex, explanation_markdown, explanation_text
from .text.resolve import explain_shown


class ExplanationFormat(NamedTuple):
    """A format of explanations."""

    title: str
    """What the dialog calls it."""
    ending: str
    """Of the names of its files."""
    write: Callable[[Explanation, Notation, int], str]


EXPLANATIONS = {
    "text": ExplanationFormat("text", ".txt", explanation_text),
    "markdown": ExplanationFormat("Markdown", ".md", explanation_markdown),
    "latex": ExplanationFormat("LaTeX", ".tex", explanation_latex),
}
"""By the name of --format."""


def snapshot_file(form: str, preset: Preset, trainer: Trainer, snapshot: Snapshot) -> Iterable[bytes]:
    """The step of a moment, all of it, whichever of its phases is shown; of a preset that names no file."""
    return export_step(form, StepExport(preset, NOWHERE, trainer, snapshot.present(trainer)))


def line_file(preset: Preset, saved: TimelineDump) -> bytes:
    """The line that shares the place of a timeline, of a preset that names no file.

    Raises:
        PresetError: the line would be too long.
    """
    return _text(share_link(preset, NOWHERE, saved.changes, saved.position.step))


def explanation_file(
    form: str, trainer: Trainer, snapshot: Snapshot, quantity: Quantity, notation: Notation, decimals: int
) -> bytes:
    """Where a number comes from, as text, markdown or latex.

    Raises:
        ValueError: no quantity has such a name.
        IndexError: the network has no such layer, neuron or example.
    """
    return _text(EXPLANATIONS[form].write(explain_shown(trainer, snapshot, quantity), notation, decimals))


def number_file(trainer: Trainer, snapshot: Snapshot, quantity: Quantity) -> bytes:
    """A number with its name, at full precision; errors are those of an explanation."""
    found = explain_shown(trainer, snapshot, quantity)
    return _text(f"{str(found.quantity).removeprefix(When.NEXT)} = {float(found.value)!r}")


def _text(text: str) -> bytes:
    return f"{text.rstrip()}\n".encode()
