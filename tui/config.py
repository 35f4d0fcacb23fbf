"""The configuration: the user's settings for all trainings, from a file, the environment and options."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from msgspec import Meta, Struct, structs
from platformdirs import user_config_path

from ..core.notation.notation_names import NotationName
from ..presets.data_budget import MOST_MIB, USUAL_MIB, DataBudget
from ..presets.paths import check_named_file, folder_for

FILE = "NN_TUI_CONFIG"
"""The environment variable with the path of another file."""
DECIMALS = 6
QUIET_FRAMES = 4
QUIET_CHART_EVERY = 1.0
"""Seconds between two drawings of a chart over a slow connection."""
MIB = 2**20


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The user's settings for all trainings."""

    theme: str | None = None
    """The theme; without one, the program's own."""
    notation: NotationName | None = None
    """The notation; without one, each preset's."""
    decimals: Annotated[int, Meta(ge=3, le=12)] | None = None
    """The decimals of every number; without it, each place has its own."""
    fps: Annotated[int, Meta(ge=1, le=60)] = 6
    """Frames a second while training runs: nobody can read numbers that change faster."""
    memory_budget: Annotated[int, Meta(ge=1, le=4096)] = 64
    """MiB for past states."""
    data_budget: Annotated[int, Meta(ge=1, le=MOST_MIB)] = USUAL_MIB
    """MiB for examples."""
    start_pace: Annotated[float, Meta(ge=0, le=8000)] = 30
    """Updates a second at the beginning of a run, which becomes faster; 0 for no limit."""
    autosave: Annotated[float, Meta(ge=0.1, le=3600)] = 60
    """Seconds between two saves of a training."""
    quiet: bool = False
    """Draw less often, for a slow connection."""
    show_keys: bool = False
    """Show the last key and its action, for an audience."""
    ascii: bool = False
    """Draw with ASCII characters only."""
    keys: dict[str, str] = {}
    """Changed keys of the dashboard, by action."""

    @property
    def decimals_of_text(self) -> int:
        """The decimals of explanations, worksheets and the text mode."""
        return self.decimals or DECIMALS

    @property
    def frames(self) -> int:
        """Frames a second, fewer in quiet mode."""
        return min(self.fps, QUIET_FRAMES) if self.quiet else self.fps

    @property
    def chart_every(self) -> float:
        """The least seconds between two drawings of a chart."""
        return QUIET_CHART_EVERY if self.quiet else 0.0

    @property
    def budget(self) -> int:
        """Bytes for past states."""
        return self.memory_budget * MIB

    @property
    def examples_budget(self) -> DataBudget:
        """Memory for examples."""
        return DataBudget(self.data_budget)


NAMES = tuple(field.name for field in structs.fields(Config))
SINGLE = tuple(name for name in NAMES if name != "keys")
"""Settings with a single value, which a variable or an option can have."""


class Configured(NamedTuple):
    """The current configuration, and the source of each value."""

    config: Config
    sources: dict[str, str]
    """The source of each value by name: "default", "file", "environment" or "command line"."""


def config_file() -> Path:
    """The path of the file."""
    named = os.environ.get(FILE)
    return Path(named) if named else folder_for(user_config_path) / "config.toml"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"NN_TUI_{name.upper()}"


def configured(given: Mapping[str, Any]) -> Configured:
    """The configuration of the file, the environment and the command line; the later ones have priority.

    Args:
        given: the options of the command line, None if not given.

    Raises:
        PresetError: the file or a variable cannot be used.
    """
    layers = {
        "file": _from_file(config_file()),
        "environment": _from_environment(),
        "command line": {name: value for name, value in given.items() if value is not None},
    }
    sources = dict.fromkeys(NAMES, "default") | {name: source for source, said in layers.items() for name in said}
    values = {name: value for said in layers.values() for name, value in said.items()}
    return Configured(_config_of(values, "configuration"), sources)


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists() or path == Path(os.devnull):
        return {}
    from ..presets.toml_reader import parse_toml, read_text

    check_named_file(path)
    said = parse_toml(read_text(path), str(path))
    _config_of(said, str(path))
    return said


def _from_environment() -> dict[str, Any]:
    texts = {name: text for name in SINGLE if (text := os.environ.get(variable(name)))}
    return {name: _value(name, text) for name, text in texts.items()}


def _value(name: str, text: str) -> Any:
    """The value in a variable's text."""
    return getattr(_config_of({name: text}, variable(name), strict=False), name)


def _config_of(said: dict[str, Any], name: str, *, strict: bool = True) -> Config:
    """The configuration that says this, or nothing, as most do; if not strict, numbers may be texts.

    Raises:
        PresetError: it cannot be used; the error begins with `name`.
    """
    if not said:
        return Config()
    from ..presets.toml_reader import convert_tables

    return convert_tables(said, Config, name, strict=strict)
