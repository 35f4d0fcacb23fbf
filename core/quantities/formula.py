"""Formulas: sums, products and the like of named numbers, which can be evaluated and written down."""

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
    """What it can be explained as."""

    @property
    def size(self) -> float:
        """Its absolute value."""
        return abs(self.value)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a formula says itself, as ½."""

    value: float
    text: str = ""
    """How it is written, where that is not plain."""

    @property
    def size(self) -> float:
        """Its absolute value."""
        return abs(self.value)


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms added up."""

    terms: "tuple[Node, ...]"

    @property
    def value(self) -> float:
        """The sum of the values."""
        return sum(term.value for term in self.terms)

    @property
    def size(self) -> float:
        """What it would be if nothing cancelled: rounding is relative to this."""
        return sum(term.size for term in self.terms)


@dataclass(frozen=True, slots=True)
class Difference:
    """One term less another."""

    left: "Node"
    right: "Node"

    @property
    def value(self) -> float:
        """Left − right."""
        return self.left.value - self.right.value

    @property
    def size(self) -> float:
        """What it would be if nothing cancelled."""
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
        """That of the term."""
        return self.term.size


@dataclass(frozen=True, slots=True)
class Product:
    """Factors multiplied."""

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
    """One number divided by another."""

    top: "Node"
    bottom: "Node"

    @property
    def value(self) -> float:
        """Top / bottom; infinite or nan where the bottom is 0."""
        return divided(self.top.value, self.bottom.value)

    @property
    def size(self) -> float:
        """Larger where the bottom is what is left of greater numbers."""
        bottom = abs(self.bottom.value)
        return divided(self.top.size, bottom) * divided(self.bottom.size, bottom)


@dataclass(frozen=True, slots=True)
class Power:
    """A number to a power."""

    base: "Node"
    exponent: "Node"

    @property
    def value(self) -> float:
        """The base to the exponent."""
        return _power(self.base.value, self.exponent.value)

    @property
    def size(self) -> float:
        """The base's size to the exponent."""
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
        """The value, and what the arguments' rounding can change of it."""
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
    """A symbol and what it is equal to."""

    left: Symbol
    expression: Node
    value: float
    """The engine's own number, to which the expression comes."""
    assigns: bool = False
    """It gives the symbol a new value; the right side has the old one."""


def letter(text: str, latex: str, value: float) -> Term:
    """A number that is no quantity of the network, such as η."""
    return Term(Letter(text, latex), value)


PI = letter("π", r"\pi", pi)


def total(nodes: Sequence[Node]) -> Node:
    """The sum of nodes; one is its own sum."""
    return nodes[0] if len(nodes) == 1 else Sum(tuple(nodes))


def product(*factors: Node) -> Node:
    """The product of factors, those that are the number 1 left out."""
    kept = tuple(factor for factor in factors if factor != ONE)
    return Product(kept) if len(kept) > 1 else kept[0] if kept else ONE


def share(count: int) -> Node:
    """1 / count."""
    return Quotient(ONE, Number(float(count))) if count > 1 else ONE


def divided(top: float, bottom: float) -> float:
    """Top / bottom, as IEEE 754 has it."""
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
"""Each function by its name; ln1p of x is ln(1 + x), exact also where x is small."""


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
    """The same expression with something else instead of each term."""
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
"""How far from the engine's number an expression may be, as a part of its size; the last bits may differ."""
EXACT_32 = 1e-5
"""The same where the engine computes in float32."""


def agrees(node: Node, value: float, exact: float = EXACT) -> bool:
    """Whether an expression equals a value, but for rounding."""
    if not isfinite(node.value):
        return node.value == value  # as of an infinite slope where ŷ is 1
    return abs(node.value - value) <= exact * max(abs(value), node.size)
