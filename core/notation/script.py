"""Scripts: the composition of symbols, in Unicode and in LaTeX."""

from collections.abc import Mapping
from typing import ClassVar, NamedTuple, Protocol

RAISED = str.maketrans("0123456789+()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁽⁾")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Mark(NamedTuple):
    """A letter with its indices above and below."""

    letter: str
    above: str = ""
    below: str = ""
    brackets: str = ""
    """Indices after the letter, as [4,3]."""
    flat: bool = False
    """Whether the index is on the line in plain text, as in w5."""


class Script(Protocol):
    """The composition of symbols."""

    plus: str
    """The mark of a value after the update."""

    def letter(self, letter: str) -> str:
        """A letter alone."""

    def mark(self, mark: Mark) -> str:
        """A letter with its indices."""

    def fraction(self, d: str, top: str, bottom: str) -> str:
        """A derivative."""

    def raised(self, label: str, above: str) -> str:
        """A label with a plus or an example above."""

    def bracketed(self, label: str) -> str:
        """A label in brackets."""

    def clipped(self, label: str) -> str:
        """A gradient within the bounds of clipping."""


class Unicode:
    """Symbols as plain text."""

    plus = "⁺"

    def letter(self, letter: str) -> str:
        """The letter, unchanged."""
        return letter

    def mark(self, mark: Mark) -> str:
        """As w²₁₁, w5 or W2[1,1]."""
        below = mark.below if mark.flat else mark.below.translate(LOWERED)
        return f"{mark.letter}{mark.above.translate(RAISED)}{below}{mark.brackets}"

    def fraction(self, d: str, top: str, bottom: str) -> str:
        """As ∂L/∂w."""
        return f"{d}{top}/{d}{bottom}"

    def raised(self, label: str, above: str) -> str:
        """As w²₁₁⁺; an example as ⁽²⁾, or as @2."""
        return f"{label}{above if above.startswith('@') else above.translate(RAISED)}"

    def bracketed(self, label: str) -> str:
        """As (∂L/∂w)."""
        return f"({label})"

    def clipped(self, label: str) -> str:
        """As clip(∂L/∂w)."""
        return f"clip({label})"


class Latex:
    """Symbols in LaTeX."""

    plus = "+"
    _letters: ClassVar[Mapping[str, str]] = {"ŷ": r"\hat{y}", "∂": r"\partial ", "δ": r"\delta", "Ω": r"\Omega"}

    def letter(self, letter: str) -> str:
        """The letter's command, if it has one."""
        return self._letters.get(letter, letter)

    def mark(self, mark: Mark) -> str:
        """As w^{2}_{11}."""
        above = f"^{{{mark.above}}}" if mark.above else ""
        below = f"_{{{mark.below}}}" if mark.below else ""
        return f"{self.letter(mark.letter)}{above}{below}{mark.brackets}"

    def fraction(self, d: str, top: str, bottom: str) -> str:
        """As a fraction."""
        return rf"\frac{{{self.letter(d)}{top}}}{{{self.letter(d)}{bottom}}}"

    def raised(self, label: str, above: str) -> str:
        """Each label as an exponent of the whole symbol."""
        return f"{{{label}}}^{{{above}}}" if above else label

    def bracketed(self, label: str) -> str:
        """The label in brackets of its height."""
        return rf"\left({label}\right)"

    def clipped(self, label: str) -> str:
        """The gradient as the argument of a function."""
        return rf"\operatorname{{clip}}{self.bracketed(label)}"


UNICODE, LATEX = Unicode(), Latex()
