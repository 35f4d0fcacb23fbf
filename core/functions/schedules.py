"""Schedules: a factor of the learning rate for each epoch or update, and its formula."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import pi
from typing import ClassVar

from ..quantities.formula import (
    HALF,
    ONE,
    PI,
    Difference,
    Function,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    letter,
)
from .elementary_numbers import cos_of, power
from .ranges import Count, Positive, Share, check_ranges


@dataclass(frozen=True)
class Schedule(ABC):
    """A factor for each epoch, or for each update.

    Raises:
        ValueError: a field is out of its range.
    """

    name: ClassVar[str]
    description: ClassVar[str]
    """A line for help and docs/file-format.md."""
    by_update: ClassVar[bool] = False
    """Whether it changes with each update, not with each epoch."""

    def __post_init__(self) -> None:
        check_ranges(self)

    def time(self, step: int, epoch: int) -> int:
        """The number that the factor depends on: the updates or the epochs done so far."""
        return step if self.by_update else epoch

    @abstractmethod
    def factor(self, time: int) -> float:
        """The factor of the learning rate in an epoch or at an update, counted from 0."""

    @abstractmethod
    def formula(self, time: int) -> Node:
        """The formula of the factor; the number 1 if there is none."""


def _power_formula(gamma: float, exponent: int) -> Node:
    return Power(letter("γ", r"\gamma", gamma), Number(float(exponent)))


class Constant(Schedule):
    """A constant learning rate."""

    name = "constant"
    description = "the same learning rate in every epoch"

    def factor(self, time: int) -> float:
        """1."""
        return 1.0

    def formula(self, time: int) -> Node:
        """1."""
        return ONE


@dataclass(frozen=True)
class Steps(Schedule):
    """A learning rate that falls after every given number of epochs."""

    name = "step"
    description = "multiplied by γ once every n epochs"

    every: Count
    gamma: Positive = 0.1

    def factor(self, time: int) -> float:
        """γ to the power of the steps done."""
        return power(self.gamma, time // self.every)

    def formula(self, time: int) -> Node:
        """γ to the power of the steps done."""
        return _power_formula(self.gamma, time // self.every)


@dataclass(frozen=True)
class Exponential(Schedule):
    """A learning rate that falls every epoch."""

    name = "exponential"
    description = "multiplied by γ after every epoch"

    gamma: Positive

    def factor(self, time: int) -> float:
        """γ to the power of the epoch."""
        return power(self.gamma, time)

    def formula(self, time: int) -> Node:
        """γ to the power of the epoch."""
        return _power_formula(self.gamma, time)


@dataclass(frozen=True)
class Cosine(Schedule):
    """A learning rate that falls along a half wave, and stays at its end.

    Source: Loshchilov and Hutter, SGDR, 2016, without restarts.
    """

    name = "cosine"
    description = "falls along half a cosine from 1 to the least factor over n epochs, then stays"

    epochs: Count
    least: Share = 0.0
    """The factor at the end."""

    def factor(self, time: int) -> float:
        """From 1 down to the least."""
        part = min(time, self.epochs) / self.epochs
        return self.least + (1.0 - self.least) * 0.5 * (1.0 + cos_of(pi * part))

    def formula(self, time: int) -> Node:
        """least + (1 − least) ½ (1 + cos(π epoch / epochs))."""
        part = Quotient(Number(float(min(time, self.epochs))), Number(float(self.epochs)))
        wave = Sum((ONE, Function("cos", (Product((PI, part)),))))
        falling = Product((Difference(ONE, Number(self.least)), HALF, wave))
        return Sum((Number(self.least), falling)) if self.least else falling


@dataclass(frozen=True)
class InverseTime(Schedule):
    """A learning rate that falls as 1 / t, fast at first. Source: Robbins and Monro, 1951."""

    name = "inverse-time"
    description = "1 / (1 + k t), t being the updates done"
    by_update = True

    k: Positive

    def factor(self, time: int) -> float:
        """1 / (1 + k t)."""
        return 1.0 / (1.0 + self.k * time)

    def formula(self, time: int) -> Node:
        """1 / (1 + k t)."""
        return Quotient(ONE, Sum((ONE, Product((letter("k", "k", self.k), Number(float(time)))))))


@dataclass(frozen=True)
class WarmUp(Schedule):
    """A learning rate that rises along a line, and then stays. Source: Goyal et al., 2017; PyTorch's LinearLR."""

    name = "warm-up"
    description = "rises along a line from the first factor to 1 over n updates, then stays"
    by_update = True

    updates: Count
    first: Share = 0.1
    """The factor at the beginning."""

    def factor(self, time: int) -> float:
        """From the first up to 1."""
        return self.first + (1.0 - self.first) * min(time, self.updates) / self.updates

    def formula(self, time: int) -> Node:
        """first + (1 − first) updates done / updates; 1 after that."""
        if time >= self.updates:
            return ONE
        part = Quotient(Number(float(time)), Number(float(self.updates)))
        rising = Product((Difference(ONE, Number(self.first)), part)) if self.first else part
        return Sum((Number(self.first), rising)) if self.first else rising


SCHEDULES: dict[str, type[Schedule]] = {
    rule.name: rule for rule in (Constant, Steps, Exponential, Cosine, InverseTime, WarmUp)
}
"""All schedules by name: the one list that files and explanations read."""
