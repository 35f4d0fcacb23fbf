"""Heat maps: the value of every neuron over the plane of two inputs, found in one forward pass."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ....core.functions.arrays import Array
from ....core.steps.state import State
from ....core.training.trainer import Trainer
from ..picture.bounds import bounds
from ..picture.neuron_choice import value_range
from ..style_names import STEPS

GLYPHS = " ░▒▓█"
"""Glyphs instead of colours."""
LEAST, MANY = 4, 16
"""The fewest examples of a data set: with classes, and with numbers as targets."""

Levels: TypeAlias = npt.NDArray[np.int_]
"""(neurons, rows, columns): the level of each pixel; the first row is the highest."""


def learns_a_plane(trainer: Trainer) -> bool:
    """Whether a training has two inputs and a data set, not an example to compute by hand."""
    count = len(trainer.train)
    return trainer.network.sizes[0] == 2 and (count > MANY or (count >= LEAST and trainer.classes is not None))


class Pixels(Struct, frozen=True):
    """The size of a heat map in pixels: a cell has two rows."""

    columns: int
    rows: int


def heat_maps(trainer: Trainer, state: State, sizes: tuple[Pixels, ...]) -> list[Levels]:
    """The heat map of each neuron by layer, the inputs first; each layer has its own size."""
    grids = {size: _grid(trainer, size) for size in dict.fromkeys(sizes)}
    X = np.concatenate(list(grids.values())).astype(state.parameters.dtype)
    y = np.zeros((len(X), trainer.network.sizes[-1]), X.dtype)
    values = [X, *trainer.forward_on(state, X, y).a]
    begins = dict(zip(grids, np.cumsum([0, *map(len, grids.values())]).tolist(), strict=False))
    maps = []
    for n, size in enumerate(sizes):
        begin = begins[size]
        part = values[n][begin : begin + size.columns * size.rows]
        maps.append(_levels(trainer, n, part).T.reshape(-1, size.rows, size.columns))
    return maps


def _grid(trainer: Trainer, size: Pixels) -> Array:
    """The middle of each pixel, row by row from the top."""
    across, up = bounds(trainer, 0).middles(size.columns), bounds(trainer, 1).middles(size.rows)[::-1]
    return np.stack([np.tile(across, size.rows), np.repeat(up, size.columns)], axis=1)


def _levels(trainer: Trainer, n: int, values: Array) -> Levels:
    """The level of each value: of an input between its bounds, of a neuron in the range of its activation."""
    if n:
        least, greatest = value_range(trainer.network.layers[n - 1].activation, values)
    else:
        least, greatest = values.min(axis=0), values.max(axis=0)
    with np.errstate(all="ignore"):
        share = np.nan_to_num((values - least) / (greatest - least), nan=0.5, posinf=1.0, neginf=0.0)
    levels: Levels = np.rint(np.clip(share, 0.0, 1.0) * (STEPS - 1)).astype(int)
    return levels
