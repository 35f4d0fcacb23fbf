"""A worksheet: an update to compute by hand, with or without the answers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ...core.explaining.explain import explain, quantities
from ...core.notation.labels import Labels
from ...core.notation.notation import Notation
from ...core.quantities.formula import PI, Equation, Term, terms_of, with_terms
from ...core.quantities.quantity import Kind, Quantity, When
from ...core.quantities.symbols import Letter, Partial, Symbol
from ...core.steps.events import BackwardPass
from ...core.steps.values import value_of
from ...core.training.trainer import Trainer
from .equation import short_value_text, value_text
from .explanation import markdown_equation
from .latex import display, document, equation_lines, escape_latex, latex_number
from .numbers import MINUS, count, short

MOST_PARAMETERS = 100
MOST_EXAMPLES = 10
GIVEN = (Kind.X, Kind.Y, Kind.W, Kind.B)
MARKS = re.compile(r"[\\`*_\[\]<>$~&|#!]|:(?=//)")
"""Characters that are markup in Markdown."""


class Section(NamedTuple):
    """A heading, and the equations under it."""

    heading: str
    equations: list[Equation]


class Worksheet(NamedTuple):
    """A step, and the form of its numbers."""

    title: str
    trainer: Trainer
    backward: BackwardPass
    notation: Notation
    decimals: int
    answers: bool
    is_rounded: bool = False
    """Whether every number is rounded to the decimals before it is used."""

    @property
    def labels(self) -> Labels:
        """The labels of the network's quantities."""
        return self.trainer.network.names.labels(self.notation)


def too_large(backward: BackwardPass) -> str | None:
    """The reason why a step is too large to compute by hand, with the limits; None if it is not."""
    parameters, examples = backward.gradient.size, len(backward.forward.X)
    if parameters > MOST_PARAMETERS:
        return f"expected a network of at most {MOST_PARAMETERS} parameters, got one of {count(parameters)}"
    if examples > MOST_EXAMPLES:
        return f"expected at most {MOST_EXAMPLES} examples in a batch, got {count(examples)}: use --batch-size"
    return None


def worksheet_markdown(sheet: Worksheet) -> str:
    """A worksheet in Markdown."""
    parts = [f"# {escape_markdown(sheet.title)}", _introduction(sheet), "## Given"]
    parts.append("$$\n\\begin{aligned}\n" + " \\\\\n".join(_given(sheet)) + "\n\\end{aligned}\n$$")
    for section in sections_of(sheet):
        parts.append(f"## {section.heading}")
        parts += [
            markdown_equation(each, sheet.labels, sheet.decimals, answers=sheet.answers, write=short_value_text)
            for each in section.equations
        ]
    return "\n\n".join(parts)


def worksheet_latex(sheet: Worksheet) -> str:
    """A worksheet as a complete LaTeX document."""
    parts = [escape_latex(_introduction(sheet)), r"\subsection*{Given}", display(_given(sheet), breaks=True)]
    for section in sections_of(sheet):
        parts.append(rf"\subsection*{{{escape_latex(section.heading)}}}")
        parts += [
            display(equation_lines(each, sheet.labels, sheet.decimals, answers=sheet.answers, write=short_value_text))
            for each in section.equations
        ]
    return document(sheet.title, parts)


def sections_of(sheet: Worksheet) -> Iterator[Section]:
    """All sections, computed from rounded numbers if this is wanted."""
    known: dict[Symbol, float] = {}
    for section in sections(sheet.trainer, sheet.backward):
        if sheet.is_rounded:
            rounded = [_rounded(equation, known, sheet.decimals) for equation in section.equations]
            yield section._replace(equations=rounded)
        else:
            yield section


def _rounded(equation: Equation, known: dict[Symbol, float], decimals: int) -> Equation:
    """An equation with the numbers as they are printed; its rounded result is added to the known numbers."""

    def printed(term: Term) -> Term:
        if term.symbol in known:
            return replace(term, value=known[term.symbol])
        return replace(term, value=float(value_text(term, decimals).replace(MINUS, "-")))

    expression = with_terms(equation.expression, printed)
    result = float(value_text(Term(equation.left, expression.value), decimals).replace(MINUS, "-"))
    known[equation.left] = result
    return replace(equation, expression=expression, value=result)


