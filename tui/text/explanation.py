"""An explanation as text: symbols, numbers and the result, with links to its numbers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from msgspec import Struct, field

from ...core.explaining.explanation import Contribution, Explanation, Route
from ...core.notation.labels import Labels
from ...core.notation.notation import Notation
from ...core.quantities.formula import Equation, Term
from ...core.quantities.quantity import Quantity
from .equation import Piece, equation_pieces, value_text
from .latex import Write, display, document, equation_lines, escape_latex, latex_number
from .latex import latex as latex_of
from .numbers import count, percent, plain, signed
from .spans import Line, Lines, Span, heading, label

DECIMALS = 6
"""The decimals of an explanation on the screen, unless the user asks for another number."""
SUMS, PRODUCTS = (" + ", " − "), (" · ",)
"""The signs before which a long expression is broken: those of a sum, otherwise those of a product."""
LINK, SIGN = ("link",), ("label",)
"""The styles of a number that can be explained, and of the signs between numbers."""
MOST_ROWS = 20
"""The most contributions that are shown; the largest come first."""


class Link(NamedTuple):
    """The position of a number that can be explained."""

    y: int
    x: int
    width: int
    quantity: Quantity


class ExplanationPage(NamedTuple):
    """Lines, and the links in them."""

    lines: list[Line]
    links: list[Link]

    @property
    def page(self) -> Lines:
        """The lines, for a panel to show."""
        return Lines(self.lines)

    @property
    def text(self) -> str:
        """The lines without their styles."""
        return "\n".join("".join(span.text for span in line).rstrip() for line in self.lines)


class Writer(Struct):
    """A page being written, line by line."""

    lines: list[Line] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    width: int | None = None
    """The most columns of an expression, which is broken before a sign; None for no limit."""

    def write(self, *spans: Span, expression: Iterable[Piece] = (), linked: bool = False) -> None:
        """Write a line: spans, and an expression, in which terms may be links."""
        line = list(spans)
        x = indent = sum([len(span.text) for span in spans])
        pieces = list(expression)
        breaks = SUMS if any([piece.text in SUMS for piece in pieces]) else PRODUCTS
        for n, piece in enumerate(pieces):
            if self.width and piece.text in breaks and x > indent and x + _reach(pieces[n:], breaks) > self.width:
                self.lines.append(line)
                line, x = [Span(" " * max(indent - 2, 0))], max(indent - 2, 0)
            if linked and piece.quantity:
                self.links.append(Link(len(self.lines), x, len(piece.text), piece.quantity))
            quantity = piece.quantity if linked else None
            line.append(Span(piece.text, LINK if quantity else () if piece.term else SIGN, quantity))
            x += len(piece.text)
        self.lines.append(line)


def explanation_page(
    explanation: Explanation, notation: Notation, decimals: int, *, by_size: bool = True, width: int | None = None
) -> ExplanationPage:
    """An explanation for the screen, with the contributions of the examples by size, or in the order of the batch."""
    writer, labels = Writer(width=width), explanation.network.names.labels(notation)
    writer.write(heading(title(explanation, labels, decimals)), label(f"   {_place(explanation)}"))
    for equation in explanation.equations:
        writer.write()
        _write_equation(writer, equation, labels, decimals)
    if len(explanation.routes) > 1:
        _write_routes(writer, explanation, labels, decimals)
    if explanation.contributions:
        _write_contributions(writer, explanation.contributions, decimals, by_size=by_size)
    if explanation.note:
        writer.write()
        writer.write(label(explanation.note_in(labels)))
    return ExplanationPage(writer.lines, writer.links)


def _reach(pieces: Sequence[Piece], breaks: tuple[str, ...]) -> int:
    """The columns of a sign and of what follows it up to the next one."""
    length = len(pieces[0].text)
    for piece in pieces[1:]:
        if piece.text in breaks:
            break
        length += len(piece.text)
    return length


def explanation_data(explanation: Explanation, notation: Notation) -> dict[str, Any]:
    """An explanation as plain values, for JSON; layers, neurons and examples count from 1."""
    labels = explanation.network.names.labels(notation)

    def symbols(term: Term) -> str:
        return labels.text(term.symbol)

    return {
        "quantity": str(explanation.quantity),
        "label": labels.text(explanation.quantity),
        "step": explanation.step,
        "value": explanation.value,
        "equations": [
            {
                "left": labels.text(each.left),
                "right": "".join(piece.text for piece in equation_pieces(each.expression, symbols)),
                "numbers": "".join(piece.text for piece in equation_pieces(each.expression, _in_full)),
                "value": each.value,
            }
            for each in explanation.equations
        ],
        "factors": [{"label": symbols(each), "value": each.value} for each in explanation.factors],
        "routes": [
            {"connections": [[place + 1 for place in way] for way in each.connections], "value": each.value}
            for each in explanation.routes
        ],
        "contributions": [
            {"example": None if each.example is None else each.example + 1, "row": each.row, "value": each.value}
            for each in explanation.contributions
        ],
        "note": explanation.note_in(labels) or None,
    }


def _in_full(term: Term) -> str:
    return repr(float(term.value))


def explanation_text(explanation: Explanation, notation: Notation, decimals: int) -> str:
    """An explanation in Unicode."""
    return explanation_page(explanation, notation, decimals).text


def explanation_markdown(explanation: Explanation, notation: Notation, decimals: int) -> str:
    """An explanation in Markdown, its equations between $$."""
    labels = explanation.network.names.labels(notation)
    parts = [f"## {title(explanation, labels, decimals)}", f"{_place(explanation)}"]
    for equation in explanation.equations:
        parts.append(markdown_equation(equation, labels, decimals))
    if len(explanation.routes) > 1:
        parts += [f"Over {len(explanation.routes)} routes:", _in_dollars(_route_lines(explanation, labels, decimals))]
    if explanation.contributions:
        parts.append("\n".join(_contribution_rows(explanation.contributions, decimals)))
    return "\n\n".join([*parts, *([explanation.note_in(labels)] if explanation.note else [])])


def explanation_latex(explanation: Explanation, notation: Notation, decimals: int) -> str:
    """An explanation as a complete LaTeX document."""
    labels = explanation.network.names.labels(notation)
    parts = [display(equation_lines(equation, labels, decimals)) for equation in explanation.equations]
    if len(explanation.routes) > 1:
        routes = display(_route_lines(explanation, labels, decimals), breaks=True)
        parts.append(f"Over {len(explanation.routes)} routes:\n{routes}")
    if explanation.contributions:
        rows = [
            rf"{_who(each)} & ${latex_number(signed(each.value, decimals).strip())}$ \\"
            for each in _largest(explanation.contributions)
        ]
        table = "\\begin{tabular}{lr}\n" + "\n".join(rows) + "\n\\end{tabular}"
        parts.append(table + _left_out(explanation.contributions))
    notes = [escape_latex(explanation.note_in(labels))] if explanation.note else []
    value = f"${labels.latex(explanation.quantity)} = {latex_number(plain(explanation.value, decimals))}$"
    return document(_place(explanation), [value, *parts, *notes])


def markdown_equation(
    equation: Equation, labels: Labels, decimals: int, *, answers: bool = True, write: Write = value_text
) -> str:
    """An equation in Markdown."""
    return _in_dollars(equation_lines(equation, labels, decimals, answers=answers, write=write))


def title(explanation: Explanation, labels: Labels, decimals: int) -> str:
    """The explained number and its value."""
    return f"{labels.text(explanation.quantity)} = {plain(explanation.value, decimals)}"


def _place(explanation: Explanation) -> str:
    return f"{explanation.quantity}, step {count(explanation.step)}"


def _in_dollars(lines: list[str]) -> str:
    return "$$\n\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}\n$$"


def _write_equation(writer: Writer, equation: Equation, labels: Labels, decimals: int) -> None:
    """Symbols, numbers below them, and the result below those."""
    left = labels.text(equation.left)
    indent = " " * len(left)
    symbols = equation_pieces(equation.expression, lambda term: labels.text(term.symbol))
    numbers = equation_pieces(equation.expression, lambda term: value_text(term, decimals))
    result = [Piece(value_text(Term(equation.left, equation.value), decimals), term=True)]
    writer.write(heading(left), Span(" ← " if equation.assigns else " = "), expression=symbols, linked=True)
    seen = [_joined(symbols)]
    ending = [*numbers, Piece(" = "), *result]
    has_room = len(f"{indent} = {_joined(ending)}") <= (writer.width or 0)
    for each in [ending] if has_room and _joined(numbers) not in (*seen, _joined(result)) else [numbers, result]:
        if _joined(each) not in seen:
            writer.write(Span(f"{indent} = "), expression=each)
        seen.append(_joined(each))


def _write_routes(writer: Writer, explanation: Explanation, labels: Labels, decimals: int) -> None:
    writer.write()
    writer.write(label(f"over {len(explanation.routes)} routes"))
    width = max(len(_joined(_route_pieces(route, decimals))) for route in explanation.routes)
    if writer.width and width + decimals + 11 > writer.width:
        width = 0  # the products are broken, so that their results have no column
    for route in explanation.routes:
        symbols = equation_pieces(route.product, lambda term: labels.text(term.symbol))
        writer.write(Span("  "), expression=[each._replace(term=False) for each in symbols])
        line = _route_pieces(route, decimals)
        value = signed(route.value, decimals).rjust(decimals + 4)
        rest = Piece(f"{' ' * (width - len(_joined(line)))} = {value}")
        writer.write(Span("    "), expression=[*line, rest], linked=True)
    total = signed(explanation.value, decimals).rjust(decimals + 4)
    writer.write(Span(f"    {'sum'.ljust(width)} = {total}"))


def _route_pieces(route: Route, decimals: int) -> list[Piece]:
    return equation_pieces(route.product, lambda term: value_text(term, decimals))


def _route_lines(explanation: Explanation, labels: Labels, decimals: int) -> list[str]:
    lines = []
    for route in explanation.routes:
        lines.append("&" + latex_of(route.product, lambda term: labels.latex(term.symbol)))
        numbers = latex_of(route.product, lambda term: latex_number(value_text(term, decimals)))
        lines.append(rf"&\quad = {numbers} = {latex_number(plain(route.value, decimals))}")
    return [*lines, rf"&\text{{sum}} = {latex_number(plain(explanation.value, decimals))}"]


def _write_contributions(
    writer: Writer, contributions: tuple[Contribution, ...], decimals: int, *, by_size: bool
) -> None:
    writer.write()
    order = "largest first" if by_size else "in batch order"
    writer.write(label(f"contributions, {order}; {_cancelled(contributions)}"))
    for each in _largest(contributions) if by_size else contributions[:MOST_ROWS]:
        who, value = _who(each).ljust(40), signed(each.value, decimals)
        writer.write(Span("  "), expression=[Piece(who, each.quantity, term=True), Piece(value)], linked=True)
    if left := _left_out(contributions):
        writer.write(label(f" {left}"))


def _contribution_rows(contributions: tuple[Contribution, ...], decimals: int) -> Iterator[str]:
    yield "| contribution | |"
    yield "|---|---:|"
    yield from (f"| {_who(each)} | {signed(each.value, decimals).strip()} |" for each in _largest(contributions))
    if left := _left_out(contributions):
        yield f"|{left} | |"


def _largest(contributions: tuple[Contribution, ...]) -> list[Contribution]:
    return sorted(contributions, key=lambda each: -abs(each.value))[:MOST_ROWS]


def _cancelled(contributions: tuple[Contribution, ...]) -> str:
    """The share of the contributions that cancels."""
    up = sum(each.value for each in contributions if each.value > 0)
    down = -sum(each.value for each in contributions if each.value < 0)
    both = min(up, down)
    return f"positive and negative parts cancel {percent(2 * both / (up + down))}" if both else "nothing cancels"


def _left_out(contributions: tuple[Contribution, ...]) -> str:
    return f" and {count(len(contributions) - MOST_ROWS)} more" if len(contributions) > MOST_ROWS else ""


def _who(each: Contribution) -> str:
    if each.row is None or each.example is None:
        return "the penalty"
    return f"example {each.example + 1} of the batch, row {each.row}"


def _joined(written: Iterable[Piece]) -> str:
    return "".join([piece.text for piece in written])
