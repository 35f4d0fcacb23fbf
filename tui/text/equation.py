"""Expressions as text: symbols or numbers with signs between them, and the parentheses that mathematics needs."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from ...core.quantities.formula import Difference, Function, Negative, Node, Number, Power, Product, Quotient, Sum, Term
from ...core.quantities.quantity import Quantity
from ...core.quantities.symbols import Letter, Partial
from .numbers import MINUS, plain, short

Show: TypeAlias = Callable[[Term], str]
"""A function that writes a term."""

SUM, PRODUCT, FACTOR, POWER = range(4)
"""The precedence of a place in an expression."""
MOST_TERMS = 12
SHOWN_FIRST, SHOWN_LAST = 6, 1
"""The first and the last terms of a long sum, which are written."""


class Piece(NamedTuple):
    """A part of a written expression."""

    text: str
    quantity: Quantity | None = None
    """The quantity to explain."""
    term: bool = False
    """Whether it is a symbol or a number of the network, not a sign."""


OPENING, CLOSING = Piece("("), Piece(")")


def equation_pieces(node: Node, show: Show) -> list[Piece]:
    """An expression, piece by piece."""
    pieces: list[Piece] = []
    _write(pieces, node, show)
    return pieces


def _write(pieces: list[Piece], node: Node, show: Show, place: int = SUM, *, leading: bool = True) -> None:
    """Write an expression after some pieces; a leading minus needs no parentheses."""
    match node:
        case Term(quantity=quantity):
            text = show(node)
            atom, wraps = Piece(text, quantity, term=True), _wraps(node, text, place, leading)
        case Number():
            text = literal(node)
            atom, wraps = Piece(text), _wraps(node, text, place, leading)
        case Function(name, arguments):
            _write_function(pieces, name, arguments, show)
            return
        case _:
            wraps = place > _binding(node) or (isinstance(node, Negative) and not leading)
            pieces += [OPENING] if wraps else []
            _write_compound(pieces, node, show, leading=leading or wraps)
            pieces += [CLOSING] if wraps else []
            return
    pieces += [OPENING, atom, CLOSING] if wraps else [atom]


def value_text(term: Term, decimals: int) -> str:
    """The number of a term: a constant as it was given, others with decimals."""
    if isinstance(term.symbol, Letter) and float(f"{term.value:g}") == term.value:
        return short(term.value)
    return plain(term.value, decimals)


def short_value_text(term: Term, decimals: int) -> str:
    """The number of a term, without final zeros if the text is exact: 1, not 1.000."""
    text = value_text(term, decimals)
    if "." not in text or "e" in text:
        return text
    shortest = text.rstrip("0").rstrip(".")
    return shortest if float(shortest.replace(MINUS, "-")) == term.value else text


def literal(number: Number) -> str:
    """The number in a formula."""
    return number.text or short(number.value)


def shorten_sum(nodes: Sequence[Node]) -> list[Node | None]:
    """The terms of a sum; None replaces the terms that are left out of a long sum."""
    if len(nodes) <= MOST_TERMS:
        return list(nodes)
    return [*nodes[:SHOWN_FIRST], None, *nodes[-SHOWN_LAST:]]


def _write_compound(pieces: list[Piece], node: Node, show: Show, *, leading: bool) -> None:
    match node:
        case Sum(terms):
            for n, term in enumerate(shorten_sum(terms)):
                pieces += [Piece(" + ")] if n else []
                if term is None:
                    pieces.append(Piece("…"))
                else:
                    _write(pieces, term, show, PRODUCT if n else SUM, leading=leading and n == 0)
        case Difference(left, right):
            _write(pieces, left, show, SUM, leading=leading)
            pieces.append(Piece(f" {MINUS} "))
            _write(pieces, right, show, PRODUCT, leading=False)
        case Negative(term):
            pieces.append(Piece(MINUS))
            _write(pieces, term, show, PRODUCT, leading=False)
        case Product(factors):
            for n, factor in enumerate(factors):
                pieces += [Piece(" · ")] if n else []
                _write(pieces, factor, show, PRODUCT, leading=leading and n == 0)
        case Quotient(top, bottom):
            _write(pieces, top, show, FACTOR, leading=leading)
            pieces.append(Piece(" / "))
            _write(pieces, bottom, show, FACTOR, leading=False)
        case Power(base, exponent):
            _write(pieces, base, show, POWER, leading=False)
            if isinstance(exponent, Number) and exponent.value in (2.0, 3.0):
                pieces.append(Piece("²" if exponent.value == 2.0 else "³"))
            else:
                pieces.append(Piece("^"))
                _write(pieces, exponent, show, POWER, leading=False)


def _write_function(pieces: list[Piece], name: str, arguments: tuple[Node, ...], show: Show) -> None:
    begin, end = {"abs": ("|", "|"), "sqrt": ("√(", ")"), "ln1p": ("ln(1 + ", ")")}.get(name, (f"{name}(", ")"))
    pieces.append(Piece(begin))
    for n, argument in enumerate(arguments):
        pieces += [Piece(", ")] if n else []
        _write(pieces, argument, show, leading=name != "ln1p")
    pieces.append(Piece(end))


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


def broken(text: str, width: int) -> list[str]:
    """An expression in lines of this many columns, broken before a + or a ·."""
    lines = [""]
    for piece in text.replace(" + ", "\n+ ").replace(" · ", "\n· ").split("\n"):
        joined = f"{lines[-1]} {piece}".strip()
        if len(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(piece)
    return lines


def fitted_sum(text: str, width: int) -> str:
    """A sum in this many columns: in a long sum, … replaces terms before the last one; empty if nothing fits."""
    if len(text) <= width:
        return text
    terms = _terms(text)
    for kept in range(len(terms) - 2, 0, -1):
        short_form = " ".join([*terms[:kept], "+ …", terms[-1]])
        if len(short_form) <= width:
            return short_form
    return ""


def _terms(text: str) -> list[str]:
    """The terms of a sum, each with its sign; what is in brackets stays whole."""
    depth, begin, terms = 0, 0, []
    for place, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if not depth and text[place : place + 3] in (" + ", f" {MINUS} "):
            terms.append(text[begin:place])
            begin = place + 1
    return [*terms, text[begin:]]