def sections(trainer: Trainer, backward: BackwardPass) -> Iterator[Section]:
    """All sections of an update, in order."""
    computed = [each for each in quantities(trainer, backward) if _is_computed(each)]
    layers = range(len(trainer.network.layers))

    def section(heading: str, *kinds: Kind, layer: int = 0) -> Section:
        """The section of a layer, or of the batch, with its numbers in the order of their kinds."""
        own = trainer.network.names.named_kinds(layer, *kinds)
        numbers = [each for kind in own for each in computed if each.kind is kind and each.layer == layer]
        return Section(heading, _equations(trainer, backward, numbers))

    for n in layers:
        yield section(f"Forward pass, layer {n + 1}", Kind.Z, Kind.A, layer=n)
    examples = [each for each in computed if each.kind is Kind.LOSS and each.example is not None]
    losses = examples if len(backward.forward.X) > 1 else []
    penalty = [Quantity(Kind.PENALTY)] if trainer.penalty.is_in_loss else []
    yield Section("Loss", _equations(trainer, backward, [*losses, *penalty, Quantity(Kind.LOSS)]))
    for n in reversed(layers):
        kinds = (Kind.DA, Kind.DZ, Kind.PENALTY_DW, Kind.DW, Kind.PENALTY_DB, Kind.DB)
        yield section(f"Backward pass, layer {n + 1}", *kinds, layer=n)
    clipped = [each for each in computed if each.kind in (Kind.CLIPPED_DW, Kind.CLIPPED_DB)]
    if clipped:
        yield Section("Clipping", _equations(trainer, backward, clipped))
    yield Section("Update", _whole(trainer, backward, [each for each in computed if _is_new_parameter(each)]))


def _is_computed(quantity: Quantity) -> bool:
    """Whether a quantity is a step of the computation; an example's share is only a term of its gradient."""
    return quantity.kind not in (Kind.DW, Kind.DB) or quantity.example is None


def _is_new_parameter(quantity: Quantity) -> bool:
    return quantity.kind in (Kind.W, Kind.B) and quantity.when is When.NEXT


def _equations(trainer: Trainer, backward: BackwardPass, numbers: list[Quantity]) -> list[Equation]:
    """The equations that compute these numbers, after the slopes that ∂L/∂z needs."""
    needed: list[Equation] = []
    for quantity in numbers:
        equations = explain(trainer, backward, quantity).equations
        own = [each for each in equations if each.left == quantity]
        if quantity.kind is Kind.DZ:
            needed += [each for each in equations if isinstance(each.left, Partial)]
            own.reverse()
        # The last equation of a parameter's gradient is the one by ∂L/∂z, which is already known.
        needed += own[-1:]
    return needed


def _whole(trainer: Trainer, backward: BackwardPass, numbers: list[Quantity]) -> list[Equation]:
    """All equations of these numbers in the order of computation, each once."""
    explanations = (explain(trainer, backward, quantity) for quantity in numbers)
    equations = [equation for explanation in explanations for equation in reversed(explanation.equations)]
    return list(dict.fromkeys(equations))


def _introduction(sheet: Worksheet) -> str:
    trainer = sheet.trainer
    sizes = "-".join(map(str, trainer.network.sizes))
    activations = ", ".join(layer.activation.name for layer in trainer.network.layers)
    rate = short(trainer.learning_rate(sheet.backward.state))
    optimizer = type(trainer.optimizer).__name__
    return (
        f"A network of {sizes} neurons ({activations}) with the loss {trainer.output.loss.name} "
        f"is trained by {optimizer} with learning rate {rate}. "
        f"Compute update {count(sheet.backward.step + 1)}: the forward pass, the loss, the backward pass, "
        "and the new parameters." + (f" {_rounding(sheet)}" if sheet.is_rounded else "")
    )


def _rounding(sheet: Worksheet) -> str:
    return f"Round every result to {sheet.decimals} decimals, and continue with the rounded number."


def _given(sheet: Worksheet) -> list[str]:
    """The given numbers: inputs, targets, parameters, and the optimizer's numbers."""
    trainer, backward = sheet.trainer, sheet.backward
    numbers = list(quantities(trainer, backward))
    terms = [
        Term(each, value_of(each, backward))
        for kind in GIVEN
        for each in numbers
        if each.kind is kind and each.when is When.NOW
    ]
    updates = _whole(trainer, backward, [each for each in numbers if _is_new_parameter(each)])
    known = {equation.left for equation in updates} | {term.symbol for term in terms}
    computed = (each for section in sections(trainer, backward) for each in section.equations)
    used = dict.fromkeys(term for each in (*computed, *updates) for term in terms_of(each.expression) if term != PI)
    terms += [term for term in used if term.symbol not in known and _is_of_the_optimizer(term)]
    return [
        f"{sheet.labels.latex(term.symbol)} &= {latex_number(short_value_text(term, sheet.decimals))}" for term in terms
    ]


def _is_of_the_optimizer(term: Term) -> bool:
    """Whether a term is a constant or a slot of the optimizer."""
    symbol = term.symbol
    return isinstance(symbol, Letter) or (
        isinstance(symbol, Quantity) and symbol.kind is Kind.SLOT and symbol.when is When.NOW
    )


def escape_markdown(text: str) -> str:
    """Text without markup, mathematics, links, pictures or HTML."""
    return MARKS.sub(r"\\\g<0>", text)
