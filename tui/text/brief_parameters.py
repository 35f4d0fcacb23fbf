"""The short explanation of a weight or a bias, and of a gradient."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...core.explaining.explanation import Explanation, Route
from ...core.quantities.formula import ONE, Difference, Equation, Negative, Node, Number, Quotient, Term, product
from ...core.quantities.quantity import Kind, Quantity, When
from ...core.quantities.symbols import Partial, Symbol
from .briefing import STRIP, Briefing
from .equation import broken, fitted_sum
from .factors import factor_rows
from .numbers import count, percent
from .resolve import is_stale
from .spans import Line, Span, label
from .term_rows import TermRow, paired_rows, term_rows

MUCH_FOR_A_PARAMETER = 4
"""Lines from which on the update is written in two."""


def parameter_lines(b: Briefing, width: int, height: int) -> list[Line]:
    """Origin, uses, gradient and next value of a parameter."""
    quantity = b.quantity
    explanation = b.explained(quantity)
    step = _step_of_gradient(b, quantity) if explanation.equations else ""
    if height <= STRIP:
        following = next_line(b, quantity, 0)
        after = [Span("   "), *following] if following else []
        gradient = _gradient_line(b, quantity, 0, step)
        if step and _length([*gradient, *after]) > width:
            gradient = [label(f"gradient{step} "), gradient[-1]]
        return [_origin(b, explanation, width)[0], [*gradient, *after]]
    origin = _origin(b, explanation, width, has_room=height > MUCH_FOR_A_PARAMETER)
    lines = [*origin, _use_line(b, quantity, width), _gradient_line(b, quantity, width, step)]
    return [*lines, *filter(None, [next_line(b, quantity, width)])]


def _step_of_gradient(b: Briefing, quantity: Quantity) -> str:
    """The step of the latest known gradient."""
    backward = b.snapshot.backward_of(quantity.layer)
    return f" of step {count(backward.step)}:" if backward else ""


def _origin(b: Briefing, explanation: Explanation, width: int, *, has_room: bool = False) -> list[Line]:
    """The value of a parameter and its origin: an update with its numbers, in two lines if there is room."""
    quantity, step = b.quantity, b.snapshot.step
    name, value = Span(b.label(quantity), ("value", "new")), b.bold(explanation.value)
    result = [label(" = "), value]
    if explanation.equations:
        equation, words = explanation.equations[0], label(f"   the update of step {count(max(step - 1, 0))}")
        symbols, numbers = label(f" ← {b.symbols(equation)}"), b.numbers(equation)
        filled = [label(" = "), Span(numbers, ("value",)), *result]
        wide: Line = [name, symbols, *filled, words]
        if has_room and _length(wide) > width:
            indent = " " * len(name.text)
            parts = broken(numbers, width - len(indent) - len(value.text) - 6)
            ends = [[label(f"{indent}   "), Span(part, ("value",))] for part in parts]
            ends[0][0] = label(f"{indent} = ")
            return [[name, symbols, words], *ends[:-1], [*ends[-1], *result]]
        choices: list[Line] = [wide, [name, *filled, words], [name, *filled]]
        return [next((each for each in choices if _length(each) <= width), [name, *result, words])]
    if quantity in b.edits:
        words = label(f"   edited at step {count(b.edits[quantity])}")
    elif explanation.note.startswith("initial"):
        text = b.begun if quantity.kind is Kind.W else explanation.note
        is_printed = not b.printed.are_users and b.printed.at(quantity, step)
        words = label(f"   {text}{', printed in the article' if is_printed else ''}")
    else:
        words = label(f"   {explanation.note_in(b.labels)}")
    return [[name, *result, words]]


def _length(line: Line) -> int:
    return sum(len(span.text) for span in line)


def _use_line(b: Briefing, quantity: Quantity, width: int) -> Line:
    z = b.of_example(Quantity(Kind.Z, quantity.layer, quantity.to))
    explanation = b.explained(z)
    symbols = b.symbols(explanation.equations[0]).replace(" · ", "·")
    if b.snapshot.updated or is_stale(b.snapshot, z):  # the known sum belongs to the weight before the update
        text = fitted_sum(symbols, width - len(f"used in  {b.label(z)} = "))
        return [label(f"used in  {b.label(z)}{f' = {text}' if text else ''}")]
    begin, result = f"used in  {b.label(z)} = ", b.plain(explanation.value)
    symbols = fitted_sum(symbols, width - len(begin) - len(result) - 3)
    return [label(f"{begin}{symbols}{' = ' if symbols else ''}"), Span(result, ("value",))]


def _gradient_line(b: Briefing, quantity: Quantity, width: int, step: str) -> Line:
    gradient = quantity.gradient
    if b.is_unknown(gradient):
        return [label(f"gradient {b.label(gradient)}: computed in the backward pass")]
    explanation = b.explained(gradient)
    name, result = f"gradient{step} {b.label(gradient)} = ", b.plain(explanation.value)
    texts = [""]
    own = [each for each in explanation.equations if each.left == explanation.quantity]
    if len(b.snapshot.forward.X) == 1 and own:
        direct = min(own, key=lambda each: len(b.symbols(each)))
        numbers = b.numbers(direct)
        numbers = f"{numbers} = " if numbers != result else ""
        texts = [f"{b.symbols(direct)} = {numbers}", numbers, ""]
    text = next((each for each in texts if len(name) + len(each) + len(result) <= width), "")
    return [label(f"{name}{text}"), Span(result, ("value", "new"))]


def next_line(b: Briefing, quantity: Quantity, width: int) -> Line:
    """The update of a parameter, with its numbers if they fit into this many columns."""
    if b.is_unknown(quantity.gradient) or is_stale(b.snapshot, quantity.gradient):
        return []  # its gradient is that of this step
    following = b.explained(quantity.at(When.NEXT))
    name, result = f"next {b.label(quantity)} = ", b.plain(following.value)
    text = f"{b.numbers(following.equations[0])} = " if following.equations else ""
    is_short = len(name) + len(text) + len(result) <= width
    note = [label(f"   {following.note_in(b.labels)}")] if following.note else []
    return [label(f"{name}{text if is_short else ''}"), Span(result, ("value", "new")), *note]


def gradient_lines(b: Briefing, width: int, height: int) -> list[Line] | None:
    """The factors of the chain rule, the routes, or the contributions of the examples; None if there is no room."""
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
    # Without room for all, the weight is more important than the heading of the table.
    lines = [head, *table]
    if len(lines) > height:
        lines = [head, *table[1:]]
    if explanation.note and len(lines) + 1 < height:
        lines.append([label(explanation.note_in(b.labels))])
    return [*lines, tail] if len(lines) < height and b.quantity.example is None else lines


def formulas_of(b: Briefing, factors: Iterable[Term]) -> dict[Symbol, str]:
    """The derivatives of the loss and of the activations in symbols, computed or not."""
    found: dict[Symbol, str] = {}
    for factor in factors:
        match factor.symbol:
            case Partial(of=of, by=by) if of.kind is Kind.A and by.kind is Kind.Z:
                equations = b.explanations.slopes(b.trainer, b.snapshot, replace(by, kind=Kind.DZ))
            case Quantity(kind=Kind.DA) as slope:
                equations = b.explanations.of(b.trainer, b.snapshot, slope).equations
                y = b.value(Quantity(Kind.Y, to=slope.to, example=slope.example))
                is_output = slope.layer == b.snapshot.layers - 1
                if is_output and b.trainer.output.loss.name == "bce" and y in (0.0, 1.0):
                    equations = (Equation(slope, _log_slope(b, slope, y), factor.value),)
            case _:
                continue
        for each in equations:
            found.setdefault(each.left, b.symbols(each))
    return found


def _log_slope(b: Briefing, slope: Quantity, y: float) -> Node:
    """∂L/∂ŷ of binary cross-entropy for a target of 0 or 1, with the example's weight and the divisor of the mean."""
    # At step 0 a gradient is explained before its backward pass is shown.
    backward = b.snapshot.backward_of(slope.layer) or b.snapshot.backward
    weights, row = backward.forward.weights, slope.example or 0
    weight = Number(1.0 if weights is None else float(weights[row]))
    divisor = Number(backward.output.divisor(*backward.forward.y_hat.shape))
    y_hat = Term(Quantity(Kind.A, slope.layer, slope.to), float(backward.forward.y_hat[row, slope.to]))
    if y:
        return Negative(Quotient(weight, product(divisor, y_hat)))
    return Quotient(weight, product(divisor, Difference(ONE, y_hat)))


