"""The short explanation of a number, in the few lines that follow the cursor."""

from textwrap import wrap

from ...core.explaining.explanation import Explanation
from ...core.quantities.formula import Equation, Term
from ...core.quantities.quantity import Kind, Quantity, When
from .brief_neuron import neuron_lines
from .brief_parameters import gradient_lines, parameter_lines
from .briefing import STRIP, Briefing
from .data_names import DataNames
from .equation import broken, fitted_sum
from .numbers import count, short
from .safe import safe
from .spans import Line, Span, label

EVERYTHING = 1_000
"""Lines that have room for the whole explanation."""

EQUATIONS = 4
"""Lines that remain for the equations beside remarks on the user's own number."""
MOST_USERS = 6
"""The most sums of an input that are named one by one."""


def brief(b: Briefing, width: int, height: int) -> list[Line]:
    """An explanation in this many columns and lines."""
    try:
        noted = note_lines(b, width)[: max(height - EQUATIONS, min(height - 1, 1))]
        room = height - len(noted)
        return [_clipped(line, width) for line in [*_lines(b, width, room)[:room], *noted]]
    except (ValueError, IndexError) as error:  # no such step yet, or no such neuron any more
        return [[label(str(error))]]


def note_lines(b: Briefing, width: int) -> list[Line]:
    """The reason why the source's or the user's own figure differs, in the style of its mark."""
    if not b.note:
        return []
    figure = b.figure_of(b.quantity)
    style = figure.style(b.value(b.quantity)) if figure else "wrong"
    return [
        [Span(part, (style,) if n == 0 else ("second",))]
        for n, each in enumerate(b.note)
        for part in wrap(safe(each), width)
    ]


def more_lines(b: Briefing, width: int) -> list[Line]:
    """The lines after the equations of a number, if there is room for everything."""
    try:
        match b.quantity.kind:
            case Kind.A | Kind.Z:
                return neuron_lines(b, width, EVERYTHING)[1:]
            case Kind.W | Kind.B if b.quantity.when is When.NOW:
                return parameter_lines(b, width, EVERYTHING)[1:]
            case Kind.DW | Kind.DB if b.explained(b.quantity).factors:
                return (gradient_lines(b, width, EVERYTHING) or [])[1:]
            case _:
                return []
    except (ValueError, IndexError):
        return []


def _clipped(line: Line, width: int) -> Line:
    """As many whole words and numbers of a line as fit."""
    text = "".join(span.text for span in line)
    if len(text) <= width:
        return line
    room = text.rfind(" ", 0, width - 1) + 1 or width - 1
    kept: list[Span] = []
    for span in line:
        kept.append(span._replace(text=span.text[:room]))
        room -= len(kept[-1].text)
    return [*kept, label("…")]


def _lines(b: Briefing, width: int, height: int) -> list[Line]:
    match b.quantity.kind:
        case Kind.A | Kind.Z:
            return neuron_lines(b, width, height)
        case Kind.W | Kind.B if b.quantity.when is When.NOW:
            return parameter_lines(b, width, height)
        case Kind.DW | Kind.DB:
            return gradient_lines(b, width, height) or _equations(
                b, b.explained(b.quantity), width, is_short=height <= STRIP
            )
        case Kind.X | Kind.Y:
            return _datum(b)
        case _:
            return _equations(b, b.explained(b.quantity), width, is_short=height <= STRIP)


def _fitted_numbers(b: Briefing, equation: Equation, room: int) -> str:
    """The right side with fewer digits, and exact numbers without final zeros; empty if it does not fit."""
    for digits in (b.decimals, 4, 3):
        text = b.numbers(equation, lambda term, digits=digits: _in_digits(term, digits))  # type: ignore[misc]
        if len(text) <= room:
            return text
    return ""


def _in_digits(term: Term, digits: int) -> str:
    """A term's number with this many digits, without final zeros."""
    return short(float(f"{term.value:.{digits}g}"))


def _datum(b: Briefing) -> list[Line]:
    quantity = b.of_example(b.quantity)
    names = DataNames.of(b.trainer, b.notation)
    value = b.value(quantity)
    row = int(b.trainer.rows(b.snapshot.forward.state)[quantity.row])
    what = "input" if quantity.kind is Kind.X else "target"
    own = names.input_name(quantity.to) if quantity.kind is Kind.X else names.output_name(quantity.to)
    first: Line = [
        Span(b.label(quantity), ("value", "new")),
        label(" = "),
        Span(short(value), ("value", "new")),
        label(f"   {what}{f' {own}' if own else ''}, row {count(row)} of the data"),
    ]
    if quantity.kind is Kind.Y:
        return [first]
    users = [b.label(Quantity(Kind.Z, 0, n)) for n in range(b.trainer.network.layers[0].n_out)]
    text = "  ".join(users) if len(users) <= MOST_USERS else f"{users[0]} … {users[-1]}"
    return [first, [label(f"used in  {text}")]]


def _equations(b: Briefing, explanation: Explanation, width: int, *, is_short: bool) -> list[Line]:
    """The equations of a number: symbols, numbers and the result; a long one is broken between terms."""
    lines: list[Line] = []
    for equation in explanation.equations[:1] if is_short else explanation.equations:
        name, result = b.labels.text(equation.left), b.plain(equation.value)
        indent = len(name) + 3
        for n, text in enumerate(dict.fromkeys((b.symbols(equation), b.numbers(equation)))):
            parts = broken(text, width - indent)
            if is_short:
                room = width - indent - (len(result) + 3) * (n > 0)
                parts = [fitted_sum(text, room) or (n and _fitted_numbers(b, equation, room)) or f"{parts[0]} …"]
            begin = [Span(name, ("value", "new")), label(" = ")] if n == 0 else [label(" " * len(name) + " = ")]
            lines.append([*begin, Span(parts[0], ("label" if n == 0 else "value",))])
            lines += [[Span(" " * indent + part, ("label" if n == 0 else "value",))] for part in parts[1:]]
        end = [label(" = "), Span(result, ("value", "new"))]
        if sum(len(span.text) for span in lines[-1]) + len(result) + 3 <= width:
            lines[-1] = [*lines[-1], *end]
        else:
            lines.append([label(" " * len(name)), *end])
    if not lines:
        name = b.label(b.quantity)
        lines.append([Span(name, ("value", "new")), label(" = "), Span(b.plain(explanation.value), ("value", "new"))])
    if explanation.note:
        lines.append([label(explanation.note_in(b.labels))])
    return lines
