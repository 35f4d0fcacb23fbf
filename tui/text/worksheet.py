"""A worksheet: a whole update by hand, to fill in, or with the answers."""

from collections.abc import Iterator
from typing import NamedTuple

from ...core.explaining.explain import explain, quantities
from ...core.functions.formula import Equation, Letter, Name, Partial, Term, terms_of
from ...core.notation import Labels, Notation
from ...core.quantity import Quantity
from ...core.training.events import BackwardPass
from ...core.training.trainer import Trainer
from .equation import value_text
from .explanation import markdown_equation
from .latex import display, document, equation_lines, escaped, number
from .markdown import escaped as escaped_in_markdown
from .numbers import count, short

MOST_PARAMETERS = 100
MOST_EXAMPLES = 10
GIVEN = "xywb"


class Section(NamedTuple):
    """A heading and what is to be computed under it."""

    heading: str
    equations: list[Equation]


class Worksheet(NamedTuple):
    """A step, and how its numbers are written."""

    title: str
    trainer: Trainer
    backward: BackwardPass
    notation: Notation
    decimals: int
    answers: bool

    @property
    def labels(self) -> Labels:
        """The labels of the network's quantities."""
        return Labels(self.notation, self.trainer.network)


def too_large(backward: BackwardPass) -> str | None:
    """Why a step is nothing to compute by hand, and what would be; None where it is."""
    parameters, examples = backward.gradient.size, len(backward.forward.X)
    if parameters > MOST_PARAMETERS:
        return f"expected a network of at most {MOST_PARAMETERS} parameters, got one of {count(parameters)}"
    if examples > MOST_EXAMPLES:
        return f"expected at most {MOST_EXAMPLES} examples in a batch, got {count(examples)}: say so by --batch-size"
    return None


def worksheet_markdown(sheet: Worksheet) -> str:
    """A worksheet in Markdown."""
    parts = [f"# {escaped_in_markdown(sheet.title)}", _introduction(sheet), "## Given"]
    parts.append("$$\n\\begin{aligned}\n" + " \\\\\n".join(_given(sheet)) + "\n\\end{aligned}\n$$")
    for section in sections(sheet.trainer, sheet.backward):
        parts.append(f"## {section.heading}")
        parts += [
            markdown_equation(equation, sheet.labels, sheet.decimals, answers=sheet.answers)
            for equation in section.equations
        ]
    return "\n\n".join(parts)


def worksheet_latex(sheet: Worksheet) -> str:
    """A worksheet as a LaTeX document of its own."""
    parts = [escaped(_introduction(sheet)), r"\subsection*{Given}", display(_given(sheet))]
    for section in sections(sheet.trainer, sheet.backward):
        parts.append(rf"\subsection*{{{escaped(section.heading)}}}")
        parts += [
            display(equation_lines(equation, sheet.labels, sheet.decimals, answers=sheet.answers))
            for equation in section.equations
        ]
    return document(sheet.title, parts)


def sections(trainer: Trainer, backward: BackwardPass) -> Iterator[Section]:
    """All that is to be computed in an update, in order."""
    names = [name for name in quantities(trainer, backward) if _is_asked(name)]
    layers = range(1, len(trainer.network.layers) + 1)
    for n in layers:
        found = [name for name in names if name.startswith((f"z{n}[", f"a{n}["))]
        yield Section(f"Forward pass, layer {n}", _equations(trainer, backward, found))
    losses = [name for name in names if name.startswith("loss@") and len(backward.forward.X) > 1]
    penalty = ["penalty"] if trainer.penalty else []
    yield Section("Loss", _equations(trainer, backward, [*losses, *penalty, "loss"]))
    for n in reversed(layers):
        kinds = tuple(f"{kind}{n}[" for kind in ("da", "dz", "penalty-dw", "dw", "db"))
        found = sorted(
            (name for name in names if name.startswith(kinds)), key=lambda name: kinds.index(f"{name.split('[')[0]}[")
        )
        yield Section(f"Backward pass, layer {n}", _equations(trainer, backward, found))
    clipped = [name for name in names if name.startswith("clipped-")]
    if clipped:
        yield Section("Clipping", _equations(trainer, backward, clipped))
    moved = [name for name in names if name.startswith(("next-w", "next-b"))]
    yield Section("Update", _whole(trainer, backward, moved))


def _is_asked(name: str) -> bool:
    """Whether a quantity is a step of the computation; the share of one example is part of its gradient's sum."""
    return not (name[:2] in ("dw", "db") and "@" in name)


def _equations(trainer: Trainer, backward: BackwardPass, names: list[str]) -> list[Equation]:
    """The equations to compute each by, the slopes that ∂L/∂z needs first."""
    found: list[Equation] = []
    for name in names:
        equations = explain(trainer, backward, name).equations
        own = [each for each in equations if each.left == Name(name)]
        if name.startswith("dz"):
            found += [each for each in equations if isinstance(each.left, Partial)]
            own.reverse()
        # A gradient of a parameter is computed from ∂L/∂z, which is known by then: its last equation.
        found += own[-1:]
    return found


def _whole(trainer: Trainer, backward: BackwardPass, names: list[str]) -> list[Equation]:
    """All equations of each, those first that others need; those that parameters share come once."""
    found = (explain(trainer, backward, name) for name in names)
    equations = [equation for explanation in found for equation in reversed(explanation.equations)]
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
        "and the new parameters."
    )


def _given(sheet: Worksheet) -> list[str]:
    """The inputs, the targets, the parameters, and the optimizer's numbers."""
    trainer, backward = sheet.trainer, sheet.backward
    names = list(quantities(trainer, backward))
    plain_names = [name for name in names if name[0] in GIVEN and "-" not in name]
    terms = [
        Term(Name(name), Quantity.parse(name).of(backward))
        for name in sorted(plain_names, key=lambda name: GIVEN.index(name[0]))
    ]
    updates = _whole(trainer, backward, [name for name in names if name.startswith(("next-w", "next-b"))])
    known = {equation.left for equation in updates} | {term.symbol for term in terms}
    used = dict.fromkeys(term for equation in updates for term in terms_of(equation.expression))
    terms += [term for term in used if term.symbol not in known and _is_of_the_optimizer(trainer, term)]
    return [f"{sheet.labels.latex(term.symbol)} &= {number(value_text(term, sheet.decimals))}" for term in terms]


def _is_of_the_optimizer(trainer: Trainer, term: Term) -> bool:
    """Whether a term is a constant of the optimizer, or what it remembers."""
    slots = tuple(f"{name}-" for name in trainer.optimizer.slot_names)
    return isinstance(term.symbol, Letter) or (isinstance(term.symbol, Name) and term.symbol.quantity.startswith(slots))
