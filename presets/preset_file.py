"""Reading a preset file: TOML to a checked Preset."""

from pathlib import Path
from typing import Any

from .checks import faults
from .errors import PresetError
from .schema import Preset
from .toml_reader import tables_of, text_of, typed


def read(path: Path) -> Preset:
    """The preset in a file.

    Raises:
        PresetError: the file cannot be read, or is no preset.
    """
    return parse(text_of(path), str(path))


def parse(text: str, name: str) -> Preset:
    """The preset that a text says; errors begin with `name`."""
    return checked(convert(tables_of(text, name), name), name)


def convert(tables: dict[str, Any], name: str) -> Preset:
    """The preset that parsed tables say."""
    return typed(tables, Preset, name)


def checked(preset: Preset, name: str) -> Preset:
    """The same preset, where its parts fit together."""
    for place, wrong in faults(preset):
        raise PresetError(name, place, wrong)
    return preset
