"""Notations: the labels of quantities as the reader's textbook has them."""

from dataclasses import dataclass
from enum import Enum
from itertools import accumulate

from .functions.formula import Letter, Name, Partial, Symbol
from .functions.optimizers import SLOT_LETTERS
from .naming import FORMER, LOSS, PENALTY, match, moved
from .network.bias import Bias
from .network.network import Network


class Notation(Enum):
    """How weights and neurons are named."""

    SUPERSCRIPT = "superscript"
    """w²₁₁: layer, to, from."""
    COUNTED = "counted"
    """w5: weights are counted through all layers, by the neuron that they lead to; so are biases and neurons."""
    NODES = "nodes"
    """w31: from node 3, the inputs being the first nodes, to neuron 1 of the next layer."""
    INDEXED = "indexed"
    """W1[4,3]: as in a program, counted from 1."""


RAISED = str.maketrans("0123456789+()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁽⁾")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Mark:
    """A letter with what stands above and below it."""

    letter: str
    above: str = ""
    below: str = ""
    brackets: str = ""
    """Indices that stand behind it, as [4,3]."""
    flat: bool = False
    """In plain text the index stands on the line, as in w5."""

    @property
    def text(self) -> str:
        """In Unicode."""
        below = self.below if self.flat else self.below.translate(LOWERED)
        return f"{self.letter}{self.above.translate(RAISED)}{below}{self.brackets}"

    @property
    def latex(self) -> str:
        """In LaTeX."""
        letter = r"\hat{y}" if self.letter == "ŷ" else self.letter
        above = f"^{{{self.above}}}" if self.above else ""
        below = f"_{{{self.below}}}" if self.below else ""
        return f"{letter}{above}{below}{self.brackets}"


