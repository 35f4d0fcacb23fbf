"""Schedules: the learning rate as a function of the epoch, as a factor of the one that was given, and its formula."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import cos, inf, pi
from typing import ClassVar

from .formula import HALF, ONE, PI, Difference, Function, Node, Number, Power, Product, Quotient, Sum, letter
from .ranges import Count, Positive, Share, check_ranges


@dataclass(frozen=True)
class Schedule(ABC):
    """A factor for each epoch.

    Raises:
        ValueError: a field is out of its range.
    """

    name: ClassVar[str]
    description: ClassVar[str]
    """In one line, for help and docs/file-format.md."""

    def __post_init__(self) -> None:
        check_ranges(self)

    @abstractmethod
    def factor(self, epoch: int) -> float:
        """What the learning rate is multiplied with in an epoch, counted from 0."""

    @abstractmethod
    def formula(self, epoch: int) -> Node:
        """The factor written out; the number 1 where there is nothing to write."""


def _power(base: float, exponent: int) -> float:
    """A power; infinite where no number holds it."""
    try:
        return float(base**exponent)
    except OverflowError:
        return inf


def _power_formula(gamma: float, exponent: int) -> Node:
    return Power(letter("γ", r"\gamma", gamma), Number(float(exponent)))


class Constant(Schedule):
    """The same learning rate for ever."""

    name = "constant"
    description = "the same learning rate in every epoch"

    def factor(self, epoch: int) -> float:
        """1."""
        return 1.0

    def formula(self, epoch: int) -> Node:
        """1."""
        return ONE


@dataclass(frozen=True)
class Steps(Schedule):
    """A learning rate that falls every so many epochs."""

    name = "step"
    description = "multiplied by γ after every so many epochs"

    every: Count
    gamma: Positive = 0.1

    def factor(self, epoch: int) -> float:
        """γ to the power of the steps done."""
        return _power(self.gamma, epoch // self.every)

    def formula(self, epoch: int) -> Node:
        """γ to the power of the steps done."""
        return _power_formula(self.gamma, epoch // self.every)


@dataclass(frozen=True)
class Exponential(Schedule):
    """A learning rate that falls every epoch."""

    name = "exponential"
    description = "multiplied by γ after every epoch"

    gamma: Positive

    def factor(self, epoch: int) -> float:
        """γ to the power of the epoch."""
        return _power(self.gamma, epoch)

    def formula(self, epoch: int) -> Node:
        """γ to the power of the epoch."""
        return _power_formula(self.gamma, epoch)


@dataclass(frozen=True)
class Cosine(Schedule):
    """A learning rate that falls along a half wave, and stays at its end.

    Source: Loshchilov and Hutter, SGDR, 2016, without restarts.
    """

    name = "cosine"
    description = "falls along half a cosine from 1 to the least factor in so many epochs, then stays"

    epochs: Count
    least: Share = 0.0
    """The factor at the end."""

    def factor(self, epoch: int) -> float:
        """From 1 down to the least."""
        part = min(epoch, self.epochs) / self.epochs
        return self.least + (1.0 - self.least) * 0.5 * (1.0 + cos(pi * part))

    def formula(self, epoch: int) -> Node:
        """least + (1 − least) ½ (1 + cos(π epoch / epochs))."""
        part = Quotient(Number(float(min(epoch, self.epochs))), Number(float(self.epochs)))
        wave = Sum((ONE, Function("cos", (Product((PI, part)),))))
        falling = Product((Difference(ONE, Number(self.least)), HALF, wave))
        return Sum((Number(self.least), falling)) if self.least else falling


SCHEDULES: dict[str, type[Schedule]] = {rule.name: rule for rule in (Constant, Steps, Exponential, Cosine)}
"""All schedules by name: the one list that files and explanations read."""
