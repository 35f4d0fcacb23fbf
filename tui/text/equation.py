"""Expressions as text: symbols or numbers with the signs between them, and parentheses where mathematics needs them."""

from collections.abc import Callable, Iterator, Sequence
from re import sub
from typing import NamedTuple, TypeAlias

from ...core.quantities.formula import (
    Difference,
    Function,
    Letter,
    Negative,
    Node,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    Term,
)
from ...core.quantities.quantity import Quantity
from .numbers import MINUS, plain, short

Show: TypeAlias = Callable[[Term], str]
"""How a term is written."""

SUM, PRODUCT, FACTOR, POWER = range(4)
"""How tightly a place binds its expression."""
MOST_TERMS = 12
SHOWN_FIRST, SHOWN_LAST = 6, 1
"""Terms of a longer sum that are written."""


class Piece(NamedTuple):
    """A part of a written expression."""

    text: str
    quantity: Quantity | None = None
    """What it can be explained as."""
    term: bool = False
    """It is a symbol or a number of the network, not a sign."""


def equation_pieces(node: Node, show: Show, place: int = SUM, *, leading: bool = True) -> Iterator[Piece]:
    """An expression in a place; a minus needs no parentheses where it leads."""
    match node:
        case Term(quantity=quantity):
            text = show(node)
            yield from _atom(Piece(text, quantity, term=True), _wraps(node, text, place, leading))
        case Number():
            text = literal(node)
            yield from _atom(Piece(text), _wraps(node, text, place, leading))
        case Function(name, arguments):
            yield from _function(name, arguments, show)
        case _:
            wraps = place > _binding(node) or (isinstance(node, Negative) and not leading)
            inner = _compound(node, show, leading=leading or wraps)
            yield from _wrapped(inner) if wraps else inner


def value_text(term: Term, decimals: int) -> str:
    """A term's number: a constant as it was given, others with decimals."""
    if isinstance(term.symbol, Letter) and float(f"{term.value:g}") == term.value:
        return short(term.value)
    return plain(term.value, decimals)


def short_value_text(term: Term, decimals: int) -> str:
    """A term's number without zeros at its end where it is that number exactly: 1, and not 1.000."""
    text = value_text(term, decimals)
    if "." not in text or "e" in text:
        return text
    shortest = text.rstrip("0").rstrip(".")
    return shortest if float(shortest.replace(MINUS, "-")) == term.value else text


def literal(number: Number) -> str:
    """A number that a formula says itself."""
    return number.text or short(number.value)


def shorten_sum(nodes: Sequence[Node]) -> list[Node | None]:
    """Terms of a sum; None replaces those that are left out of a long sum."""
    if len(nodes) <= MOST_TERMS:
        return list(nodes)
    return [*nodes[:SHOWN_FIRST], None, *nodes[-SHOWN_LAST:]]


def _compound(node: Node, show: Show, *, leading: bool) -> Iterator[Piece]:
    match node:
        case Sum(terms):
            for n, term in enumerate(shorten_sum(terms)):
                yield from [Piece(" + ")] if n else []
                first = leading and n == 0
                yield from equation_pieces(term, show, PRODUCT if n else SUM, leading=first) if term else [Piece("…")]
        case Difference(left, right):
            yield from equation_pieces(left, show, SUM, leading=leading)
            yield Piece(f" {MINUS} ")
            yield from equation_pieces(right, show, PRODUCT, leading=False)
        case Negative(term):
            yield Piece(MINUS)
            yield from equation_pieces(term, show, PRODUCT, leading=False)
        case Product(factors):
            for n, factor in enumerate(factors):
                yield from [Piece(" · ")] if n else []
                yield from equation_pieces(factor, show, PRODUCT, leading=leading and n == 0)
        case Quotient(top, bottom):
            yield from equation_pieces(top, show, FACTOR, leading=leading)
            yield Piece(" / ")
            yield from equation_pieces(bottom, show, FACTOR, leading=False)
        case Power(base, exponent):
            yield from equation_pieces(base, show, POWER, leading=False)
            yield from _exponent(exponent, show)


def _exponent(exponent: Node, show: Show) -> Iterator[Piece]:
    if isinstance(exponent, Number) and exponent.value in (2.0, 3.0):
        yield Piece("²" if exponent.value == 2.0 else "³")
    else:
        yield Piece("^")
        yield from equation_pieces(exponent, show, POWER, leading=False)


def _function(name: str, arguments: tuple[Node, ...], show: Show) -> Iterator[Piece]:
    begin, end = {"abs": ("|", "|"), "sqrt": ("√(", ")"), "ln1p": ("ln(1 + ", ")")}.get(name, (f"{name}(", ")"))
    yield Piece(begin)
    for n, argument in enumerate(arguments):
        yield from [Piece(", ")] if n else []
        yield from equation_pieces(argument, show, leading=name != "ln1p")
    yield Piece(end)


def _binding(node: Node) -> int:
    match node:
        case Sum() | Difference() | Negative():
            return SUM
        case Product() | Quotient():
            return PRODUCT
        case _:
            return FACTOR


def _wraps(node: Term | Number, text: str, place: int, leading: bool) -> bool:
    """Whether an atom needs parentheses: a minus inside, or a fraction as a factor."""
    if text.startswith(MINUS):
        return not leading or place >= POWER
    fraction = "/" in text or (isinstance(node, Term) and isinstance(node.symbol, Partial) and "∂" in text)
    return fraction and place >= FACTOR and "(" != text[:1]


def _atom(piece: Piece, wraps: bool) -> Iterator[Piece]:
    return _wrapped(iter([piece])) if wraps else iter([piece])


def _wrapped(inner: Iterator[Piece]) -> Iterator[Piece]:
    yield Piece("(")
    yield from inner
    yield Piece(")")


def broken(text: str, width: int) -> list[str]:
    """An expression in lines of so many columns, broken before a + or a ·."""
    lines = [""]
    for piece in text.replace(" + ", "\n+ ").replace(" · ", "\n· ").split("\n"):
        joined = f"{lines[-1]} {piece}".strip()
        if len(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(piece)
    return lines


def fitted_sum(text: str, width: int) -> str:
    """A sum in so many columns: if it is longer, … replaces terms before the last; empty if nothing fits."""
    if len(text) <= width:
        return text
    terms = sub(rf" (?=[+{MINUS}] )", "\n", text).split("\n")
    for kept in range(len(terms) - 2, 0, -1):
        short_form = " ".join([*terms[:kept], "+ …", terms[-1]])
        if len(short_form) <= width:
            return short_form
    return ""
