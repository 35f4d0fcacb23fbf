"""The short explanation of a weight or a bias: its origin, what it is used in, its gradient, its next value."""

from ...core.explaining.explanation import Explanation
from ...core.quantities.quantity import Kind, Quantity, When
from .briefing import STRIP, Briefing
from .equation import broken, fitted_sum
from .numbers import count
from .resolve import is_stale
from .spans import Line, Span, label

MUCH_FOR_A_PARAMETER = 4
"""Lines beyond which its update is written in two."""


def parameter_lines(b: Briefing, width: int, height: int) -> list[Line]:
    """Where it comes from, what it is used in, its gradient, and its next value."""
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
    """Of which step the gradient is that is known last."""
    backward = b.snapshot.backward_of(quantity.layer)
    return f" of step {count(backward.step)}:" if backward else ""


def _origin(b: Briefing, explanation: Explanation, width: int, *, has_room: bool = False) -> list[Line]:
    """Its value, and where that comes from: an update with its numbers, in two lines where there is room."""
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
        is_printed = not b.printed.are_brought and b.printed.at(quantity, step)
        words = label(f"   {text}{', printed in the article' if is_printed else ''}")
    else:
        words = label(f"   {explanation.note}")
    return [[name, *result, words]]


def _length(line: Line) -> int:
    return sum(len(span.text) for span in line)


def _use_line(b: Briefing, quantity: Quantity, width: int) -> Line:
    z = b.of_example(Quantity(Kind.Z, quantity.layer, quantity.to))
    explanation = b.explained(z)
    symbols = b.symbols(explanation.equations[0]).replace(" · ", "·")
    begin, result = f"used in  {b.label(z)} = ", b.plain(explanation.value)
    symbols = fitted_sum(symbols, width - len(begin) - len(result) - 3)
    return [label(f"{begin}{symbols}{' = ' if symbols else ''}"), Span(result, ("value",))]


def _gradient_line(b: Briefing, quantity: Quantity, width: int, step: str) -> Line:
    gradient = quantity.gradient
    if b.is_unknown(gradient):
        return [label(f"gradient {b.label(gradient)}: comes with the backward pass")]
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
    """What the update makes of a parameter; in so many columns with its numbers, where they fit."""
    if b.is_unknown(quantity.gradient) or is_stale(b.snapshot, quantity.gradient):
        return []  # it comes with the gradient of this step
    following = b.explained(quantity.at(When.NEXT))
    name, result = f"next {b.label(quantity)} = ", b.plain(following.value)
    text = f"{b.numbers(following.equations[0])} = " if following.equations else ""
    is_short = len(name) + len(text) + len(result) <= width
    note = [label(f"   {following.note}")] if following.note else []
    return [label(f"{name}{text if is_short else ''}"), Span(result, ("value", "new")), *note]
