"""Symbols: the names of the numbers in a formula."""

from dataclasses import dataclass
from typing import TypeAlias

from .quantity import Quantity


@dataclass(frozen=True, slots=True)
class Partial:
    """The symbol of a partial derivative of one quantity by another."""

    of: Quantity
    by: Quantity


@dataclass(frozen=True, slots=True)
class Applied:
    """The symbol of an activation function of z, as f(z)."""

    of: Quantity


@dataclass(frozen=True, slots=True)
class Letter:
    """The symbol of a number that is not a quantity of the network, as η."""

    text: str
    latex: str


Symbol: TypeAlias = Quantity | Partial | Applied | Letter
