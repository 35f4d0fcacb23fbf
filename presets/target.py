"""A TARGET: a preset's name, a TOML file, a session, a shared line, or a shape; and what a person may have meant."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from ..core.typed_number import quoted
from .errors import PresetError

FORMS = "a preset's name, a TOML file, a session, a shared line (nn2:…), or a shape such as 4-8-3 with --data"
SHARED = re.compile(r"nn\d+:")
"""How a shared line of any format begins."""
TABLES = (".csv", ".csv.gz", ".tsv")
STDIN = "-"


class TargetError(PresetError):
    """A TARGET that is none."""

    def __init__(self, target: str, known: Iterable[str], kinds: str = "preset") -> None:
        """Say what may have been meant.

        Args:
            target: what was asked for.
            known: the names that there are.
            kinds: what these are the names of.
        """
        if re.search(r"[/\\]|\.[a-z]", target):
            super().__init__(quoted(target), f"no such file: expected {FORMS}")
            return
        near = get_close_matches(target[:60].casefold(), list(known), 3)
        meant = f" did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"no {kinds} is named {quoted(target)};{meant} nn-tui presets lists them")


def is_saved(target: str) -> bool:
    """Whether a target is a session, a shared line or a file with one in it, which begin where a training was left."""
    if SHARED.match(target):
        return True
    if target.endswith(".toml") or not path_exists(Path(target)) or not Path(target).is_file():
        return False
    from .sessions.session import is_session
    from .sessions.share_link import share_link_in

    return is_session(Path(target)) or share_link_in(Path(target)) is not None


def path_exists(path: Path) -> bool:
    """Whether there is a file or folder; what no file can be named is not there."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def check_is_no_table(target: str) -> None:
    """Say how to use examples, where they are named in place of a network.

    Raises:
        PresetError: the target is a CSV file, or the standard input.
    """
    if target == STDIN or target.casefold().endswith(TABLES):
        data = "the standard input" if target == STDIN else "a CSV file"
        raise PresetError(target, f"{data} is data: expected it after a network, as in nn-tui train 4-8-3 --data FILE")
