"""The short explanation of a gradient: the factors of the chain rule, its routes, or what examples contribute."""

from collections.abc import Iterable
from dataclasses import replace

from ...core.explaining.explanation import Explanation
from ...core.functions.formula import Partial, Symbol, Term
from ...core.quantities.quantity import Kind, Quantity
from .brief_parameter import next_line
from .briefing import STRIP, Briefing
from .factors import factor_rows
from .numbers import count, percent
from .spans import Line, Span, label
from .term_rows import TermRow, paired_rows, term_rows


def gradient_lines(b: Briefing, width: int, height: int) -> list[Line] | None:
    """The factors of the chain rule, the routes, or what the examples of a batch add; None where there is no room."""
    explanation = b.explained(b.quantity)
    if explanation.contributions and height > STRIP:
        return _contributions(b, explanation, width, height)
    if len(explanation.routes) > 1 and height >= min(len(explanation.routes), 4) + 3:
        return _routes(b, explanation, width, height)
    if explanation.factors and height > len(explanation.factors) + 1:
        return _factor_lines(b, explanation, width, height)
    return None


def _factor_lines(b: Briefing, explanation: Explanation, width: int, height: int) -> list[Line]:
    equations = formulas_of(b, explanation.factors)
    table = factor_rows(explanation.factors, b.labels, equations, b.decimals)
    symbols = " · ".join(b.label(factor.symbol) for factor in explanation.factors)
    head: Line = [Span(b.label(b.quantity), ("value", "new")), label(f" = {symbols}")]
    parameter = b.quantity.parameter
    tail: Line = [
        Span(b.label(parameter), ("value", "new")),
        label(" = "),
        Span(b.plain(b.value(parameter)), ("value",)),
        Span("   "),
        *next_line(b, parameter, width - 2 * len(b.label(parameter)) - b.decimals - 9),
    ]
    # The heading of the table goes before the weight, where not all has room.
    lines = [head, *table]
    if len(lines) > height:
        lines = [head, *table[1:]]
    if explanation.note and len(lines) + 1 < height:
        lines.append([label(explanation.note)])
    return [*lines, tail] if len(lines) < height and b.quantity.example is None else lines


def formulas_of(b: Briefing, factors: Iterable[Term]) -> dict[Symbol, str]:
    """What the derivatives of the loss and of the activations are, in symbols."""
    found: dict[Symbol, str] = {}
    for factor in factors:
        match factor.symbol:
            case Partial(of=of, by=by) if of.kind is Kind.A and by.kind is Kind.Z:
                of_factor = b.explained(replace(by, kind=Kind.DZ))
            case Quantity(kind=Kind.DA) as slope:
                of_factor = b.explained(slope)
                y = b.value(Quantity(Kind.Y, to=slope.to, example=slope.example))
                is_output = slope.layer == b.snapshot.layers - 1
                if is_output and b.trainer.output.loss.name == "bce" and y in (0.0, 1.0):
                    y_hat = b.label(Quantity(Kind.A, slope.layer, slope.to))
                    found[slope] = f"−1 / {y_hat}" if y else f"1 / (1 − {y_hat})"
            case _:
                continue
        for each in of_factor.equations:
            found.setdefault(each.left, b.symbols(each))
    return found


def _routes(b: Briefing, explanation: Explanation, width: int, height: int) -> list[Line]:
    rows = []
    for route in explanation.routes[: height - 3]:
        # A weight is the last connection itself; a bias is behind it.
        ways = route.connections if b.quantity.kind is Kind.DB else route.connections[:-1]
        through = [b.label(Quantity(Kind.A, layer - 1, source)) for layer, _, source in ways]
        rows.append(TermRow(f"by {', '.join(dict.fromkeys(through)) or 'the output'}", (), route.value))
    head: Line = [
        Span(b.label(b.quantity), ("value", "new")),
        label(f" = the sum over {len(explanation.routes)} routes from the output = "),
        Span(b.plain(explanation.value), ("value", "new")),
    ]
    symbols, numbers = (of(explanation.equations[0]) for of in (b.symbols, b.numbers))
    chain: Line = [label(f"{b.label(b.quantity)} = {symbols}")]
    values: Line = [label(" " * len(b.label(b.quantity)) + " = "), Span(numbers, ("value",))]
    return [head, *term_rows(rows, width, b.decimals), chain, values]


def _contributions(b: Briefing, explanation: Explanation, width: int, height: int) -> list[Line]:
    """What each example adds, the largest first."""
    every = explanation.contributions
    mean = "the sum" if b.trainer.output.reduction == "sum" else "the mean"
    head: Line = [
        Span(b.label(b.quantity), ("value", "new")),
        label(f" = {mean} over {count(len(every))} examples = "),
        Span(b.plain(explanation.value), ("value", "new")),
    ]
    rows = [
        TermRow(f"example {each.example + 1}" if each.example is not None else "penalty", (), each.value, each.quantity)
        for each in every
    ]
    shown = sorted(rows, key=lambda row: -abs(row.value))
    notes: list[Line] = [[label(explanation.note)]] if explanation.note and height > STRIP + 2 else []
    lines, left_out = paired_rows(shown, width, b.decimals, height - 2 - len(notes))
    up = sum(each.value for each in every if each.value > 0)
    down = -sum(each.value for each in every if each.value < 0)
    cancels = percent(2 * min(up, down) / (up + down)) if up and down else ""
    words = f"positive and negative parts cancel {cancels}" if cancels else "contributions, largest first"
    more = f"; {count(left_out)} more" if left_out else ""
    return [head, *lines, [label(f"{words}{more}")], *notes]
