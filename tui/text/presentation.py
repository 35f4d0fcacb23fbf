"""A page for an audience: one number in large figures, and below it the equation that it comes from."""

from collections.abc import Iterator
from itertools import groupby

from .brief import brief
from .brief_neuron import inner_text
from .briefing import Briefing
from .numbers import count
from .spans import Line, Lines, Span, label

DECIMALS = 3
"""The decimals of the large number."""
LEAST_BELOW = 4
"""The rows that are kept for the explanation."""
MOST_WIDTH = 84
"""The most columns of the explanation."""
ROWS = 7
FONT = {
    "0": ".###. #...# #...# #...# #...# #...# .###.",
    "1": ".#. ##. .#. .#. .#. .#. ###",
    "2": ".###. #...# ....# ..##. .#... #.... #####",
    "3": "####. ....# ....# .###. ....# ....# ####.",
    "4": "...#. ..##. .#.#. #..#. ##### ...#. ...#.",
    "5": "##### #.... ####. ....# ....# #...# .###.",
    "6": ".###. #.... #.... ####. #...# #...# .###.",
    "7": "##### ....# ...#. ..#.. ..#.. .#... .#...",
    "8": ".###. #...# #...# .###. #...# #...# .###.",
    "9": ".###. #...# #...# .#### ....# ....# .###.",
    ".": ". . . . . . #",
    ",": ". . . . . # #",
    "−": "..... ..... ..... ##### ..... ..... .....",
    "+": "..... ..#.. ..#.. ##### ..#.. ..#.. .....",
    "=": "..... ..... ##### ..... ##### ..... .....",
    "(": ".# #. #. #. #. #. .#",
    ")": "#. .# .# .# .# .# #.",
    "/": "....# ...#. ...#. ..#.. .#... .#... #....",
    "·": ". . . # . . .",
    "σ": "..... ..... .#### #..#. #..#. #..#. .##..",
    "e": "..... ..... .###. #...# ##### #.... .###.",
    "t": ".#.. .#.. ###. .#.. .#.. .#.. ..##",
    "a": "..... ..... .###. ....# .#### #...# .####",
    "n": "..... ..... ####. #...# #...# #...# #...#",
    "h": "#.... #.... ####. #...# #...# #...# #...#",
    "r": ".... .... #.## ##.. #... #... #...",
    "l": "#. #. #. #. #. #. .#",
    "u": "..... ..... #...# #...# #...# #...# .####",
    "x": "..... ..... #...# .#.#. ..#.. .#.#. #...#",
    "p": "..... ..... ####. #...# ####. #.... #....",
    "i": "# . # # # # #",
    "?": ".###. #...# ....# ..##. ..#.. ..... ..#..",
    "f": "..## .#.. ###. .#.. .#.. .#.. .#..",
    " ": "... ... ... ... ... ... ...",
}
UNKNOWN = FONT[" "]
HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
SCALES = (4, 3, 2, 1)
"""Rows of a pixel in whole cells, which are twice as wide as they are high."""


def presentation(b: Briefing, width: int, height: int, *, is_larger: bool, is_hidden: bool = False) -> Lines:
    """The number under the cursor in this many columns and rows; larger, it has only its name; hidden, it is ?."""
    value = "?" if is_hidden else b.number_text(DECIMALS)
    title: Line = [label(f"{b.title}, step {count(b.snapshot.step)}")]
    rows = height - 2 if is_larger else height - 10 - LEAST_BELOW
    if rows < ROWS:  # the number matters more than its equation
        rows = height - 5 - LEAST_BELOW
    figures = large_text(value, width - 4, max(rows, 1))
    lines: list[Line] = [_centred(title, width), [], *(_drawn(row, width) for row in figures)]
    if is_larger:
        return Lines(_in_the_middle(lines, height))
    room = height - len(lines)
    if (inner := inner_text(b, DECIMALS)) and len(figures) >= ROWS and room >= 5 + LEAST_BELOW:
        equation = small_text(f"= {inner}", width - 4, 4)
        lines += [[], *(_centred([Span(row, ("value",))], width) for row in equation)]
    lines.append([])
    below = brief(b, min(width - 4, MOST_WIDTH), max(height - len(lines) - 2, 1))
    indent = (width - max((sum(len(span.text) for span in line) for line in below), default=0)) // 2
    # The cursor cannot enter it: the keys choose the large number.
    bare = [[Span(span.text, span.styles) for span in line] for line in below]
    lines += [[Span(" " * max(indent, 0)), *line] for line in bare]
    if b.remark and len(lines) + 2 <= height:
        lines += [[], _centred([Span(b.remark, ("agrees",))], width)]
    return Lines(_in_the_middle(lines, height))


def _centred(line: Line, width: int) -> Line:
    return [Span(" " * max((width - sum(len(span.text) for span in line)) // 2, 0)), *line]


def _drawn(row: str, width: int) -> Line:
    """A row of whole cells as background in the accent's colour, so that no font leaves gaps between them."""
    if "█" not in row or set(row) - {"█", " "}:
        return _centred([Span(row, ("accent", "new"))], width)
    runs = [Span(" " * len(list(run)), ("cursor",) if is_lit else ()) for is_lit, run in groupby(row, "█".__eq__)]
    return _centred(runs, width)


def _in_the_middle(lines: list[Line], height: int) -> list[Line]:
    above: list[Line] = [[] for _ in range(max((height - len(lines)) // 2, 0))]
    return [*above, *lines][:height]


def pixels(text: str) -> list[str]:
    """A text in seven rows of pixels, '#' for each that is lit."""
    glyphs = [FONT.get(each, UNKNOWN).split() for each in text]
    return [".".join(glyph[row] for glyph in glyphs) for row in range(ROWS)]


def large_text(text: str, width: int, height: int) -> list[str]:
    """A text as large as the room allows: in whole cells, in half-blocks, or as plain text."""
    rows = pixels(text)
    columns = len(rows[0]) if rows else 0
    for scale in SCALES:
        if columns * 2 * scale <= width and ROWS * scale <= height:
            return [line for row in rows for line in [_wide(row, 2 * scale)] * scale]
    return small_text(text, width, height)


def small_text(text: str, width: int, height: int) -> list[str]:
    """A text in half-blocks, two rows of pixels a line; as plain text if there is no room."""
    rows = [*pixels(text), ""]
    if len(rows[0]) > width or height < 4:
        return [text]
    return list(_half_rows(rows, len(rows[0])))


def _wide(row: str, columns: int) -> str:
    return "".join(("█" if each == "#" else " ") * columns for each in row)


def _half_rows(rows: list[str], width: int) -> Iterator[str]:
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        pairs = zip(upper.ljust(width, "."), lower.ljust(width, "."), strict=True)
        yield "".join(HALVES[above == "#", below == "#"] for above, below in pairs)
