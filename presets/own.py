"""Own presets: a folder of a person's TOML files, found by their names."""

import os
import re
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import tomli_w
from platformdirs import user_data_path

from .errors import PresetError
from .reader import parse
from .shipped import names as shipped_names

FOLDER = "NN_TUI_PRESETS"
"""The environment's variable that names another folder."""
NAME = re.compile(r"[\w][\w.+ -]{0,59}")
"""Names that a file can have on every system."""


def folder() -> Path:
    """Where they are."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else user_data_path("nn-tui", appauthor=False) / "presets"


def names() -> list[str]:
    """The presets in the folder, whether they can be used or not."""
    try:
        return sorted(path.stem for path in folder().iterdir() if path.suffix == ".toml" and path.is_file())
    except OSError:
        return []


def path_of(name: str) -> Path:
    """The file of a preset."""
    return folder() / f"{name}.toml"


def check_name(name: str) -> None:
    """Refuse a name that a file cannot have, and one by which something else is found.

    Raises:
        PresetError: it is such a name.
    """
    if not NAME.fullmatch(name) or name.endswith((" ", ".", ".toml")):
        raise PresetError("name", f"expected letters, digits, spaces, . + - _ and at most 60, got {name[:40]!r}")
    if name in shipped_names():
        raise PresetError("name", f"{name} comes with nn-tui: expected another name")


def save(name: str, tables: dict[str, Any], *, replace: bool = False) -> Path:
    """Write a preset that was checked; whoever reads the file meanwhile finds the old one or the new one whole.

    Raises:
        PresetError: it cannot be written, or there is one of this name already.
    """
    check_name(name)
    path, text = path_of(name), tomli_w.dumps(tables)
    parse(text, str(path))
    if path.exists() and not replace:
        raise PresetError(str(path), "exists already: expected another name")
    try:
        _write(path, text)
    except OSError as error:
        raise PresetError(str(path), f"cannot be written: {error.strerror}") from None
    return path


def _write(path: Path, text: str) -> None:
    """Write beside the place and then move there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".", suffix=".new", delete=False) as file:
        new = Path(file.name)
        file.write(text)
    try:
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
