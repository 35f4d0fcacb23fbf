"""The table of export formats, which the command line, its help, completion and the dialog read."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import cast

from ...core.suggestions import suggestion
from ...core.typed_number import quoted
from ..errors import PresetError
from .export_format import Contents, ExportFormat, HistoryTable, StepExport

PREFIX = "as_"
"""How the names of the files begin that have a format."""


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
