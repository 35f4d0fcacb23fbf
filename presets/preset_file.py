"""Reading a preset file: TOML to a checked Preset."""

from pathlib import Path
from typing import Any

from .checks import faults
from .errors import PresetError
from .schema import Preset
from .toml_reader import convert_tables, parse_toml, read_text


def read_preset(path: Path) -> Preset:
    """The preset in a file.

    Raises:
        PresetError: the file cannot be read, or is no preset.
    """
    return parse_preset(read_text(path), str(path))


def parse_preset(text: str, name: str) -> Preset:
    """The preset that a text says; errors begin with `name`."""
    return check_preset(preset_of_tables(parse_toml(text, name), name), name)


def preset_of_tables(tables: dict[str, Any], name: str) -> Preset:
    """The preset that parsed tables say."""
    return convert_tables(tables, Preset, name)


def check_preset(preset: Preset, name: str) -> Preset:
    """The same preset, where its parts fit together."""
    for place, wrong in faults(preset):
        raise PresetError(name, place, wrong)
    return preset
