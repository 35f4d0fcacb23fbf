"""The presets that come with nn-tui."""

from importlib.resources import files
from pathlib import Path

ORDER = ["3-4-1", "3-4-1-marks", "2-2-1", "2-2-2-1", "2-3-1", "1-1-1-1", "1-1-1-1-relu", "2-2-2"] + [
    "xor",
    "moons",
    "spiral",
    "iris",
    "digits",
    "mazur",
]
"""How a list of the presets begins; others follow by name."""


def builtin_folder() -> Path:
    """Where they are."""
    return Path(str(files(__package__))) / "library"


def builtin_names() -> list[str]:
    """The presets that come with nn-tui."""
    found = sorted(
        file.name.removesuffix(".toml") for file in builtin_folder().iterdir() if file.name.endswith(".toml")
    )
    return sorted(found, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