@dataclass(frozen=True)
class Labels:
    """The labels of a network's quantities in a notation."""

    notation: Notation
    network: Network

    def text(self, symbol: Symbol) -> str:
        """A symbol in Unicode."""
        match symbol:
            case Letter(text=text):
                return text
            case Partial(of=of, by=by):
                return f"∂{self._text(of)}/∂{self._text(by)}"
            case Name(quantity=quantity):
                return self._text(quantity)

    def latex(self, symbol: Symbol) -> str:
        """A symbol in LaTeX."""
        match symbol:
            case Letter(latex=latex):
                return latex
            case Partial(of=of, by=by):
                return rf"\frac{{\partial {self._latex(of)}}}{{\partial {self._latex(by)}}}"
            case Name(quantity=quantity):
                return self._latex(quantity)

    def mark(self, name: str) -> Mark:
        """The mark of w, b, z, a, x or y, whose gradient it may also be."""
        form = match(name)
        assert form is not None  # only quantities have labels
        kind, layer, to = (form["name"] or form["data"])[-1], int(form["layer"] or 0), int(form["to"])
        if kind == "a" and layer == 0:
            kind = "x"
        if kind == "w":
            return self._weight(layer, to, int(form["from"]))
        if kind == "a" and layer == len(self.network.layers) and self.notation is not Notation.COUNTED:
            kind, layer = "ŷ", 0
        return self._neuron(kind, layer, to)

    def _weight(self, layer: int, to: int, source: int) -> Mark:
        match self.notation:
            case Notation.SUPERSCRIPT:
                return Mark("w", str(layer), _joined(to, source))
            case Notation.COUNTED:
                before = sum(each.n_in * each.n_out for each in self.network.layers[: layer - 1])
                number = before + (to - 1) * self.network.layers[layer - 1].n_in + source
                return Mark("w", below=str(number), flat=True)
            case Notation.NODES:
                return Mark("w", below=_joined(self._node(layer - 1, source), to), flat=True)
            case Notation.INDEXED:
                return Mark(f"W{layer}", brackets=f"[{to},{source}]")

    def _neuron(self, kind: str, layer: int, i: int) -> Mark:
        """The mark of a number of a neuron, an input, a target or a prediction."""
        if self.notation is Notation.INDEXED:
            return Mark(f"{kind}{layer or ''}", brackets=f"[{i}]")
        if self.notation is Notation.SUPERSCRIPT:
            return Mark(kind, str(layer) if layer else "", str(i))
        if kind == "b" and self.network.bias is Bias.SHARED:
            return Mark("b", below=str(layer), flat=True)
        if kind == "y" and self.notation is Notation.COUNTED:
            kind = "t"
        if not layer:
            return Mark(kind, below=str(i), flat=True)
        inputs = self.network.layers[0].n_in if self.notation is Notation.COUNTED else 0
        return Mark(kind, below=str(self._node(layer, i) - inputs), flat=True)

    def _node(self, layer: int, i: int) -> int:
        """The number of a neuron among all nodes, the inputs first."""
        return (0, *accumulate(self.network.sizes))[layer] + i

    def _text(self, quantity: str) -> str:
        name, plus = _now(quantity)
        if name in WHOLE_TEXT:
            return WHOLE_TEXT[name]
        if loss := LOSS.fullmatch(name):
            return f"L{self._example(loss['example'])}"
        if penalty := PENALTY.fullmatch(name):
            return f"∂Ω/∂{self.mark(penalty['gradient']).text}"
        form = moved(name)
        if form and form["slot"]:
            slot = SLOT_LETTERS.get(form["slot"], form["slot"])
            return f"{slot}{'⁺' if plus else ''}({self.mark(form['parameter']).text})"
        if form and form["prefix"]:
            return f"clip(∂L/∂{self.mark(form['parameter']).text})"
        name, _, example = name.partition("@")
        label, above = self.mark(name).text + ("⁺" if plus else ""), self._example(example)
        if name[0] != "d":
            return label + above
        return f"(∂L/∂{label}){above}" if above and name[1] in "wb" else f"∂L/∂{label}{above}"

    def _latex(self, quantity: str) -> str:
        name, plus = _now(quantity)
        if name in WHOLE_LATEX:
            return WHOLE_LATEX[name]
        if loss := LOSS.fullmatch(name):
            return f"L^{{({loss['example']})}}"
        if penalty := PENALTY.fullmatch(name):
            return rf"\frac{{\partial \Omega}}{{\partial {self.mark(penalty['gradient']).latex}}}"
        form = moved(name)
        if form and form["slot"]:
            slot = SLOT_LETTERS.get(form["slot"], form["slot"])
            return rf"{slot}{'^{+}' if plus else ''}({self.mark(form['parameter']).latex})"
        if form and form["prefix"]:
            inner = rf"\frac{{\partial L}}{{\partial {self.mark(form['parameter']).latex}}}"
            return rf"\operatorname{{clip}}\left({inner}\right)"
        name, _, example = name.partition("@")
        label = f"{{{self.mark(name).latex}}}^{{+}}" if plus else self.mark(name).latex
        above = f"^{{({example})}}" if example else ""
        if name[0] != "d":
            return f"{{{label}}}{above}" if above else label
        if above and name[1] in "wb":
            return rf"\left(\frac{{\partial L}}{{\partial {label}}}\right){above}"
        return rf"\frac{{\partial L}}{{\partial {f'{{{label}}}{above}' if above else label}}}"

    def _example(self, number: str) -> str:
        if not number:
            return ""
        return f"@{number}" if self.notation is Notation.INDEXED else f"({number})".translate(RAISED)


WHOLE_TEXT = {"loss": "L", "penalty": "Ω", "mean-abs-error": "mean |ŷ − y|"}
WHOLE_LATEX = {"loss": "L", "penalty": r"\Omega", "mean-abs-error": r"\overline{|\hat{y} - y|}"}


def _now(quantity: str) -> tuple[str, bool]:
    """The name without its step, and whether it is the one after the update."""
    name = quantity.removeprefix(FORMER)
    return name.removeprefix("next-"), name.startswith("next-")


def _joined(first: int, second: int) -> str:
    """Two indices; a comma between them where one has two digits."""
    return f"{first},{second}" if max(first, second) > 9 else f"{first}{second}"
