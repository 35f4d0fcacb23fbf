"""Where presets are found: those that come with nn-tui, files, and shapes."""

import re
from importlib.resources import files
from pathlib import Path

from .errors import PresetError
from .reader import parse, read
from .schema import ActivationName, DataTable, Init, LossName, NetworkTable, Preset, TrainingTable

ORDER = ["3-4-1", "3-4-1-marks", "2-2-1", "2-2-2-1", "2-3-1", "1-1-1-1", "1-1-1-1-relu", "2-2-2"] + [
    "xor",
    "moons",
    "spiral",
    "iris",
    "digits",
    "mazur",
]
"""How a list of the presets begins; others follow by name."""

SHAPE = re.compile(r"[1-9]\d{0,6}(-[1-9]\d{0,6})+")
"""Neurons of each layer, as 4-8-3."""
OUTPUT_OF: dict[str, ActivationName] = {"bce": "sigmoid", "cross-entropy": "softmax"}
"""The last activation that a loss goes with, where it is not identity."""


def names() -> list[str]:
    """The presets that come with nn-tui."""
    found = sorted(file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml"))
    return sorted(found, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


def folder_of(target: str) -> Path:
    """Where the files that a preset names are found."""
    return _folder() if target in names() else Path(target).parent


def find(target: str) -> Preset:
    """The preset of this name, in this file, or of this shape.

    Raises:
        PresetError: there is none, or it cannot be used.
    """
    if target in names():
        return parse((_folder() / f"{target}.toml").read_text(encoding="utf-8"), target)
    if target.endswith(".toml") or Path(target).exists():
        return read(Path(target))
    if SHAPE.fullmatch(target):
        return of_shape(target)
    raise PresetError(
        f"no preset is named {target!r}",
        f"known are {', '.join(names())}; or name a .toml file, or a shape such as 4-8-3 with --data",
    )


def of_shape(shape: str, loss: LossName | None = None) -> Preset:
    """A network of so many neurons a layer; its data is still to be said.

    Several outputs are taken for classes; the last activation is the one that goes with the loss.
    """
    sizes = [int(size) for size in shape.split("-")]
    loss = loss or ("cross-entropy" if sizes[-1] > 1 else "mse")
    last: ActivationName = OUTPUT_OF.get(loss, "identity")
    hidden: list[ActivationName] = ["tanh"] * (len(sizes) - 2)
    return Preset(
        name=shape,
        title="A network of this shape",
        network=NetworkTable(layers=sizes, activations=[*hidden, last], init=Init(scheme="xavier")),
        training=TrainingTable(loss=loss, learning_rate=0.1),
        data=DataTable(),
    )


def _folder() -> Path:
    return Path(str(files(__package__)))
