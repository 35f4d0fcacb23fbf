"""Data: examples with their targets, the batches that they are cut into, and the result on them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import pi
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from ..functions.arrays import Array
from ..functions.elementary_numbers import cos_of, sin_of
from ..functions.initializers import normal_draws
from .scaling import Scale

Examples: TypeAlias = tuple[Array, Array]
"""Inputs, (examples, n_in), and targets, (examples, 1): a number, or the class 0 or 1."""
Generator: TypeAlias = Callable[[np.random.Generator, int, float], Examples]
"""Of a random generator, a number of examples, and the standard deviation of the noise."""
RowNumbers: TypeAlias = npt.NDArray[np.int64]
"""Numbers of rows, in their order."""

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Dataset:
    """Inputs and targets, one example a row."""

    X: Array
    """(examples, n_in)."""
    y: Array
    """(examples, n_out)."""
    class_names: tuple[str, ...] = ()
    """What each output means, where the targets are one-hot; of a single output its two classes."""
    input_names: tuple[str, ...] = ()
    """What each input is, as the columns of its file are called; a name may be empty."""
    target_names: tuple[str, ...] = ()
    """What each target is, where every output has a column of its own."""

    scale: Scale | None = None
    """By which the inputs are standardized; None if they are not."""
    target_scale: Scale | None = None
    """By which the targets are standardized; None if they are not."""
    fill: Array | None = None
    """What replaces a missing value of each input, before it is standardized; None if nothing does."""

    weights: Array | None = None
    """The weight of each example, (examples,); None if all have the same weight."""

    rows: RowNumbers | None = None
    """The row of each example in the data before some was held out, from 1; None if they count 1, 2, 3 …"""
    origin: str = ""
    """How the file was read that the examples are from, in one line; empty if there is nothing to say."""

    def rows_of(self, examples: RowNumbers) -> RowNumbers:
        """The row of each of these examples in the data, from 1; examples count from 0."""
        return examples + 1 if self.rows is None else self.rows[examples]

    def original(self, X: Array) -> Array:
        """Inputs, (examples, n_in), as they were before standardization."""
        return X if self.scale is None else self.scale.original(X)

    def original_targets(self, y: Array) -> Array:
        """Targets or predictions, (examples, n_out), as they are in the data, before standardization."""
        return y if self.target_scale is None else self.target_scale.original(y)

    def __len__(self) -> int:
        return len(self.X)


class Evaluation(NamedTuple):
    """A network's result on a set of examples."""

    loss: float
    accuracy: float | None
    """Share of examples that are classified correctly; None if the outputs are numbers, or of a single example."""


Rows = slice | RowNumbers

ALL = slice(None)


@dataclass(frozen=True)
class Batches:
    """The examples of a data set, cut into batches again for each epoch."""

    examples: int
    size: int
    shuffle: bool = False
    seed: int = 0

    @cached_property
    def per_epoch(self) -> int:
        """Updates in an epoch; the last batch of one may be smaller."""
        return -(-self.examples // self.size)

    def examples_of(self, epoch: int, position: int) -> RowNumbers:
        """The numbers, from 0, of the examples that are a batch's rows."""
        return np.arange(self.examples)[self.rows(epoch, position)]

    def rows(self, epoch: int, position: int) -> Rows:
        """The rows of the batch at this position in this epoch.

        A batch of all examples keeps their order: shuffling would change nothing but the last bits.
        """
        if self.per_epoch == 1:
            return ALL
        part = slice(position * self.size, (position + 1) * self.size)
        if not self.shuffle:
            return part
        return shuffled(self.examples, self.seed, epoch)[part]


@lru_cache(maxsize=4)
def shuffled(examples: int, seed: int, epoch: int) -> RowNumbers:
    """The order of an epoch: it follows from the seed and the epoch's number, so that no past is needed to know it."""
    order = np.random.default_rng([seed, epoch]).permutation(examples)
    order.setflags(write=False)
    return order


def _sin(angle: Array) -> Array:
    return np.array([sin_of(each) for each in angle.ravel().tolist()]).reshape(angle.shape)


def _cos(angle: Array) -> Array:
    return np.array([cos_of(each) for each in angle.ravel().tolist()]).reshape(angle.shape)


def _corners(truth: list[float]) -> Generator:
    """The four corners in turn, each with its truth."""

    def corners(rng: np.random.Generator, samples: int, noise: float) -> Examples:
        which = np.arange(samples) % 4
        return CORNERS[which] + normal_draws(rng, noise, (samples, 2)), np.array(truth)[which, None]

    return corners


def _halves(samples: int) -> Array:
    """The class of each example: half of them 0, half 1."""
    return (np.arange(samples) % 2).astype(np.float64)[:, None]


def circles(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """A circle of radius ½ within one of radius 1; the inner one is class 1."""
    y = _halves(samples)
    angle = rng.uniform(0.0, 2.0 * pi, (samples, 1))
    X = np.hstack([_cos(angle), _sin(angle)]) * (1.0 - 0.5 * y)
    return X + normal_draws(rng, noise, X.shape), y


def moons(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """Two half circles that reach into each other."""
    y = _halves(samples)
    angle = rng.uniform(0.0, pi, (samples, 1))
    upper = np.hstack([_cos(angle), _sin(angle)])
    X = np.where(y == 0.0, upper, np.array([1.0, 0.5]) - upper)
    return X + normal_draws(rng, noise, X.shape), y


def spiral(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """Two arms that wind around each other, one and a half times."""
    y = _halves(samples)
    along = rng.uniform(0.05, 1.0, (samples, 1))
    angle = 3.0 * pi * along + pi * y
    X = np.hstack([along * _cos(angle), along * _sin(angle)])
    return X + normal_draws(rng, noise, X.shape), y


def gaussians(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """Two clouds around (−1, −1) and (1, 1), half a unit wide and more by the noise."""
    y = _halves(samples)
    return (2.0 * y - 1.0) + normal_draws(rng, 0.5 + noise, (samples, 2)), y


def checkerboard(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """Sixteen fields of the square −1 … 1, black and white in turn."""
    X = rng.uniform(-1.0, 1.0, (samples, 2))
    y = (np.floor(2.0 * X).sum(axis=1, keepdims=True) % 2.0).astype(np.float64)
    return X + normal_draws(rng, noise, X.shape), y


def sine(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """sin(πx) over −1 … 1."""
    X = rng.uniform(-1.0, 1.0, (samples, 1))
    return X, _sin(pi * X) + normal_draws(rng, noise, X.shape)


def plane(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """(x₁ + x₂) / 2 over the square −1 … 1."""
    X = rng.uniform(-1.0, 1.0, (samples, 2))
    return X, X.mean(axis=1, keepdims=True) + normal_draws(rng, noise, (samples, 1))


GENERATORS: dict[str, Generator] = {
    "and": _corners([0.0, 0.0, 0.0, 1.0]),
    "or": _corners([0.0, 1.0, 1.0, 1.0]),
    "xor": _corners([0.0, 1.0, 1.0, 0.0]),
    "circles": circles,
    "moons": moons,
    "spiral": spiral,
    "gaussians": gaussians,
    "checkerboard": checkerboard,
    "sine": sine,
    "plane": plane,
}
