"""Notations: the labels of quantities as the reader's textbook has them, and the quantities of a network."""

from dataclasses import dataclass, field
from enum import Enum
from itertools import accumulate, pairwise

from ..functions.formula import Letter, Partial, Symbol
from ..functions.optimizers import SLOT_LETTERS
from .quantity import OF_THE_BATCH, Kind, Quantity, When


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
MOST = 50_000
"""Labels, and quantities, that are held; there can be millions, of which few are looked at."""


@dataclass(frozen=True)
class Mark:
    """A letter with its indices above and below."""

    letter: str
    above: str = ""
    below: str = ""
    brackets: str = ""
    """Indices behind it, as [4,3]."""
    flat: bool = False
    """In plain text the index is on the line, as in w5."""

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


@dataclass(eq=False)
class Labels:
    """The labels of a network's quantities in a notation; each is written once."""

    notation: Notation
    sizes: tuple[int, ...]
    """Neurons of each layer, the inputs first."""
    has_shared_bias: bool = False
    _texts: dict[Symbol, str] = field(default_factory=dict)

    def text(self, symbol: Symbol) -> str:
        """A symbol in Unicode."""
        written = self._texts.get(symbol)
        if written is None:
            if len(self._texts) >= MOST:
                self._texts.clear()
            written = self._texts[symbol] = self._text(symbol)
        return written

    def latex(self, symbol: Symbol) -> str:
        """A symbol in LaTeX."""
        match symbol:
            case Letter(latex=latex):
                return latex
            case Partial(of=of, by=by):
                return rf"\frac{{\partial {self._latex(of)}}}{{\partial {self._latex(by)}}}"
            case Quantity():
                return self._latex(symbol)

    def mark(self, quantity: Quantity) -> Mark:
        """The mark of w, b, z, a, x or y, or of the one whose gradient or slot a quantity is."""
        kind, layer, to = BASE[quantity.kind], quantity.layer + 1, quantity.to + 1
        if quantity.from_ is not None:
            return self._weight(layer, to, quantity.from_ + 1)
        if kind in "xy":
            return self._neuron(kind, 0, to)
        if kind == "a" and layer == 0:
            return self._neuron("x", 0, to)
        if kind == "a" and layer == len(self.sizes) - 1 and self.notation is not Notation.COUNTED:
            return self._neuron("ŷ", 0, to)
        return self._neuron(kind, layer, to)

    def _weight(self, layer: int, to: int, source: int) -> Mark:
        match self.notation:
            case Notation.SUPERSCRIPT:
                return Mark("w", str(layer), _joined(to, source))
            case Notation.COUNTED:
                before = sum(n_in * n_out for n_in, n_out in pairwise(self.sizes[:layer]))
                number = before + (to - 1) * self.sizes[layer - 1] + source
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
        if kind == "b" and self.has_shared_bias:
            return Mark("b", below=str(layer), flat=True)
        if kind == "y" and self.notation is Notation.COUNTED:
            kind = "t"
        if not layer:
            return Mark(kind, below=str(i), flat=True)
        inputs = self.sizes[0] if self.notation is Notation.COUNTED else 0
        return Mark(kind, below=str(self._node(layer, i) - inputs), flat=True)

    def _node(self, layer: int, i: int) -> int:
        """The number of a neuron among all nodes, the inputs first."""
        return (0, *accumulate(self.sizes))[layer] + i

    def _text(self, symbol: Symbol) -> str:
        match symbol:
            case Letter(text=text):
                return text
            case Partial(of=of, by=by):
                return f"∂{self.text(of)}/∂{self.text(by)}"
            case Quantity(kind=kind) if kind in OF_THE_BATCH:
                return f"{WHOLE_TEXT[kind] if symbol.example is None else 'L'}{self._example(symbol)}"
            case Quantity():
                return self._text_of_one(symbol)

    def _text_of_one(self, quantity: Quantity) -> str:
        """The label of a number that has a mark, in Unicode."""
        label, above = self.mark(quantity).text, self._example(quantity)
        plus = "⁺" if quantity.when is When.NEXT else ""
        match quantity.kind:
            case Kind.PENALTY_DW:
                return f"∂Ω/∂{label}"
            case Kind.CLIPPED_DW | Kind.CLIPPED_DB:
                return f"clip(∂L/∂{label})"
            case Kind.SLOT:
                return f"{SLOT_LETTERS.get(quantity.slot, quantity.slot)}{plus}({label})"
            case Kind.DW | Kind.DB if above:
                return f"(∂L/∂{label}){above}"
            case Kind.DW | Kind.DB | Kind.DZ | Kind.DA:
                return f"∂L/∂{label}{above}"
            case _:
                return f"{label}{plus}{above}"

    def _latex(self, quantity: Quantity) -> str:
        if quantity.kind in OF_THE_BATCH:
            return WHOLE_LATEX[quantity.kind] if quantity.example is None else f"L^{{({quantity.example + 1})}}"
        label = self.mark(quantity).latex
        plus = "^{+}" if quantity.when is When.NEXT else ""
        above = f"^{{({quantity.example + 1})}}" if quantity.example is not None else ""
        match quantity.kind:
            case Kind.PENALTY_DW:
                return rf"\frac{{\partial \Omega}}{{\partial {label}}}"
            case Kind.CLIPPED_DW | Kind.CLIPPED_DB:
                return rf"\operatorname{{clip}}\left(\frac{{\partial L}}{{\partial {label}}}\right)"
            case Kind.SLOT:
                return rf"{SLOT_LETTERS.get(quantity.slot, quantity.slot)}{plus}({label})"
            case Kind.DW | Kind.DB if above:
                return rf"\left(\frac{{\partial L}}{{\partial {label}}}\right){above}"
            case Kind.DW | Kind.DB | Kind.DZ | Kind.DA:
                return rf"\frac{{\partial L}}{{\partial {f'{{{label}}}{above}' if above else label}}}"
            case _:
                return f"{{{label}}}{plus}{above}" if plus or above else label

    def _example(self, quantity: Quantity) -> str:
        if quantity.example is None:
            return ""
        number = quantity.example + 1
        return f"@{number}" if self.notation is Notation.INDEXED else f"({number})".translate(RAISED)


