"""ASCII only, for fonts and terminals without box drawing, braille or Greek: the last step before the terminal."""

from unicodedata import name, normalize

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

STAND_INS = {
    "-": "−–—‐─╴╶╸╺╼╾▔▃",
    "=": "━═▄",
    "~": "╌≈∞┄",
    "*": "╍★✱∗┅▆",
    ".": "·•…┈⋅▂",
    ":": "░",
    "+": "▒▅",
    "%": "▓▇",
    "#": "█■╋",
    "|": "│┃║‖▏▕▎▍▌▐▋▊▉❘",
    "_": "▁",
    "o": "○",
    "c": "◔",
    "D": "◑Δ◆",
    "O": "◕Ω",
    "@": "●◉",
    "<": "←◂◀≤⏎↵",
    ">": "→▸▶≥",
    "^": "↑▲",
    "v": "↓▼✓✔",
    "x": "×✗✘✕",
    "V": "√",
    "S": "Σ∑",
    "n": "η",
    "a": "α",
    "b": "β",
    "e": "ε",
    "d": "∂δ◇",
    "l": "λ",
    "s": "σ",
    "'": "′‘’▀",
    '"': "“”„",
}
"""Which characters each one replaces."""
BRAILLE = range(0x2800, 0x2900)
LEFT, RIGHT = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot of a braille cell, from the top to the bottom."""
HEIGHTS = "''-."
"""A level stroke at each of a cell's four heights."""


class StandIns(dict[int, str]):
    """A stand-in for each character, as wide as it; found when it is first met."""

    def __missing__(self, code: int) -> str:
        """Find the stand-in of a character."""
        self[code] = stand_in(chr(code))
        return self[code]


def stand_in(character: str) -> str:
    """The ASCII characters to show instead of one, as many as it has columns."""
    if character.isascii():
        return character
    if ord(character) in BRAILLE:
        return _braille(ord(character) - BRAILLE.start)
    plain = normalize("NFKD", character)[:1]
    if plain.isascii() and cell_len(character) == 1:
        return plain
    return _shape(name(character, "")) * cell_len(character)


def _shape(word: str) -> str:
    return "+" if word.startswith("BOX DRAWINGS") else "#" if word.endswith(("BLOCK", "QUADRANT", "EIGHTHS")) else "?"


def _braille(dots: int) -> str:
    """The stroke that the dots of a cell are most like."""
    left, right = ([y for y, dot in enumerate(column) if dots & dot] for column in (LEFT, RIGHT))
    both = left + right
    if not both:
        return " "
    if len(both) > 5:
        return "#"
    if not left or not right:
        return "|" if len(both) > 2 else HEIGHTS[both[0]]
    slope = sum(right) / len(right) - sum(left) / len(left)
    return "\\" if slope >= 1 else "/" if slope <= -1 else HEIGHTS[sum(both) // len(both)]


TABLE = StandIns({ord(each): ascii_one for ascii_one, shown in STAND_INS.items() for each in shown})


class AsciiFilter(LineFilter):
    """Draws every line in ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, character by character."""
        return [Segment(text.translate(TABLE), style, control) for text, style, control in segments]
