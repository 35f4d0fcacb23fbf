"""The curve that a network with one input has fitted, and the examples around it."""

import numpy as np

from ....core.training.state import State
from ....core.training.trainer import Trainer
from ..numbers import first_of
from ..plot import GREATEST, SERIES, Plot
from ..spans import Lines, label
from .marks import POINTS
from .neuron_choice import Neuron
from .plane import bounds

LEAST = (10, 4)
"""Columns and lines below which a plot has no room."""
TOLD_BY_COLOUR = 4
"""Curves that are told apart by their colours; further ones are drawn in their digits."""
MARKS = ("●", "◆")
"""Of the examples to train on and of those held out."""


def curve(trainer: Trainer, state: State, neuron: Neuron | None, width: int, height: int) -> Lines:
    """The outputs, or a neuron's value, over the input; with the outputs, the targets of the examples."""
    if width < LEAST[0] or height < LEAST[1]:
        return Lines([])
    legend = "" if neuron else _legend(trainer)
    plot = Plot(width, height - bool(legend))
    dtype = state.parameters.dtype
    X = bounds(trainer, 0).middles(2 * width)[:, None].astype(dtype)
    a = trainer.forward_on(state, X, np.zeros((len(X), trainer.network.layers[-1].n_out), dtype)).a
    drawn = a[neuron.layer][:, [neuron.number]] if neuron else a[-1]
    finite = (np.abs(drawn) <= GREATEST).all(axis=1)
    x, y = X[finite, 0].tolist(), drawn[finite].T.tolist()
    for n, column in enumerate(y):
        name, told = (f"series{n % SERIES}", f"ŷ{n + 1}") if len(y) > 1 else ("other", None)
        plot.curve(x, column, name, told, "braille" if n < TOLD_BY_COLOUR else str((n + 1) % 10))
    targets = [] if neuron else _points(trainer, plot)
    plot.label(x, [value for column in [*y, targets] for value in column])
    return Lines([*plot.page().lines, [label(legend[:width])]]) if legend else plot.page()


def _legend(trainer: Trainer) -> str:
    """What the marks are of, where that is not plain: of two sets, or of a part of one."""
    sets = ((trainer.train, MARKS[0], "train"), (trainer.test, MARKS[1], "held out"))
    told = [f"{mark} {name} {first_of(POINTS, len(data.X))}" for data, mark, name in sets if data]
    return "  ".join(told) if len(told) > 1 or len(trainer.train.X) > POINTS else ""


def _points(trainer: Trainer, plot: Plot) -> list[float]:
    """Mark the examples; every target."""
    targets = []
    for data, name, mark in zip((trainer.train, trainer.test), ("train", "test"), MARKS, strict=True):
        for column in range(data.y.shape[1]) if data else ():
            assert data
            points = np.stack([data.X[:POINTS, 0], data.y[:POINTS, column]], axis=1)
            x, y = points[(np.abs(points) <= GREATEST).all(axis=1)].T.tolist()
            plot.points(x, y, name, mark)
            targets += y
    return targets
