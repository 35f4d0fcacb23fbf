"""An optimizer: the update of a parameter by its gradient, its equations, and bounds for the gradient."""

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
"""The slots of one parameter array."""
Moved: TypeAlias = tuple[Array, Slots]
"""A parameter and its slots after an update."""


@dataclass(frozen=True)
class Optimizer(ABC):
    """A rule for an update; it has no memory itself, because the State contains the slots.

    The defaults of a rule's fields are the usual ones, its learning rate too.

    Raises:
        ValueError: a field is out of its range.
    """

    name: ClassVar[str]
    description: ClassVar[str]
    """A line for help and docs/file-format.md."""
    slot_names: ClassVar[tuple[str, ...]] = ()
    """The names of a parameter's slots."""
    scalar_slots: ClassVar[tuple[str, ...]] = ()
    """The slots that are one number for all parameters."""
    slot_letters: ClassVar[Mapping[str, str]] = {}
    """The letters of slots in formulas, if these are not their names."""
    other_names: ClassVar[tuple[str, ...]] = ()
    """Its names in other programs and books, in small letters without signs."""

    learning_rate: Positive = 0.01
    """The length of a step, before any schedule."""

    def __post_init__(self) -> None:
        check_ranges(self)

    def slots(self, parameter: Array) -> Slots:
        """The initial slots of a parameter array: zeros, of its shape or without one."""
        shapes = (() if name in self.scalar_slots else parameter.shape for name in self.slot_names)
        return tuple(np.zeros(shape, parameter.dtype) for shape in shapes)

    @abstractmethod
    def update(self, parameter: Array, gradient: Array, slots: Slots, learning_rate: float) -> Moved:
        """The parameter and its slots after an update, all of one shape; the learning rate includes the schedule."""

    @abstractmethod
    def equations(self, move: "Move") -> Iterator[Equation]:
        """The equations of a parameter's update: its own first, then those that it needs."""

    def with_learning_rate(self, learning_rate: float) -> Self:
        """The same rule at another learning rate."""
        return replace(self, learning_rate=learning_rate)


@dataclass(frozen=True, eq=False, kw_only=True)
class Move:
    """A parameter's update as terms, for the equations of an optimizer."""

    old: Term
    """The parameter before the update."""
    new: Term
    """The parameter after the update."""
    gradient: Term
    """Its gradient, clipped if clipping is on."""
    learning_rate: Term
    slots: Mapping[str, Term]
    """The slots before the update, by name."""
    new_slots: Mapping[str, Term]
    """The slots after the update, by name."""
    assigns: bool = True
    """Whether new values are written with an arrow, because they have the symbols of the old values."""

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
    """The greatest norm of all gradients together."""
    value: Bound = inf
    """The greatest size of each gradient."""

    def __post_init__(self) -> None:
        check_ranges(self)

    def __call__(self, gradient: Array) -> Array:
        """All gradients in one vector, limited by both bounds."""
        if self.value < inf:
            gradient = np.clip(gradient, -self.value, self.value)
        if self.norm < inf:
            norm = sqrt(float(gradient.dot(gradient)))
            if norm > self.norm:
                gradient = gradient * (self.norm / norm)
        return gradient


NO_CLIPPING = Clipping()
