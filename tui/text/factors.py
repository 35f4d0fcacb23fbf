"""The chain rule one factor at a time: its symbol, its number, and the product so far."""

from typing import NamedTuple

from ...core.explaining.explanation import Explanation
from ...core.functions.formula import Term
from ...core.quantities.notation import Labels, Notation
from .numbers import count, plain
from .spans import Line, Lines, Span, heading, label


class FactorStep(NamedTuple):
    """One factor of one route."""

    route: int
    factor: int


def factor_steps(explanation: Explanation) -> list[FactorStep]:
    """All factors in the order in which they are walked, route after route."""
    return [FactorStep(n, k) for n, route in enumerate(_routes(explanation)) for k in range(len(route))]


def factors_page(explanation: Explanation, notation: Notation, shown: int, decimals: int) -> Lines:
    """The factors up to a number of them."""
    labels, routes = explanation.network.names.labels(notation), _routes(explanation)
    steps = factor_steps(explanation)[:shown]
    lines: list[Line] = [_title(explanation, labels, len(steps))]
    total = 0.0
    for n in sorted({step.route for step in steps}):
        factors = routes[n][: sum(1 for step in steps if step.route == n)]
        words = f"route {n + 1} of {len(routes)}" if len(routes) > 1 else ""
        lines += [[], *_route_lines(factors, labels, words, decimals)]
        total += _product(factors)
    if len(steps) == len(factor_steps(explanation)):
        words = "sum of the routes" if len(routes) > 1 else "product"
        own = f"   the engine's own: {plain(explanation.value, decimals)}"
        lines += [[], [heading(f"{words} = {plain(total, decimals)}"), label(own)]]
    return Lines(lines)


def _title(explanation: Explanation, labels: Labels, shown: int) -> Line:
    name = labels.text(explanation.quantity)
    where = f"   {explanation.quantity}, step {count(explanation.step)}"
    return [heading(name), label(f"{where}   factor {shown} of {len(factor_steps(explanation))}")]


def _route_lines(factors: tuple[Term, ...], labels: Labels, words: str, decimals: int) -> list[Line]:
    lines: list[Line] = [[label(words)]] if words else []
    width = max(len(labels.text(factor.symbol)) for factor in factors)
    running = 1.0
    for n, factor in enumerate(factors):
        running *= factor.value
        is_last = n == len(factors) - 1
        lines.append(
            [
                Span(f"  {labels.text(factor.symbol).ljust(width)}", ("symbol",), factor.quantity),
                Span(f" = {plain(factor.value, decimals).rjust(decimals + 4)}", ("new",) if is_last else ()),
                label(f"    product so far {plain(running, decimals).rjust(decimals + 4)}"),
            ]
        )
    return lines


def _routes(explanation: Explanation) -> list[tuple[Term, ...]]:
    if len(explanation.routes) > 1:
        return [route.factors for route in explanation.routes]
    return [explanation.factors] if explanation.factors else []


def _product(factors: tuple[Term, ...]) -> float:
    product = 1.0
    for factor in factors:
        product *= factor.value
    return product
