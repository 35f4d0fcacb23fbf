"""Generated data: the small problems that networks are tried on."""

from collections.abc import Callable
from math import pi
from typing import TypeAlias

import numpy as np

from ..functions.arrays import Array

Examples: TypeAlias = tuple[Array, Array]
"""Inputs, (examples, n_in), and targets, (examples, 1): a number, or the class 0 or 1."""
Generator: TypeAlias = Callable[[np.random.Generator, int, float], Examples]
"""Of a random generator, a number of examples, and the standard deviation of the noise."""

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def _corners(truth: list[float]) -> Generator:
    """The four corners in turn, each with its truth."""

    def corners(rng: np.random.Generator, samples: int, noise: float) -> Examples:
        which = np.arange(samples) % 4
        return CORNERS[which] + rng.normal(0.0, noise, (samples, 2)), np.array(truth)[which, None]

    return corners


def _halves(samples: int) -> Array:
    """The class of each example: half of them 0, half 1."""
    return (np.arange(samples) % 2).astype(np.float64)[:, None]


def circles(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """A circle of radius ½ within one of radius 1; the inner one is class 1."""
    y = _halves(samples)
    angle = rng.uniform(0.0, 2.0 * pi, (samples, 1))
    X = np.hstack([np.cos(angle), np.sin(angle)]) * (1.0 - 0.5 * y)
    return X + rng.normal(0.0, noise, X.shape), y


def moons(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """Two half circles that reach into each other."""
    y = _halves(samples)
    angle = rng.uniform(0.0, pi, (samples, 1))
    upper = np.hstack([np.cos(angle), np.sin(angle)])
    X = np.where(y == 0.0, upper, np.array([1.0, 0.5]) - upper)
    return X + rng.normal(0.0, noise, X.shape), y


def spiral(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """Two arms that wind around each other, one and a half times."""
    y = _halves(samples)
    along = rng.uniform(0.05, 1.0, (samples, 1))
    angle = 3.0 * pi * along + pi * y
    X = np.hstack([along * np.cos(angle), along * np.sin(angle)])
    return X + rng.normal(0.0, noise, X.shape), y


def gaussians(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """Two clouds around (−1, −1) and (1, 1), half a unit wide and more by the noise."""
    y = _halves(samples)
    return (2.0 * y - 1.0) + rng.normal(0.0, 0.5 + noise, (samples, 2)), y


def checkerboard(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """Sixteen fields of the square −1 … 1, black and white in turn."""
    X = rng.uniform(-1.0, 1.0, (samples, 2))
    y = (np.floor(2.0 * X).sum(axis=1, keepdims=True) % 2.0).astype(np.float64)
    return X + rng.normal(0.0, noise, X.shape), y


def sine(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """sin(πx) over −1 … 1."""
    X = rng.uniform(-1.0, 1.0, (samples, 1))
    return X, np.sin(pi * X) + rng.normal(0.0, noise, X.shape)


def plane(rng: np.random.Generator, samples: int, noise: float) -> Examples:
    """(x₁ + x₂) / 2 over the square −1 … 1."""
    X = rng.uniform(-1.0, 1.0, (samples, 2))
    return X, X.mean(axis=1, keepdims=True) + rng.normal(0.0, noise, (samples, 1))


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
