"""Presets by name: those that come with nn-tui, and the user's own folder."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from . import atomic_write
from .errors import PresetError
from .paths import DEVICE, NAME, check_is_file, folder_for

WORKED = "Worked examples"
GROUPS = {
    "Start here": ["3-4-1", "xor"],
    WORKED: ["2-2-1", "2-2-2-1", "2-3-1", "1-1-1-1", "1-1-1-1-relu", "2-2-2", "mazur"],
    "Data sets": ["moons", "spiral", "iris", "digits", "3-4-1-marks"],
    "Pitfalls": ["mazur-sequential", "nielsen-neuron-slow", "rgu", "miller", "nnwj"],
}
"""How each group begins, in the order of lists; all others follow among the worked examples, by name."""
FOLDER = "NN_TUI_PRESETS"
"""The environment's variable that names another folder."""
HEAD = 4096
"""Bytes of a file, among which its title is."""
TITLE = re.compile(rb'^title = "([^"\\\n]*)"\r?$', re.MULTILINE)


def builtin_folder() -> Path:
    """The folder of the presets that come with nn-tui."""
    return Path(__file__).parent / "library"


def builtin_path(name: str) -> Path:
    """The file of a preset that comes with nn-tui."""
    return builtin_folder() / f"{name}.toml"


def builtin_names() -> list[str]:
    """The presets that come with nn-tui."""
    return [name for names in builtin_groups().values() for name in names]


def builtin_groups() -> dict[str, list[str]]:
    """The presets that come with nn-tui, by group."""
    found = sorted(
        file.name.removesuffix(".toml") for file in builtin_folder().iterdir() if file.name.endswith(".toml")
    )
    grouped = {name for names in GROUPS.values() for name in names}
    others = [name for name in found if name not in grouped]
    return {group: [*names, *(others if group == WORKED else ())] for group, names in GROUPS.items()}


def user_folder() -> Path:
    """The folder of the user's own presets."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else folder_for(user_data_path) / "presets"


def stored_names() -> list[str]:
    """The presets in the folder, whether they can be used or not."""
    try:
        return sorted(path.stem for path in user_folder().iterdir() if path.suffix == ".toml" and path.is_file())
    except OSError:
        return []


def user_names() -> list[str]:
    """The user's presets that can be named: a preset that comes with nn-tui hides one of the same name."""
    taken = builtin_names()
    return [name for name in stored_names() if name not in taken]


def user_path(name: str) -> Path:
    """The file of a preset."""
    return user_folder() / f"{name}.toml"


def title_in_head(path: Path) -> str:
    """The title of a preset before its file is read whole; empty if it is not written in the usual way."""
    try:
        check_is_file(path)
        with path.open("rb") as file:
            head, _, _ = (b"\n" + file.read(HEAD)).partition(b"\n[")
    except OSError:
        return ""
    found = TITLE.search(head)
    return found[1].decode(errors="replace") if found else ""


def check_user_name(name: str) -> None:
    """Refuse a name that a file cannot have, or that already means something else.

    Raises:
        PresetError: it is such a name.
    """
    if not NAME.fullmatch(name) or name.endswith((" ", ".", ".toml")):
        raise PresetError("name", f"expected letters, digits, spaces, . + - _ and at most 60, got {name[:40]!r}")
    if DEVICE.fullmatch(name):
        raise PresetError("name", f"{name} is the name of a device on Windows: expected another name")
    if taken := _same_but_for_case(name, builtin_names()):
        raise PresetError("name", f"{taken} comes with nn-tui: expected another name")
    if (taken := _same_but_for_case(name, stored_names())) and taken != name:
        raise PresetError("name", f"{taken} exists, and some systems do not distinguish the two: expected another name")


def save_user_preset(name: str, tables: dict[str, Any], *, replace: bool = False) -> Path:
    """Write a preset that was checked; whoever reads the file meanwhile finds the old one or the new one whole.

    Raises:
        PresetError: it cannot be written, or there is one of this name already.
    """
    from .preset_file import parse_preset
    from .toml_writer import toml_text

    check_user_name(name)
    path, text = user_path(name), toml_text(tables)
    parse_preset(text, str(path))
    if path.exists() and not replace:
        raise PresetError(str(path), "exists already: expected another name")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PresetError(str(path), f"cannot be written: {error.strerror}") from None
    atomic_write.atomic_write(path, text.encode())
    return path


def _same_but_for_case(name: str, others: Iterable[str]) -> str | None:
    """The existing name that a file system may not distinguish from this one."""
    return next((other for other in others if other.casefold() == name.casefold()), None)