def _routes(b: Briefing, explanation: Explanation, width: int, height: int) -> list[Line]:
    rows = [
        TermRow(f"by {', '.join(_way(b, route, explanation.routes)) or 'the output'}", (), route.value)
        for route in explanation.routes[: height - 3]
    ]
    head: Line = [
        Span(b.label(b.quantity), ("value", "new")),
        label(f" = the sum over {len(explanation.routes)} routes from the output = "),
        Span(b.plain(explanation.value), ("value", "new")),
    ]
    symbols, numbers = (of(explanation.equations[0]) for of in (b.symbols, b.numbers))
    chain: Line = [label(f"{b.label(b.quantity)} = {symbols}")]
    values: Line = [label(" " * len(b.label(b.quantity)) + " = "), Span(numbers, ("value",))]
    return [head, *term_rows(rows, width, b.decimals), chain, values]


def _way(b: Briefing, route: Route, routes: Iterable[Route]) -> list[str]:
    """The neurons of a route: its output, if others begin at another one, and those between it and the parameter."""
    ends = {each.connections[0][:2] for each in routes if each.connections}
    outputs = [b.label(Quantity(Kind.A, *route.connections[0][:2]))] if len(ends) > 1 else []
    # A weight is the last connection itself; a bias comes after it.
    ways = route.connections if b.quantity.kind is Kind.DB else route.connections[:-1]
    through = (b.label(Quantity(Kind.A, layer - 1, source)) for layer, _, source in ways)
    return list(dict.fromkeys([*outputs, *through]))


