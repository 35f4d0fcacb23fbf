"""Large figures: characters of 5×7 pixels, drawn in whole cells or in half-blocks."""

from collections.abc import Iterator

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
    "f": "..## .#.. ###. .#.. .#.. .#.. .#..",
    " ": "... ... ... ... ... ... ...",
}
UNKNOWN = FONT[" "]
HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
SCALES = (4, 3, 2, 1)
"""Rows of a pixel in whole cells, which are twice as wide as they are high."""


def pixels(text: str) -> list[str]:
    """A text in seven rows of pixels, '#' where one is lit."""
    glyphs = [FONT.get(each, UNKNOWN).split() for each in text]
    return [".".join(glyph[row] for glyph in glyphs) for row in range(ROWS)]


def large_text(text: str, width: int, height: int) -> list[str]:
    """A text as large as so much room allows; in half-blocks where it has no room otherwise, or as it is."""
    rows = pixels(text)
    columns = len(rows[0]) if rows else 0
    for scale in SCALES:
        if columns * 2 * scale <= width and ROWS * scale <= height:
            return [line for row in rows for line in [_wide(row, 2 * scale)] * scale]
    return small_text(text, width, height)


def small_text(text: str, width: int, height: int) -> list[str]:
    """A text in half-blocks, two rows of pixels a line; as it is where there is no room for them."""
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
