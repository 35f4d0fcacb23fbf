"""The system's places for a person's files: configuration, own presets, and what the program keeps for itself."""

import os
from collections.abc import Callable
from pathlib import Path

NOWHERE = Path(os.devnull, "no-home-folder")
"""A folder that cannot be: there is none to use where neither HOME nor the list of users names one."""


def place(find: Callable[..., Path]) -> Path:
    """The folder of a kind, as platformdirs finds it."""
    try:
        found = find("nn-tui", appauthor=False)
    except (KeyError, RuntimeError):
        return NOWHERE
    return found if found.is_absolute() else NOWHERE