def _contributions(b: Briefing, explanation: Explanation, width: int, height: int) -> list[Line]:
    """The contributions of the examples, the largest first."""
    every = explanation.contributions
    name = b.label(b.quantity)
    result = b.plain(explanation.value)
    words = next((each for each in _words_of_sum(b, explanation) if len(f"{name} = {each} = {result}") <= width), "")
    head: Line = [
        Span(name, ("value", "new")),
        label(f" = {words} = " if words else " = "),
        Span(result, ("value", "new")),
    ]
    rows = [
        TermRow(f"example {each.example + 1}" if each.example is not None else "penalty", (), each.value, each.quantity)
        for each in every
    ]
    shown = sorted(rows, key=lambda row: -abs(row.value))
    notes: list[Line] = [[label(explanation.note_in(b.labels))]] if explanation.note and height > STRIP + 2 else []
    lines, left_out = paired_rows(shown, width, b.decimals, height - 2 - len(notes))
    up = sum(each.value for each in every if each.value > 0)
    down = -sum(each.value for each in every if each.value < 0)
    cancels = percent(2 * min(up, down) / (up + down)) if up and down else ""
    words = f"positive and negative parts cancel {cancels}" if cancels else "contributions, largest first"
    more = f"; {count(left_out)} more" if left_out else ""
    return [head, *lines, [label(f"{words}{more}")], *notes]


def _words_of_sum(b: Briefing, explanation: Explanation) -> Iterator[str]:
    """The sum of the contributions in words, shorter and shorter."""
    examples = sum(1 for each in explanation.contributions if each.example is not None)
    penalty = " and the penalty" if len(explanation.contributions) > examples else ""
    words = f"the sum over {count(examples)} example{'' if examples == 1 else 's'}"
    backward = b.snapshot.backward_of(b.quantity.layer)
    assert backward is not None  # its gradient is known
    divisor = backward.output.divisor(*backward.forward.y_hat.shape)
    part = "weighted" if backward.forward.weights is not None else f"divided by {count(int(divisor))}"
    if part != "divided by 1":
        end = f",{penalty}" if penalty else ""
        yield f"{words}, each already {part}{end}"
        yield f"{words}, each {part}{end}"
    yield words + penalty
