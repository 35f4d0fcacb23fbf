"""Labels: the names of quantities in a notation, as the reader's textbook writes them."""

import re
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

from ..functions.optimizers import SLOT_LETTERS
from ..quantities.quantity import OF_A_NEURON, OF_THE_BATCH, Kind, Quantity, When
from ..quantities.symbols import Applied, Letter, Partial, Symbol
from .notation import USUAL, Letters, Notation
from .script import LATEX, LOWERED, RAISED, UNICODE, Mark, Script

MOST = 50_000
"""The most labels and quantities that are cached; there can be millions, of which few are read."""


@dataclass(eq=False)
class Labels:
    """The labels of a network's quantities in a notation; each is created once."""

    notation: Notation
    sizes: tuple[int, ...]
    """Neurons of each layer, the inputs first."""
    has_shared_bias: bool = False
    letters: Letters = USUAL
    folded: frozenset[int] = frozenset()
    """The layers, from 0, with z equal to a; z has its name."""
    _texts: dict[Symbol, str] = field(default_factory=dict)

    def text(self, symbol: Symbol) -> str:
        """A symbol in Unicode."""
        written = self._texts.get(symbol)
        if written is None:
            if len(self._texts) >= MOST:
                self._texts.clear()
            written = self._texts[symbol] = self._write(symbol, UNICODE)
        return written

    def latex(self, symbol: Symbol) -> str:
        """A symbol in LaTeX."""
        return self._write(symbol, LATEX)

    def heading(self, kind: Kind, layer: int | None = None) -> str:
        """The heading of a kind of numbers, for all layers or one layer, from 0: z, ∂L/∂a, ∂L/∂W¹."""
        if kind in FOLDED and self.folded.issuperset(range(len(self.sizes) - 1) if layer is None else (layer,)):
            kind = FOLDED[kind]
        letters, own = self.letters, self._own_letter(kind)
        letter = own or {"w": letters.weight, "y": letters.target}.get(BASE[kind], BASE[kind])
        if kind in (Kind.W, Kind.DW) and not self._is_chain:
            letter = letter.upper()
        if layer is not None:
            number = str(layer + 1)
            is_index = self.notation is Notation.INDEXED
            letter += number if is_index else number.translate(LOWERED if self._is_chain else RAISED)
        is_gradient = kind in (Kind.DZ, Kind.DA, Kind.DW, Kind.DB) and not own
        return UNICODE.fraction(letters.derivative, letters.loss, letter) if is_gradient else letter

    def sentence(self, text: str) -> str:
        """A sentence with the letters of the source, from one with the usual letters, such as ∂L/∂z, ŷ and y."""
        return re.sub(USUAL_LETTERS, self._own_symbol, text)

    def _own_symbol(self, found: "re.Match[str]") -> str:
        """One derivative or letter of a sentence."""
        fraction, of, by, letter = found.group(0, "of", "by", "letter")
        if letter:
            return self._own_word(letter)
        is_definition = found.string.endswith(f"{self.letters.error} = ", 0, found.start())
        if of == "L" and (kind := GRADIENTS.get(by)) and not (is_definition and self.letters.error):
            return self.heading(kind)
        if by is None:
            return f"{self.letters.derivative}{self._own_word(fraction[1:])}"
        return UNICODE.fraction(self.letters.derivative, self._own_word(of), self._own_word(by))

    def _own_word(self, letter: str) -> str:
        match letter:
            case "L":
                return self.letters.loss
            case "w":
                return self.letters.weight
            case "W" | "z":
                return self.heading(Kind.W if letter == "W" else Kind.Z)
            case "y" | "ŷ":
                kind, last = (Kind.Y, 0) if letter == "y" else (Kind.A, len(self.sizes) - 2)
                is_only = self.sizes[-1] == 1 and not self._has_usual_predictions
                return self.text(Quantity(kind, last)) if is_only else self.mark(Quantity(kind, last)).letter
            case _:
                return letter

    @property
    def _has_usual_predictions(self) -> bool:
        """Whether a prediction is written as ŷ, not as the a of a neuron."""
        return self.notation in (Notation.SUPERSCRIPT, Notation.INDEXED)

    def mark(self, quantity: Quantity) -> Mark:
        """The mark of w, b, z, a, x or y, or of the one that a gradient or slot belongs to."""
        kind, layer, to = BASE[quantity.kind], quantity.layer + 1, quantity.to + 1
        if quantity.from_ is not None:
            return self._weight(layer, to, quantity.from_ + 1)
        if quantity.kind is Kind.OUTPUT_LOSS:
            return self._neuron(self.letters.loss, 0, to)
        if kind in "xy":
            return self._neuron(self.letters.target if kind == "y" else kind, 0, to)
        if kind == "a" and layer == 0:
            return self._neuron("x", 0, to)
        if own := self._own_letter(quantity.kind):
            return self._gradient_mark(own, layer, to)
        if kind == "z" and quantity.layer in self.folded:
            kind = "a"
        if kind == "a" and layer == len(self.sizes) - 1 and self._has_usual_predictions:
            return self._neuron("ŷ", 0, to)
        return self._neuron(kind, layer, to)

    def _own_letter(self, kind: Kind) -> str:
        """The source's letter for a gradient of a neuron."""
        return {Kind.DZ: self.letters.error, Kind.DA: self.letters.gradient_of_a}.get(kind, "")

    def _gradient_mark(self, letter: str, layer: int, i: int) -> Mark:
        """A letter with the indices of the neuron; by nodes, the first layer and a single neuron have none."""
        if self.notation is not Notation.NODES:
            return self._neuron(letter, layer, i)
        return Mark(letter, str(layer) if layer > 1 else "", str(i) if self.sizes[layer] > 1 else "")

    def _weight(self, layer: int, to: int, source: int) -> Mark:
        letter, is_chain = self.letters.weight, self._is_chain
        match self.notation:
            case Notation.SUPERSCRIPT:
                return Mark(letter, str(layer), _joined(to, source))
            case Notation.COUNTED:
                before = sum(n_in * n_out for n_in, n_out in pairwise(self.sizes[:layer]))
                number = before + (to - 1) * self.sizes[layer - 1] + source
                return Mark(letter, below=str(number), flat=not is_chain)
            case Notation.NODES:
                return Mark(letter, below=_joined(self._node(layer - 1, source), to), flat=True)
            case Notation.INDEXED:
                return Mark(f"{letter.upper()}{layer}", brackets=f"[{to},{source}]")

    def _neuron(self, letter: str, layer: int, i: int) -> Mark:
        """The mark of a number of a neuron, an input, a target or a prediction."""
        match self.notation:
            case Notation.INDEXED:
                return Mark(f"{letter}{layer or ''}", brackets=f"[{i}]")
            case Notation.SUPERSCRIPT:
                return Mark(letter, str(layer) if layer else "", str(i))
        if letter == "b" and self.has_shared_bias:
            return Mark("b", below=str(layer), flat=True)
        if letter == "y" and self.notation is Notation.COUNTED:
            letter = "t"
        if not layer:
            is_only = self.sizes[0 if letter == "x" else -1] == 1
            return Mark(letter, below="" if is_only else str(i), flat=True)
        if self.notation is Notation.NODES:
            return Mark(letter, below=_joined(layer, i), flat=True)
        return Mark(letter, below=str(self._node(layer, i) - self.sizes[0]), flat=not self._is_chain)

    @property
    def _is_chain(self) -> bool:
        """Whether each layer has one neuron, so that an index is the number of a layer."""
        return max(self.sizes) == 1

    def _node(self, layer: int, i: int) -> int:
        """The number of a neuron among all nodes, with the inputs first."""
        return (0, *accumulate(self.sizes))[layer] + i

    def _write(self, symbol: Symbol, script: Script) -> str:
        match symbol:
            case Letter():
                return symbol.text if script is UNICODE else symbol.latex
            case Partial(of=of, by=by):
                return script.fraction(self.letters.derivative, self._write(of, script), self._write(by, script))
            case Applied(of=of):
                return f"{script.letter(self.letters.activation)}({self._write(of, script)})"
            case Quantity(kind=kind) if kind in OF_THE_BATCH:
                return self._write_whole(symbol, script)
            case Quantity():
                return self._write_one(symbol, script)

    def _write_whole(self, quantity: Quantity, script: Script) -> str:
        """The label of the loss, of the batch or an example, and of other quantities without a neuron."""
        match quantity.kind:
            case Kind.MEAN_ABS_ERROR:
                return self.sentence("mean |ŷ − y|") if script is UNICODE else r"\overline{|\hat{y} - y|}"
            case Kind.ACCURACY:
                return "accuracy" if script is UNICODE else r"\text{accuracy}"
            case Kind.PENALTY:
                return script.letter("Ω")
        loss, above = script.letter(self.letters.loss), self._example(quantity, script)
        return script.raised(loss, above) if script is UNICODE or not above else f"{loss}^{{{above}}}"

    def _write_one(self, quantity: Quantity, script: Script) -> str:
        """The label of a quantity with a mark."""
        label, above, letters = script.mark(self.mark(quantity)), self._example(quantity, script), self.letters
        plus = script.plus if quantity.when is When.NEXT else ""
        loss = script.letter(letters.loss)
        match quantity.kind:
            case Kind.MINUS_DZ:
                return f"{'−' if script is UNICODE else '-'}{self._write_one(replace(quantity, kind=Kind.DZ), script)}"
            case Kind.SLOPE:
                a, z = (self._write_one(replace(quantity, kind=kind), script) for kind in (Kind.A, Kind.Z))
                return script.fraction(letters.derivative, a, z)
            case Kind.PENALTY_DW | Kind.PENALTY_DB:
                return script.fraction(letters.derivative, script.letter("Ω"), label)
            case Kind.CLIPPED_DW | Kind.CLIPPED_DB:
                return script.clipped(script.fraction(letters.derivative, loss, label))
            case Kind.SLOT:
                slot = SLOT_LETTERS.get(quantity.slot, quantity.slot)
                if own := DERIVED.get(quantity.slot):
                    slot = own[script is LATEX]
                raised = f"^{{{plus}}}" if plus and script is LATEX else plus
                return f"{slot}{raised}({label})"
            case Kind.DW | Kind.DB if above:
                whole = script.bracketed(script.fraction(letters.derivative, loss, label))
                return script.raised(whole, above) if script is UNICODE else f"{whole}^{{{above}}}"
            case Kind.DZ | Kind.DA if self._own_letter(quantity.kind) and quantity.layer >= 0:
                return script.raised(label, above)
            case Kind.DW | Kind.DB | Kind.DZ | Kind.DA:
                return script.fraction(letters.derivative, loss, script.raised(label, above))
            case _:
                return script.raised(script.raised(label, plus), above)

    def _example(self, quantity: Quantity, script: Script) -> str:
        if quantity.example is None:
            return ""
        number = quantity.example + 1
        return f"@{number}" if self.notation is Notation.INDEXED and script is UNICODE else f"({number})"


