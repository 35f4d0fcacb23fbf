"""The explanation of a number: equations, the chain rule's factors, routes, and the contribution of each example."""

from dataclasses import dataclass
from typing import NamedTuple

from ..network.network import Network
from ..notation.labels import Labels
from ..quantities.formula import Equation, Product, Term
from ..quantities.quantity import Quantity

Connection = tuple[int, int, int]
"""Layer, target and source, counted from 0."""


class Route(NamedTuple):
    """A route of the gradient from an output to a quantity."""

    factors: tuple[Term, ...]
    connections: tuple[Connection, ...]
    """The connections along it."""

    @property
    def product(self) -> Product:
        """Its factors as an expression."""
        return Product(self.factors)

    @property
    def value(self) -> float:
        """The product of its factors."""
        return self.product.value


class Contribution(NamedTuple):
    """The contribution of an example of the batch, or of the penalty, to a gradient."""

    example: int | None
    """The example of the batch, from 0; None for the penalty."""
    row: int | None
    """The row of the example in the data, from 1; None for the penalty."""
    value: float
    quantity: Quantity
    """The quantity to explain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The origin of a number."""

    quantity: Quantity
    """The number; in a batch of several examples, the example is part of it."""
    value: float
    """The engine's own value."""
    network: Network
    step: int
    """The updates done before it was computed."""
    equations: tuple[Equation, ...] = ()
    """The first equation gives the value; others explain it differently, or explain one of its parts."""
    factors: tuple[Term, ...] = ()
    """The factors of the chain rule from ∂L/∂ŷ on, whose product is the value; empty if it is a sum."""
    routes: tuple[Route, ...] = ()
    """All routes from the outputs to it, whose sum is the value; empty if there are too many."""
    contributions: tuple[Contribution, ...] = ()
    """The contribution of each example in the order of the batch, if there are several."""
    note: str = ""
    """A remark, in the usual letters."""

    def note_in(self, labels: Labels) -> str:
        """The remark in the letters of the source."""
        return labels.sentence(self.note)
