"""Factors in rows: the chain rule one factor at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from re import sub
from typing import NamedTuple

from ...core.explaining.explanation import Explanation
from ...core.notation.labels import Labels
from ...core.notation.notation import Notation
from ...core.quantities.formula import Term
from ...core.quantities.quantity import Kind, Quantity
from ...core.quantities.symbols import Partial, Symbol
from .numbers import count, plain, signed
from .spans import Line, Lines, Span, heading, label
from .term_rows import MOST_BAR, term_bar

MOST_FORMULA = 20
"""The most columns of a factor's formula in a table; a longer one is written without spaces."""
SMALL = 0.01
"""A change of a number, by which a derivative is put into words."""
LEAST_BAR = 8
"""Columns below which there are no bars."""


class FactorStep(NamedTuple):
    """One factor of one route."""

    route: int
    factor: int


def factor_steps(explanation: Explanation) -> list[FactorStep]:
    """All factors in the order of the walk, route after route."""
    return [FactorStep(n, k) for n, route in enumerate(_routes(explanation)) for k in range(len(route))]


def factors_page(
    explanation: Explanation,
    notation: Notation,
    shown: int,
    decimals: int,
    formulas: Mapping[Symbol, str] | None = None,
    width: int | None = None,
) -> Lines:
    """The factors shown so far, with their formulas if these are given, in this many columns."""
    labels, routes = explanation.network.names.labels(notation), _routes(explanation)
    steps = factor_steps(explanation)[:shown]
    lines = _title(explanation, labels, steps, width)
    total = 0.0
    current = steps[-1].route if steps else 0
    for n in sorted({step.route for step in steps}):
        known = sum(1 for step in steps if step.route == n)
        product = _product(routes[n][:known])
        total += product
        words = f"route {n + 1} of {len(routes)}" if len(routes) > 1 else ""
        if n < current:
            lines.append([label(f"{words}: "), Span(plain(product, decimals), ("value",))])
            continue
        way = _way(routes[n], labels, known)
        has_room = width is None or _columns(way) <= width
        lines += [[], *([[label(words)]] if words else []), *([way] if has_room else [])]
        lines += factor_rows(routes[n], labels, formulas or {}, decimals, width, known)
        lines += [[], *_meaning(routes[n][:known], labels, decimals, width, is_only=len(routes) == 1)]
    if len(steps) == len(factor_steps(explanation)):
        words = "sum of the routes" if len(routes) > 1 else "product"
        own = plain(explanation.value, decimals)
        is_same = own == plain(total, decimals)
        mark = Span(" ✓", ("agrees",)) if is_same else label(f"   computed: {own}")
        lines += [[], [heading(f"{words} = {plain(total, decimals)}"), mark]]
    return Lines(lines)


def without_blanks(lines: Sequence[Line], height: int) -> list[Line]:
    """Lines without as many blank ones, from the top, as are too many for this many rows."""
    spare, kept = len(lines) - height, []
    for line in lines:
        if line or spare <= 0:
            kept.append(line)
        else:
            spare -= 1
    return kept


def _ends(symbol: Symbol, labels: Labels) -> tuple[str, str] | None:
    """The name of the quantity that a factor is a derivative of, and of the quantity by which."""
    match symbol:
        case Partial(of=of, by=by):
            return labels.text(replace(of, example=None)), labels.text(replace(by, example=None))
        case Quantity(kind=Kind.DA | Kind.DZ as kind):
            by = replace(symbol, kind=Kind.A if kind is Kind.DA else Kind.Z, example=None)
            return labels.letters.loss, labels.text(by)
        case _:
            return None


def _way(factors: tuple[Term, ...], labels: Labels, known: int) -> Line:
    """The way from the loss back to the parameter, lit as far as the factors are known; empty if it has a gap."""
    ends = [_ends(factor.symbol, labels) for factor in factors]
    if None in ends:
        return []
    names = [ends[0][0], *(each[1] for each in ends if each)] if ends[0] else []
    line = [Span(names[0], ("value",))]
    for n, name in enumerate(names[1:], 1):
        styles = ("accent", "new") if n == known else ("value",) if n < known else ("faint",)
        line += [Span(" ← ", ("label",) if n <= known else ("faint",)), Span(name, styles)]
    return line


def _meaning(
    factors: tuple[Term, ...], labels: Labels, decimals: int, width: int | None, *, is_only: bool
) -> list[Line]:
    """The effect of a small change that the last factor gives, and the effect on the loss that the product gives."""
    ends = _ends(factors[-1].symbol, labels)
    if ends is None:
        return []
    (of, by), loss = ends, f"{labels.letters.loss}{'' if is_only else ' by this route'}"
    changes = factors[-1].value, _product(factors)
    own, whole = (Span(signed(each * SMALL, decimals).strip(), ("value",)) for each in changes)
    cause = f"if {by} rises by {SMALL}"
    long: Line = [label(f"{cause}, {of} changes by about "), own, label(f" and {loss} by about "), whole]
    short: Line = [label(f"{cause}: {of} by about "), own, label(f", {loss} by about "), whole]
    if len(factors) == 1:
        long, short = long[:2], short[:2]
    effect: list[Line] = [[label(f"and {loss} by about "), whole]] if len(factors) > 1 else []
    choices: tuple[list[Line], ...] = (
        [long],
        [short],
        [long[:2], *effect],
        [short[:2], *effect],
        [[label(f"{cause}:")], [label(f"{of} by about "), own], *effect],
    )
    return next((each for each in choices if width is None or max(map(_columns, each)) <= width), choices[-1])


