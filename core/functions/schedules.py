"""Schedules: the learning rate as a function of the epoch, as a factor of the one that was given."""

from dataclasses import dataclass
from math import cos, inf, pi
from typing import Protocol


class Schedule(Protocol):
    """A factor for each epoch."""

    def factor(self, epoch: int) -> float:
        """What the learning rate is multiplied with in an epoch, counted from 0."""


def _power(base: float, exponent: int) -> float:
    """A power; infinite where no number holds it."""
    try:
        return float(base**exponent)
    except OverflowError:
        return inf


@dataclass(frozen=True)
class Constant:
    """The same learning rate for ever."""

    def factor(self, epoch: int) -> float:
        """1."""
        return 1.0


@dataclass(frozen=True)
class Steps:
    """A learning rate that falls every so many epochs."""

    every: int
    gamma: float = 0.1

    def factor(self, epoch: int) -> float:
        """Gamma to the power of the steps done."""
        return _power(self.gamma, epoch // self.every)


@dataclass(frozen=True)
class Exponential:
    """A learning rate that falls every epoch."""

    gamma: float

    def factor(self, epoch: int) -> float:
        """Gamma to the power of the epoch."""
        return _power(self.gamma, epoch)


@dataclass(frozen=True)
class Cosine:
    """A learning rate that falls along a half wave, and stays at its end.

    Source: Loshchilov and Hutter, SGDR, 2016, without restarts.
    """

    epochs: int
    least: float = 0.0
    """The factor at the end."""

    def factor(self, epoch: int) -> float:
        """From 1 down to the least."""
        part = min(epoch, self.epochs) / self.epochs
        return self.least + (1.0 - self.least) * 0.5 * (1.0 + cos(pi * part))
