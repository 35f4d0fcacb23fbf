"""Initializers: the initial weights of a layer, W, (n_out, n_in)."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import TypeAlias

from . import lazy_numpy as np
from .arrays import Array

Initializer: TypeAlias = "Callable[[np.random.Generator, int, int, float], Array]"
"""A function of a random generator, n_in, n_out and a scale that returns W, (n_out, n_in)."""


TAIL = 3.65
"""The size from which on NumPy uses the system's logarithm for normal numbers."""
DIGITS = 2.0**40


def normal_draws(rng: np.random.Generator, scale: float, shape: tuple[int, ...]) -> Array:
    """Normal numbers with standard deviation `scale`, the same on every system.

    Large ones lose the digits in which systems differ; the others are products with numbers of a table.
    """
    z = rng.standard_normal(shape)
    far = np.abs(z) > TAIL
    z[far] = np.rint(z[far] * DIGITS) / DIGITS
    return scale * z


def zeros(rng: np.random.Generator, n_in: int, n_out: int, scale: float) -> Array:
    """All 0, so that every neuron of a layer learns the same."""
    return np.zeros((n_out, n_in))


def normal(rng: np.random.Generator, n_in: int, n_out: int, scale: float) -> Array:
    """Normal with standard deviation `scale`."""
    return normal_draws(rng, scale, (n_out, n_in))


def uniform(rng: np.random.Generator, n_in: int, n_out: int, scale: float) -> Array:
    """Uniform in −scale … scale."""
    return rng.uniform(-scale, scale, (n_out, n_in))


def xavier(rng: np.random.Generator, n_in: int, n_out: int, scale: float) -> Array:
    """Uniform in ±scale √(6 / (n_in + n_out)).

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010, eq. 16.
    """
    return uniform(rng, n_in, n_out, scale * sqrt(6.0 / (n_in + n_out)))


def he(rng: np.random.Generator, n_in: int, n_out: int, scale: float) -> Array:
    """Normal with standard deviation scale √(2 / n_in).

    Source: He et al., Delving Deep into Rectifiers, 2015, eq. 10.
    """
    return normal(rng, n_in, n_out, scale * sqrt(2.0 / n_in))


INITIALIZERS: dict[str, Initializer] = {
    "zeros": zeros,
    "normal": normal,
    "uniform": uniform,
    "xavier": xavier,
    "he": he,
}
