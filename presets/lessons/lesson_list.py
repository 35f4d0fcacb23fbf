"""The lessons that come with nn-tui: their names and durations, which lists show before a lesson is read whole."""

import re
from pathlib import Path

FIRST = ["3-4-1-by-hand", "xor-branches"]
"""The first lessons of the list; the others follow by name."""
MINUTES = re.compile(r"^lesson = \{.*\bminutes = (\d+)", re.MULTILINE)
"""The duration in the head of a lesson that comes with nn-tui."""


def lessons_folder() -> Path:
    """The folder of the lessons that come with nn-tui."""
    return Path(__file__).parents[1] / "tours"


def lesson_names() -> list[str]:
    """The lessons that come with nn-tui."""
    found = sorted(path.stem for path in lessons_folder().glob("*.toml"))
    return sorted(found, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))


def lesson_minutes(name: str) -> int:
    """The duration of a lesson that comes with nn-tui, in minutes."""
    found = MINUTES.search((lessons_folder() / f"{name}.toml").read_text(encoding="utf-8"))
    assert found
    return int(found[1])
