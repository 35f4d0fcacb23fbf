"""ASCII only, for fonts and terminals without box drawing, braille or Greek: the last step before the terminal."""

import re
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
    "Y": "ŷ",
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
"""The characters that each one replaces; ŷ is not y, the target."""
LONG = {"½": "1/2", "²": "^2", "³": "^3"}
"""Characters whose stand-in would be wrong; they are written out if the following blanks make room."""
BRAILLE = range(0x2800, 0x2900)
LEFT, RIGHT = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot of a braille cell, from the top to the bottom."""
HEIGHTS = "''-."
"""A level stroke at each of a cell's four heights."""


class StandIns(dict[int, str]):
    """The stand-in of each character, of the same width; found when it is first needed."""

    def __missing__(self, code: int) -> str:
        """Find the stand-in of a character."""
        self[code] = stand_in(chr(code))
        return self[code]


def stand_in(character: str) -> str:
    """The ASCII characters that replace one, of the same width."""
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
    """The stroke that is most similar to the dots of a cell."""
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
        """The same segments in ASCII, of the same width."""
        texts = [text for text, _, _ in segments]
        long = written_out(texts) if any(each in text for text in texts for each in LONG) else texts
        return [
            Segment(text.translate(TABLE), style, control)
            for text, (_, style, control) in zip(long, segments, strict=True)
        ]


def written_out(texts: list[str]) -> list[str]:
    """The texts of a line with powers and halves written out, by removing all but one of the later blanks.

    The texts are unchanged if there are too few blanks.
    """
    more, found = 0, []
    for text in texts:
        parts = re.split("(  +)", text)
        for n, part in enumerate(parts):
            if n % 2:
                spent = min(more, len(part) - 1)
                more -= spent
                parts[n] = part[spent:]
            else:
                parts[n] = "".join(LONG.get(each, each) for each in part)
                more += len(parts[n]) - len(part)
        found.append("".join(parts))
    return texts if more else found