def _columns(line: Line) -> int:
    return sum(len(span.text) for span in line)


def _title(explanation: Explanation, labels: Labels, shown: list[FactorStep], width: int | None) -> list[Line]:
    """The gradient, and the place of the factor within its route."""
    name = labels.text(explanation.quantity)
    where = f"   {explanation.quantity}, step {count(explanation.step)}"
    routes, (route, factor) = _routes(explanation), shown[-1] if shown else (0, -1)
    place = f"factor {factor + 1} of {len(routes[route]) if routes else 0}"
    place += f" of route {route + 1}" if len(routes) > 1 else ""
    if width and len(f"{name}{where}   {place}") > width:
        return [[heading(name), label(where)], [label(place)]]
    return [[heading(name), label(f"{where}   {place}")]]


def _routes(explanation: Explanation) -> list[tuple[Term, ...]]:
    if len(explanation.routes) > 1:
        return [route.factors for route in explanation.routes]
    return [explanation.factors] if explanation.factors else []


def _product(factors: tuple[Term, ...]) -> float:
    product = 1.0
    for factor in factors:
        product *= factor.value
    return product


def factor_rows(
    factors: tuple[Term, ...],
    labels: Labels,
    equations: Mapping[Symbol, str],
    decimals: int,
    width: int | None = None,
    known: int | None = None,
) -> list[Line]:
    """A table of factors: each with its formula if it is known, its number, and the product so far.

    If a row is wider than the page, its numbers have a line of their own. If `known` is given, the factors after
    that many have only their names.
    """
    names = [labels.text(factor.symbol) for factor in factors]
    formulas = [_formula(factor.symbol, labels, equations) for factor in factors]
    name, formula = max(map(len, names)), max(map(len, formulas))
    column = decimals + 5
    words = name + 4 + formula
    is_wrapped = width is not None and words + 2 * column + 6 > width
    indent = 2 if is_wrapped else words
    lines: list[Line] = [[label(f"{' ' * (indent + column)}{'product so far':>{column + 6}}")]]
    bars = min((width or 0) - indent - 2 * column - 8, MOST_BAR)
    most = max(abs(_product(factors[: n + 1])) for n in range(known or len(factors)))
    running = 1.0
    for n, factor in enumerate(factors):
        running *= factor.value
        style = "plus-3" if running > 0 else "minus-3" if running < 0 else "value"
        is_last = n == (known or len(factors)) - 1
        styles = (style, "new") if is_last else (style,)
        if known is not None and n >= known:
            lines.append([Span(names[n], ("faint",))])
            continue
        said: Line = [
            Span(names[n].ljust(name), ("accent", "new") if is_last and known else ("value",), _explained(factor)),
            label(f"  {'= ' if formulas[n] else '  '}{formulas[n].ljust(formula)}"),
        ]
        numbers: Line = [
            Span(signed(factor.value, decimals).rjust(column), ("value",)),
            Span(signed(running, decimals).rjust(column + 6), styles),
            *([Span("  "), term_bar(running, most, bars)] if bars >= LEAST_BAR else []),
        ]
        lines += [said, [label(" " * indent), *numbers]] if is_wrapped else [[*said, *numbers]]
    return lines


def _explained(factor: Term) -> Quantity | None:
    """The number that explains a factor: of the slope of an activation, the gradient that contains it."""
    match factor.symbol:
        case Partial(of=of, by=by) if of.kind is Kind.A and by.kind is Kind.Z:
            return replace(by, kind=Kind.DZ)
        case Partial(by=by) if by.kind is Kind.B:
            return by
        case _:
            return factor.quantity


def _formula(symbol: Symbol, labels: Labels, equations: Mapping[Symbol, str]) -> str:
    """The formula of a factor: its equation, or for the derivative of a sum, the other factor of its term."""
    if symbol in equations:
        whole = equations[symbol]
        narrow = sub(r" ([·/+−]) ", r"\1", whole)
        return next((each for each in (whole, narrow) if len(each) <= MOST_FORMULA), "")
    if not isinstance(symbol, Partial) or symbol.of.kind is not Kind.Z:
        return ""
    of, by = symbol.of, symbol.by
    match by.kind:
        case Kind.A:
            return labels.text(Quantity(Kind.W, of.layer, of.to, by.to))
        case Kind.W if by.from_ is not None:
            before = Quantity(Kind.A, of.layer - 1, by.from_) if of.layer else Quantity(Kind.X, to=by.from_)
            return labels.text(before)
        case Kind.B:
            return "1"
        case _:
            return ""
