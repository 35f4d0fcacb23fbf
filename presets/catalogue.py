"""Where presets are found: those that come with nn-tui, a person's own, files, and shapes."""

import re
from pathlib import Path

from ..core.functions.losses import LOSSES
from . import builtin, user
from .builtin import builtin_names as builtin_names
from .errors import PresetError
from .paths import is_device
from .preset_file import parse_preset, read_preset
from .schema import DataTable, Init, NetworkTable, Preset, TrainingTable
from .target import FORMS, TargetError, check_is_no_table, path_exists
from .toml_reader import read_text

SHAPE = re.compile(r"[1-9]\d{0,6}(-[1-9]\d{0,6})+")
"""Neurons of each layer, as 4-8-3."""


def user_names() -> list[str]:
    """A person's own presets that can be named: one that comes with nn-tui goes before an own one of its name."""
    taken = builtin_names()
    return [name for name in user.stored_names() if name not in taken]


def folder_of(target: str) -> Path:
    """Where the files that a preset names are found."""
    if target in builtin_names():
        return builtin.builtin_folder()
    return user.user_folder() if target in user_names() else Path(target).parent


def find(target: str) -> Preset:
    """The preset of this name, in this file, or of this shape.

    Raises:
        PresetError: there is none, or it cannot be used.
    """
    if target in builtin_names():
        return parse_preset((builtin.builtin_folder() / f"{target}.toml").read_text(encoding="utf-8"), target)
    if target in user_names():
        return read_preset(user.user_path(target))
    check_is_no_table(target)
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
    return parse_preset(text, str(path))


def preset_of_shape(shape: str, loss: str | None = None) -> Preset:
    """A network of so many neurons a layer; its data is still to be said.

    Several outputs are taken for classes; the last activation is the one that goes with the loss.
    """
    sizes = [int(size) for size in shape.split("-")]
    loss = loss or ("cross-entropy" if sizes[-1] > 1 else "mse")
    hidden = ["tanh"] * (len(sizes) - 2)
    return Preset(
        name=shape,
        network=NetworkTable(
            layers=sizes, activations=[*hidden, LOSSES[loss].usual_output], init=Init(scheme="xavier")
        ),
        training=TrainingTable(loss=loss, learning_rate=0.1),
        data=DataTable(),
    )
