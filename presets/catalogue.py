"""A TARGET: a preset's name, a TOML file, a session, a shared line or a shape, and how it is found."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from ..core.functions.losses import loss_of
from ..core.typed_number import quoted
from . import user
from .errors import PresetError
from .paths import is_device
from .preset_file import parse_preset, read_preset
from .schema import DataTable, Init, NetworkTable, Preset, TrainingTable
from .toml_reader import read_text
from .user import builtin_folder, builtin_path
from .user import builtin_names as builtin_names
from .user import user_names as user_names

FORMS = "a preset's name, a TOML file, a session, a shared line (nn2:…), or a shape such as 4-8-3 with --data"
SHARED = re.compile(r"nn\d+:")
"""The beginning of a shared line of any format."""
TABLES = (".csv", ".csv.gz", ".tsv")
ARRAYS = (".npz", ".safetensors")
STDIN = "-"


class TargetError(PresetError):
    """An unknown TARGET."""

    def __init__(self, target: str, known: Iterable[str], kinds: str = "preset") -> None:
        """Name what was probably meant.

        Args:
            target: the unknown name.
            known: the known names.
            kinds: the kind of things that have these names.
        """
        if re.search(r"[/\\]|\.[a-z]", target):
            super().__init__(quoted(target), f"no such file; expected {FORMS}")
            return
        from .lessons.lesson_list import lesson_names

        if target in lesson_names():
            super().__init__(f"no {kinds} is named {quoted(target)}; it is a lesson: nn-tui tour {target} opens it")
            return
        near = get_close_matches(target[:60].casefold(), list(known), 3)
        meant = f" did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"no {kinds} is named {quoted(target)};{meant} nn-tui presets lists them")


def is_saved(target: str) -> bool:
    """Whether a target is a session, a shared line or a file with a shared line, which open at their saved step."""
    if SHARED.match(target):
        return True
    if target.endswith(".toml") or not path_exists(Path(target)) or not Path(target).is_file():
        return False
    from .sessions.session import is_session
    from .sessions.share_link import share_link_in

    return is_session(Path(target)) or share_link_in(Path(target)) is not None


def path_exists(path: Path) -> bool:
    """Whether a file or folder exists; false for an impossible name."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def check_is_no_data(target: str) -> None:
    """Refuse data or arrays that are named instead of a network, and say how to use them.

    Raises:
        PresetError: the target is a CSV file, a file of arrays, or the standard input.
    """
    if target.casefold().endswith(ARRAYS):
        told = "arrays: expected a network before them, as in nn-tui xor --weights FILE to begin with them"
        raise PresetError(target, f"{told}, or nn-tui xor --against FILE to compare them")
    if target == STDIN or target.casefold().endswith(TABLES):
        data = "the standard input" if target == STDIN else "a CSV file"
        raise PresetError(target, f"{data} is data: expected it after a network, as in nn-tui train 4-8-3 --data FILE")


SHAPE = re.compile(r"[1-9]\d{0,6}(-[1-9]\d{0,6})+")
"""Neurons of each layer, as 4-8-3."""


def folder_of(target: str) -> Path:
    """The folder of the files that a preset names."""
    if target in builtin_names():
        return builtin_folder()
    return user.user_folder() if target in user_names() else Path(target).parent


def find(target: str) -> Preset:
    """The preset of this name, in this file, or of this shape.

    Raises:
        PresetError: there is none, or it cannot be used.
    """
    if not target:
        raise PresetError("an empty TARGET", f"expected {FORMS}")
    if target in builtin_names():
        return parse_preset(builtin_path(target).read_text(encoding="utf-8"), target)
    if target in user_names():
        return read_preset(user.user_path(target))
    check_is_no_data(target)
    if target.endswith(".toml") or (path_exists(Path(target)) and not is_device(Path(target))):
        return _in_file(Path(target))
    if SHAPE.fullmatch(target):
        return preset_of_shape(target)
    raise TargetError(target, [*builtin_names(), *user_names()])


def _in_file(path: Path) -> Preset:
    """The preset in a file that was named as a target."""
    if path_exists(path) and path.is_dir():
        raise PresetError(str(path), f"a folder: expected {FORMS}")
    text = read_text(path)
    if not text.strip():
        raise PresetError(str(path), f"an empty file: expected {FORMS}")
    return parse_preset(text, str(path), path.parent)


def preset_of_shape(shape: str, loss: str | None = None) -> Preset:
    """A network with this many neurons in each layer, without data.

    Without a loss, several outputs are classes, and one output is a number. Only the caller has the data, and knows
    whether there are two classes. The last activation is the usual one for the loss.
    """
    sizes = [int(size) for size in shape.split("-")]
    loss = loss or ("cross-entropy" if sizes[-1] > 1 else "mse")
    try:
        output = loss_of(loss).usual_output
    except ValueError as error:
        raise PresetError("training.loss", str(error)) from None
    hidden = ["tanh"] * (len(sizes) - 2)
    return Preset(
        name=shape,
        network=NetworkTable(layers=sizes, activations=[*hidden, output], init=Init(scheme="xavier")),
        training=TrainingTable(loss=loss, learning_rate=0.1),
        data=DataTable(),
    )
