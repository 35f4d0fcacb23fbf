"""Where sessions go: the last one to the platform's place for state, others to the folder that one is in."""

import os
from pathlib import Path

from platformdirs import user_state_path

from ..own import NAME
from .errors import SessionError

STATE = "NN_TUI_STATE"
"""The environment's variable that names another folder for the last session."""
ENDING = ".nn-session"


def last_path() -> Path:
    """The file of the last session; its folder is made where there is none.

    Raises:
        SessionError: there can be no such folder.
    """
    return _state_folder() / f"last{ENDING}"


def copied_path() -> Path:
    """The file of what was copied last; its folder is made where there is none.

    Raises:
        SessionError: there can be no such folder.
    """
    return _state_folder() / "copied.txt"


def named_path(name: str) -> Path:
    """A file in the present folder, named after a preset.

    Raises:
        SessionError: the present folder is gone.
    """
    return present_folder() / f"{name if NAME.fullmatch(name) else 'session'}{ENDING}"


def present_folder() -> Path:
    """The folder that one is in.

    Raises:
        SessionError: it is gone.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise SessionError("the present folder", f"cannot be used: {error.strerror}") from None


def _state_folder() -> Path:
    named = os.environ.get(STATE)
    folder = Path(named) if named else user_state_path("nn-tui", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SessionError(str(folder), f"expected a folder for the last session: {error.strerror}") from None
    return folder
