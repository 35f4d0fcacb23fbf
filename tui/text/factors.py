"""Factors and terms in rows: the chain rule one factor at a time, and the terms of a sum with bars."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ...core.explaining.explanation import Explanation
from ...core.notation.labels import Labels
from ...core.notation.notation import Notation
from ...core.quantities.formula import Term
from ...core.quantities.quantity import Kind, Quantity
from ...core.quantities.symbols import Partial, Symbol
from .numbers import MINUS, count, plain, signed
from .spans import Line, Lines, Span, heading, label

MOST_FORMULA = 20
"""The most columns of a factor's formula in a table."""
SMALL = 0.01
"""A change of a number, by which a derivative is put into words."""
FULL, HALF_BAR = "━", "╸"
MOST_BAR = 40
"""Columns of the longest bar."""


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
    lines = _title(explanation, labels, len(steps), width)
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
        lines += [[], *_meaning(routes[n][known - 1], labels, decimals, width)]
    if len(steps) == len(factor_steps(explanation)):
        words = "sum of the routes" if len(routes) > 1 else "product"
        own = plain(explanation.value, decimals)
        is_same = own == plain(total, decimals)
        mark = Span(" ✓", ("agrees",)) if is_same else label(f"   computed: {own}")
        lines += [[heading(f"{words} = {plain(total, decimals)}"), mark]]
    return Lines(lines)


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


def _meaning(factor: Term, labels: Labels, decimals: int, width: int | None) -> list[Line]:
    """What a factor says of a small change."""
    ends = _ends(factor.symbol, labels)
    if ends is None:
        return []
    of, by = ends
    change = signed(factor.value * SMALL, decimals).strip()
    cause, effect = f"if {by} rises by {SMALL}, ", f"{of} changes by about "
    if width and len(cause) + len(effect) + len(change) > width:
        return [[label(cause)], [label(effect), Span(change, ("value",))]]
    return [[label(f"{cause}{effect}"), Span(change, ("value",))]]


def _columns(line: Line) -> int:
    return sum(len(span.text) for span in line)


def _title(explanation: Explanation, labels: Labels, shown: int, width: int | None) -> list[Line]:
    name = labels.text(explanation.quantity)
    where = f"   {explanation.quantity}, step {count(explanation.step)}"
    place = f"factor {shown} of {len(factor_steps(explanation))}"
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
            Span(names[n].ljust(name), ("accent", "new") if is_last and known else ("value",), factor.quantity),
            label(f"  {'= ' if formulas[n] else '  '}{formulas[n].ljust(formula)}"),
        ]
        numbers: Line = [
            Span(signed(factor.value, decimals).rjust(column), ("value",)),
            Span(signed(running, decimals).rjust(column + 6), styles),
        ]
        lines += [said, [label(" " * indent), *numbers]] if is_wrapped else [[*said, *numbers]]
    return lines


def _formula(symbol: Symbol, labels: Labels, equations: Mapping[Symbol, str]) -> str:
    """The formula of a factor: its equation, or for the derivative of a sum, the other factor of its term."""
    if symbol in equations and len(equations[symbol]) <= MOST_FORMULA:
        return equations[symbol]
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


class TermRow(NamedTuple):
    """A term of a sum."""

    name: str
    factors: tuple[float, ...]
    """The factors whose product it is; empty if it is a single number."""
    value: float
    quantity: Quantity | None = None
    """The quantity to explain."""


def term_bar(value: float, most: float, columns: int) -> Span:
    """A bar whose length shows the size of a number, in the colour of its sign."""
    halves = round(2 * columns * abs(value) / most) if most > 0 else 0
    halves = max(halves, 1) if value else 0
    text = FULL * (halves // 2) + HALF_BAR * (halves % 2)
    return Span(text, ("plus-2" if value > 0 else "minus-2",))


def term_rows(rows: Sequence[TermRow], width: int, decimals: int) -> list[Line]:
    """A line for each term: its factors, their product, and a bar."""
    name = max((len(row.name) for row in rows), default=0)
    factors = [" · ".join(_factor(n, each, decimals) for n, each in enumerate(row.factors)) for row in rows]
    across, most = max(map(len, factors), default=0), max((abs(row.value) for row in rows), default=0.0)
    used = name + 2 + across + (3 if across else 0) + decimals + 3 + 2
    room = min(max(width - used, 0), MOST_BAR)
    return [
        [
            Span(row.name.ljust(name), ("label",), row.quantity),
            Span(f"  {text.rjust(across)}", ("value",)),
            label(" = " if text else " " * 3 * bool(across)),
            Span(_fixed(row.value, decimals).rjust(decimals + 3), ("value",)),
            Span("  "),
            term_bar(row.value, most, room),
        ]
        for row, text in zip(rows, factors, strict=True)
    ]


def paired_rows(rows: Sequence[TermRow], width: int, decimals: int, most_lines: int) -> tuple[list[Line], int]:
    """Two terms a line, without their factors, in this many lines; if not all fit, the largest.

    Returns:
        The lines, and how many terms are left out.
    """
    kept = list(rows)
    if len(rows) > 2 * most_lines:
        kept = sorted(rows, key=lambda row: -abs(row.value))[: 2 * most_lines]
    lines = (len(kept) + 1) // 2
    name, most = max((len(row.name) for row in kept), default=0), max((abs(row.value) for row in kept), default=0.0)
    half = width // 2
    room = min(max(half - name - decimals - 9, 0), MOST_BAR)

    def cells(row: TermRow) -> Iterator[Span]:
        yield Span(row.name.ljust(name), ("label",), row.quantity)
        yield Span(f"  {_fixed(row.value, decimals).rjust(decimals + 3)}  ", ("value",))
        yield term_bar(row.value, most, room)

    made: list[Line] = []
    for n in range(lines):
        line = list(cells(kept[n]))
        if n + lines < len(kept):
            line += [Span(" " * max(half - sum(len(span.text) for span in line), 1)), *cells(kept[n + lines])]
        made.append(line)
    return made, len(rows) - len(kept)


def sum_text(values: Sequence[float], decimals: int, most: int) -> str:
    """A sum of numbers, as 0.07 + 0.02 − 0.01; of too many, only the largest, with the number of terms."""
    shown = list(values)
    if len(values) > most:
        shown = sorted(values, key=lambda value: -abs(value))[: most - 2]
    text = " + ".join(plain(value, decimals) for value in shown).replace("+ −", "− ")
    return text if len(shown) == len(values) else f"{text} … {len(values)} terms"


def _fixed(value: float, decimals: int) -> str:
    """A number in the form of its column, with its sign."""
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{abs(value):.{decimals}f}" if abs(value) < 1e6 else f"{sign}{abs(value):.2e}"


def _factor(n: int, value: float, decimals: int) -> str:
    text = _fixed(value, decimals) if n == 0 else plain(value, decimals)
    return text.rjust(decimals + 3)