BASE = {
    **dict.fromkeys((Kind.W, Kind.DW, Kind.PENALTY_DW, Kind.CLIPPED_DW), "w"),
    **dict.fromkeys((Kind.B, Kind.DB, Kind.CLIPPED_DB, Kind.SLOT), "b"),
    **{kind: str(kind)[-1] for kind in (Kind.X, Kind.Y, Kind.Z, Kind.A, Kind.DZ, Kind.DA)},
}
"""The letter of a kind, or of what it is a gradient or a slot of; that of a weight is known by its two neurons."""
WHOLE_TEXT = {Kind.LOSS: "L", Kind.PENALTY: "Ω", Kind.MEAN_ABS_ERROR: "mean |ŷ − y|"}
WHOLE_LATEX = {Kind.LOSS: "L", Kind.PENALTY: r"\Omega", Kind.MEAN_ABS_ERROR: r"\overline{|\hat{y} - y|}"}


def _joined(first: int, second: int) -> str:
    """Two indices; a comma between them where one has two digits."""
    return f"{first},{second}" if max(first, second) > 9 else f"{first}{second}"


Key = tuple[Kind, int, int, int | None, int | None, When, str]


@dataclass(eq=False)
class Names:
    """The quantities and the labels of a network's numbers."""

    sizes: tuple[int, ...]
    """Neurons of each layer, the inputs first."""
    has_shared_bias: bool = False
    _made: dict[Key, Quantity] = field(default_factory=dict)
    _labels: dict[Notation, Labels] = field(default_factory=dict)

    def of(
        self,
        kind: Kind,
        layer: int = 0,
        to: int = 0,
        from_: int | None = None,
        example: int | None = None,
        when: When = When.NOW,
        slot: str = "",
    ) -> Quantity:
        """A quantity by its parts, always the same object."""
        key = (kind, layer, to, from_, example, when, slot)
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= MOST:
                self._made.clear()
            made = self._made[key] = Quantity(*key)
        return made

    def labels(self, notation: Notation) -> Labels:
        """The labels in a notation, which remember what they have written."""
        if notation not in self._labels:
            self._labels[notation] = Labels(notation, self.sizes, self.has_shared_bias)
        return self._labels[notation]
