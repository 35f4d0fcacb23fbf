"""The explanation of a number: equations, the chain rule's factors, routes, and what each example adds."""

from dataclasses import dataclass

from ..network.network import Network
from ..notation.labels import Labels
from ..quantities.formula import Equation, Product, Term
from ..quantities.quantity import Quantity

Connection = tuple[int, int, int]
"""Layer, to and from, counted from 0."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way of the gradient from an output back to a quantity."""

    factors: tuple[Term, ...]
    connections: tuple[Connection, ...]
    """Those that it goes along."""

    @property
    def product(self) -> Product:
        """Its factors as an expression."""
        return Product(self.factors)

    @property
    def value(self) -> float:
        """The product of its factors."""
        return self.product.value


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one example of the batch adds to a gradient, or what the penalty does."""

    example: int | None
    """Of the batch, from 0; None for the penalty."""
    row: int | None
    """Its row in the data, from 1; None for the penalty."""
    value: float
    quantity: Quantity
    """What it can be explained as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Where a number comes from."""

    quantity: Quantity
    """Which number: in a batch of several examples, the example is part of it."""
    value: float
    """The engine's own."""
    network: Network
    step: int
    """Updates done before it was computed."""
    equations: tuple[Equation, ...] = ()
    """The first gives the value; others explain it in another way, or explain one of its parts."""
    factors: tuple[Term, ...] = ()
    """The chain rule from ∂L/∂ŷ on, whose product is the value; empty if it is a sum."""
    routes: tuple[Route, ...] = ()
    """All ways from the outputs to it, whose sum is the value; empty if there are too many."""
    contributions: tuple[Contribution, ...] = ()
    """What each example adds, in the order of the batch, where there are several."""
    note: str = ""
    """What else is to be known, in the usual letters."""

    def note_in(self, labels: Labels) -> str:
        """The note in the letters of the source."""
        return labels.sentence(self.note)
