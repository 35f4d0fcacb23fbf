"""Formulas: sums, products and other expressions of named numbers, which can be evaluated and written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import copysign, cos, erf, exp, inf, isfinite, log, log1p, nan, pi, prod, sqrt, tanh
from typing import TypeAlias

from .quantity import Quantity
from .symbols import Letter, Symbol


@dataclass(frozen=True, slots=True)
class Term:
    """A number with a symbol."""

    symbol: Symbol
    value: float
    quantity: Quantity | None = None
    """The quantity to explain."""

    @property
    def size(self) -> float:
        """Its absolute value."""
        return abs(self.value)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a formula, such as ½."""

    value: float
    text: str = ""
    """Its text, if that differs from the number."""

    @property
    def size(self) -> float:
        """Its absolute value."""
        return abs(self.value)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of terms."""

    terms: "tuple[Node, ...]"

    @property
    def value(self) -> float:
        """The sum of the values."""
        return sum(term.value for term in self.terms)

    @property
    def size(self) -> float:
        """The sum of the sizes: rounding is relative to it."""
        return sum(term.size for term in self.terms)


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of two terms."""

    left: "Node"
    right: "Node"

    @property
    def value(self) -> float:
        """Left − right."""
        return self.left.value - self.right.value

    @property
    def size(self) -> float:
        """The sum of both sizes."""
        return self.left.size + self.right.size


@dataclass(frozen=True, slots=True)
class Negative:
    """A term with its sign changed."""

    term: "Node"

    @property
    def value(self) -> float:
        """−term."""
        return -self.term.value

    @property
    def size(self) -> float:
        """The size of the term."""
        return self.term.size


@dataclass(frozen=True, slots=True)
class Product:
    """A product of factors."""

    factors: "tuple[Node, ...]"

    @property
    def value(self) -> float:
        """The product of the values."""
        return prod(factor.value for factor in self.factors)

    @property
    def size(self) -> float:
        """The product of the sizes."""
        return prod(factor.size for factor in self.factors)


@dataclass(frozen=True, slots=True)
class Quotient:
    """A quotient of two numbers."""

    top: "Node"
    bottom: "Node"

    @property
    def value(self) -> float:
        """Top / bottom; infinite or nan if the bottom is 0."""
        return divided(self.top.value, self.bottom.value)

    @property
    def size(self) -> float:
        """The size of the quotient, larger if the bottom is a small difference of larger numbers."""
        bottom = abs(self.bottom.value)
        return divided(self.top.size, bottom) * divided(self.bottom.size, bottom)


@dataclass(frozen=True, slots=True)
class Power:
    """A power of a number."""

    base: "Node"
    exponent: "Node"

    @property
    def value(self) -> float:
        """The base to the power of the exponent."""
        return _power(self.base.value, self.exponent.value)

    @property
    def size(self) -> float:
        """The base's size to the power of the exponent."""
        return _power(self.base.size, self.exponent.value)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of numbers, by its name in FUNCTIONS."""

    name: str
    arguments: "tuple[Node, ...]"

    @property
    def value(self) -> float:
        """The function of the values."""
        return FUNCTIONS[self.name](*(argument.value for argument in self.arguments))

    @property
    def size(self) -> float:
        """The size of the value, and the possible effect of the arguments' rounding on it."""
        argument = sum(argument.size for argument in self.arguments)
        value = abs(self.value)
        if self.name == "exp":
            return value * (1.0 + argument)
        if self.name in ("ln", "ln1p"):
            return value + divided(argument, abs(self.arguments[0].value))
        return max(value, argument)


Node: TypeAlias = Term | Number | Sum | Difference | Negative | Product | Quotient | Power | Function
Terms: TypeAlias = Sequence[Term]

ZERO, HALF, ONE, TWO = Number(0.0), Number(0.5, "½"), Number(1.0), Number(2.0)


@dataclass(frozen=True, slots=True)
class Equation:
    """A symbol and the expression that it equals."""

    left: Symbol
    expression: Node
    value: float
    """The engine's own number, which the expression should equal."""
    assigns: bool = False
    """Whether it gives the symbol a new value; the right side has the old one."""


def letter(text: str, latex: str, value: float) -> Term:
    """A number that is not a quantity of the network, such as η."""
    return Term(Letter(text, latex), value)


PI = letter("π", r"\pi", pi)


def total(nodes: Sequence[Node]) -> Node:
    """The sum of nodes; a single node is its own sum."""
    return nodes[0] if len(nodes) == 1 else Sum(tuple(nodes))


def product(*factors: Node) -> Node:
    """The product of factors, without those that are the number 1."""
    kept = tuple(factor for factor in factors if factor != ONE)
    return Product(kept) if len(kept) > 1 else kept[0] if kept else ONE


def share(count: int) -> Node:
    """1 / count."""
    return Quotient(ONE, Number(float(count))) if count > 1 else ONE


def divided(top: float, bottom: float) -> float:
    """Top / bottom, as in IEEE 754."""
    if bottom:
        return top / bottom
    return nan if not top or top != top else copysign(inf, top) * copysign(1.0, bottom)


def _power(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except OverflowError:
        return inf


def _ln(x: float) -> float:
    return log(x) if x > 0.0 else -inf if x == 0.0 else nan


FUNCTIONS: dict[str, Callable[..., float]] = {
    "exp": lambda x: exp(x) if x < 709.0 else inf,
    "ln": _ln,
    "ln1p": log1p,
    "tanh": tanh,
    "sqrt": lambda x: sqrt(x) if x >= 0.0 else nan,
    "abs": abs,
    "max": max,
    "min": min,
    "sign": lambda x: float((x > 0.0) - (x < 0.0)),
    "step": lambda x: float(x >= 0.0),
    "cos": cos,
    "erf": erf,
}
"""Each function by its name; ln1p of x is ln(1 + x), also exact for small x."""


def terms_of(node: Node) -> Iterator[Term]:
    """Every term in an expression, from left to right."""
    match node:
        case Term():
            yield node
        case Number():
            return
        case Sum(parts) | Product(parts) | Function(_, parts):
            for part in parts:
                yield from terms_of(part)
        case Difference(left, right) | Quotient(left, right) | Power(left, right):
            yield from terms_of(left)
            yield from terms_of(right)
        case Negative(term):
            yield from terms_of(term)


def with_terms(node: Node, of: Callable[[Term], Node]) -> Node:
    """The same expression with its terms replaced."""
    match node:
        case Term():
            return of(node)
        case Number():
            return node
        case Sum(parts):
            return Sum(tuple(with_terms(each, of) for each in parts))
        case Product(parts):
            return Product(tuple(with_terms(each, of) for each in parts))
        case Function(name, parts):
            return Function(name, tuple(with_terms(each, of) for each in parts))
        case Difference(left, right):
            return Difference(with_terms(left, of), with_terms(right, of))
        case Quotient(left, right):
            return Quotient(with_terms(left, of), with_terms(right, of))
        case Power(left, right):
            return Power(with_terms(left, of), with_terms(right, of))
        case Negative(term):
            return Negative(with_terms(term, of))


EXACT = 1e-12
"""The relative difference that is allowed between the engine's number and an expression, whose last bits may differ."""
EXACT_32 = 1e-5
"""The same if the engine computes in float32."""


def agrees(node: Node, value: float, exact: float = EXACT) -> bool:
    """Whether an expression equals a value, except for rounding."""
    if not isfinite(node.value):
        return node.value == value  # for example for an infinite slope if ŷ is 1
    return abs(node.value - value) <= exact * max(abs(value), node.size)
