"""Where sessions go: the last one to the platform's place for state, others to the folder that one is in."""

import os
from pathlib import Path

from platformdirs import user_state_path

from ..own import NAME

STATE = "NN_TUI_STATE"
"""The environment's variable that names another folder for the last session."""
ENDING = ".nn-session"


def last_path() -> Path:
    """The file of the last session; its folder is made where there is none."""
    named = os.environ.get(STATE)
    folder = Path(named) if named else user_state_path("nn-tui", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"last{ENDING}"


def named_path(name: str) -> Path:
    """A file in the present folder, named after a preset."""
    return Path.cwd() / f"{name if NAME.fullmatch(name) else 'session'}{ENDING}"
