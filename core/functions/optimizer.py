"""An optimizer: how a gradient moves a parameter, the equations of that, and bounds for the gradient."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf, sqrt
from typing import ClassVar, Self, TypeAlias

from ..quantities.formula import ONE, Difference, Equation, Function, Node, Product, Sum, Term, letter
from . import lazy_numpy as np
from .arrays import Array
from .ranges import Bound, Positive, check_ranges

Slots: TypeAlias = tuple[Array, ...]
"""What an optimizer remembers of one parameter array."""
Moved: TypeAlias = tuple[Array, Slots]
"""A parameter and its slots after an update."""


@dataclass(frozen=True)
class Optimizer(ABC):
    """A rule for an update; it remembers nothing itself, its memory is in the State's slots.

    The defaults of a rule's fields are the usual ones, its learning rate too.

    Raises:
        ValueError: a field is out of its range.
    """

    name: ClassVar[str]
    description: ClassVar[str]
    """In one line, for help and docs/file-format.md."""
    slot_names: ClassVar[tuple[str, ...]] = ()
    """A word for each of a parameter's slots."""
    scalar_slots: ClassVar[tuple[str, ...]] = ()
    """Those that are one number for all parameters."""
    slot_letters: ClassVar[Mapping[str, str]] = {}
    """How formulas call a slot, where that is not its name."""
    other_names: ClassVar[tuple[str, ...]] = ()
    """What other programs and books call it, in small letters without signs."""

    learning_rate: Positive = 0.01
    """The length of a step, before any schedule."""

    def __post_init__(self) -> None:
        check_ranges(self)

    def slots(self, parameter: Array) -> Slots:
        """The slots that a parameter array begins with: zeros, of its shape or none."""
        shapes = (() if name in self.scalar_slots else parameter.shape for name in self.slot_names)
        return tuple(np.zeros(shape, parameter.dtype) for shape in shapes)

    @abstractmethod
    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """The parameter and its slots after one update; all have one shape, and the learning rate is the schedule's."""

    @abstractmethod
    def equations(self, move: "Move") -> Iterator[Equation]:
        """An update of one parameter written out: its own equation first, then what that needs."""

    def with_learning_rate(self, learning_rate: float) -> Self:
        """The same rule with another learning rate."""
        return replace(self, learning_rate=learning_rate)


@dataclass(frozen=True, kw_only=True)
class Move:
    """One parameter's update as terms, of which an optimizer makes its equations."""

    old: Term
    """The parameter before the update."""
    new: Term
    """The parameter after the update."""
    gradient: Term
    """What moves it: its gradient, clipped where that is asked for."""
    learning_rate: Term
    slots: Mapping[str, Term]
    """What the optimizer remembered of it, by the names of its slots."""
    new_slots: Mapping[str, Term]
    """What it remembers after the update."""
    assigns: bool = True
    """A new value has the symbol of the old one, and is written with an arrow."""

    def assign(self, new: Term, form: Node) -> Equation:
        """The equation of a number that the update changes."""
        return Equation(new.symbol, form, new.value, assigns=self.assigns)

    def descend(self, direction: Node) -> Equation:
        """W ← w − η direction."""
        return self.assign(self.new, Difference(self.old, Product((self.learning_rate, direction))))

    def average(self, slot: str, share: Term, of: Node) -> Equation:
        """The running average of a slot, share · slot + (1 − share) · of."""
        old, new = Product((share, self.slots[slot])), Product((Difference(ONE, share), of))
        return self.assign(self.new_slots[slot], Sum((old, new)))


def root_and(node: Node, epsilon: float) -> Node:
    """√node + ε."""
    return Sum((Function("sqrt", (node,)), epsilon_of(epsilon)))


def epsilon_of(value: float) -> Term:
    """ε with its value."""
    return letter("ε", r"\epsilon", value)


@dataclass(frozen=True)
class Clipping:
    """Bounds for the gradients of an update.

    Source: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013, algorithm 1.

    Raises:
        ValueError: a bound is not above 0.
    """

    norm: Bound = inf
    """The most that all gradients together may be long."""
    value: Bound = inf
    """The most that any one may be large."""

    def __post_init__(self) -> None:
        check_ranges(self)

    def __call__(self, gradient: Array) -> Array:
        """All gradients that move something, in one vector, within both bounds."""
        if self.value < inf:
            gradient = np.clip(gradient, -self.value, self.value)
        if self.norm < inf:
            norm = sqrt(float(gradient.dot(gradient)))
            if norm > self.norm:
                gradient = gradient * (self.norm / norm)
        return gradient


NO_CLIPPING = Clipping()