DERIVED = {"change": ("Δ", r"\Delta "), "m_hat": ("m̂", r"\hat m"), "v_hat": ("v̂", r"\hat v")}
"""The label of a parameter's change or corrected slot, in Unicode and in LaTeX."""


BASE = {
    **dict.fromkeys((Kind.W, Kind.DW, Kind.PENALTY_DW, Kind.CLIPPED_DW), "w"),
    **dict.fromkeys((Kind.B, Kind.DB, Kind.PENALTY_DB, Kind.CLIPPED_DB, Kind.SLOT), "b"),
    **{kind: str(kind)[-1] for kind in (Kind.X, Kind.Y, Kind.OUTPUT_LOSS, *OF_A_NEURON)},
}
"""The letter of a kind, or of the one that a gradient or slot belongs to; a weight's depends on its neurons."""


FOLDED = {Kind.Z: Kind.A, Kind.DZ: Kind.DA}
"""The kinds that replace z and its gradient in a layer that folds z and a into one."""


GRADIENTS = {"z": Kind.DZ, "a": Kind.DA, "W": Kind.DW, "b": Kind.DB}
"""Gradients in a sentence that have a heading."""


USUAL_LETTERS = r"∂(?P<of>[Laŷz])(/∂(?P<by>[wWabxzŷ]))?(?![A-Za-z])|(?<![A-Za-z\d])(?P<letter>[LwWzyŷ])(?![A-Za-z\d])"
"""The pattern of usual letters in a sentence that may differ in the source."""


def _joined(first: int, second: int) -> str:
    """Two indices; a comma is between them if one has two digits."""
    return f"{first},{second}" if max(first, second) > 9 else f"{first}{second}"
