"""The short explanation of a weight or a bias: its origin, what it is used in, its gradient, its next value."""

from ...core.explaining.explanation import Explanation
from ...core.quantities.quantity import Kind, Quantity, When
from .briefing import STRIP, Briefing
from .numbers import count
from .spans import Line, Span, label


def parameter_lines(b: Briefing, width: int, height: int) -> list[Line]:
    """Where it comes from, what it is used in, its gradient, and its next value."""
    quantity = b.quantity
    explanation = b.explained(quantity)
    value = Span(b.plain(explanation.value), ("value", "new"))
    origin = _origin(b, explanation, value, width)
    if height <= STRIP:
        return [origin, [*_gradient_line(b, quantity, 0), Span("   "), *next_line(b, quantity, 0)]]
    gradient, following = _gradient_line(b, quantity, width), next_line(b, quantity, width)
    return [origin, _use_line(b, quantity), gradient, following]


def _origin(b: Briefing, explanation: Explanation, value: Span, width: int) -> list[Span]:
    """Its value, and where that comes from."""
    quantity, step = b.quantity, b.snapshot.step
    name = Span(b.label(quantity), ("value", "new"))
    if explanation.equations:
        equation, words = explanation.equations[0], f"   the update of step {count(max(step - 1, 0))}"
        room = width - len(name.text) - len(value.text) - len(words) - 8
        symbols, numbers = b.symbols(equation), b.numbers(equation)
        parts = [label(f" ← {symbols}")] if len(symbols) <= room else []
        room -= len(parts and symbols)
        parts += [label(" = "), Span(numbers, ("value",))] if len(numbers) + 3 <= room else []
        return [name, *parts, label(" = "), value, label(words)]
    if quantity in b.edits:
        words = f"   edited at step {count(b.edits[quantity])}"
    elif explanation.note.startswith("initial"):
        words = f"   {b.begun}" if quantity.kind is Kind.W else f"   {explanation.note}"
        words += ", printed in the article" if b.printed.at(quantity, step) else ""
    else:
        words = f"   {explanation.note}"
    return [name, label(" = "), value, label(words)]


def _use_line(b: Briefing, quantity: Quantity) -> Line:
    z = b.of_example(Quantity(Kind.Z, quantity.layer, quantity.to))
    explanation = b.explained(z)
    symbols = b.symbols(explanation.equations[0]).replace(" · ", "·")
    return [label(f"used in  {b.label(z)} = {symbols} = "), Span(b.plain(explanation.value), ("value",))]


def _gradient_line(b: Briefing, quantity: Quantity, width: int) -> Line:
    gradient = quantity.gradient
    if b.is_unknown(gradient):
        return [label(f"gradient {b.label(gradient)}: comes with the backward pass")]
    explanation = b.explained(gradient)
    name, result = f"gradient {b.label(gradient)} = ", b.plain(explanation.value)
    text = ""
    own = [each for each in explanation.equations if each.left == explanation.quantity]
    if len(b.snapshot.forward.X) == 1 and own:
        direct = min(own, key=lambda each: len(b.symbols(each)))
        numbers = b.numbers(direct)
        text = f"{b.symbols(direct)} = {f'{numbers} = ' if numbers != result else ''}"
    is_short = len(name) + len(text) + len(result) <= width
    return [label(f"{name}{text if is_short else ''}"), Span(result, ("value", "new"))]


def next_line(b: Briefing, quantity: Quantity, width: int) -> Line:
    """What the update makes of a parameter; in so many columns with its numbers, where they fit."""
    if b.is_unknown(quantity.gradient):
        return []
    following = b.explained(quantity.at(When.NEXT))
    name, result = f"next {b.label(quantity)} = ", b.plain(following.value)
    text = f"{b.numbers(following.equations[0])} = " if following.equations else ""
    is_short = len(name) + len(text) + len(result) <= width
    note = [label(f"   {following.note}")] if following.note else []
    return [label(f"{name}{text if is_short else ''}"), Span(result, ("value", "new")), *note]
