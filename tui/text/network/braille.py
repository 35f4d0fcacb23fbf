"""Braille: straight lines of dots, two across and four down in each cell; in ASCII, slanted strokes."""

from collections.abc import Mapping
from functools import cached_property
from math import atan2, degrees, hypot
from typing import NamedTuple, TypeAlias

from msgspec import Struct, field

ACROSS, DOWN = 2, 4
"""Dots of a cell."""
BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
BLANK = 0x2800
HEIGHTS = {False: "'-._", True: "`-._"}
"""ASCII characters by the row of a dot in its cell, for lines that rise and for lines that fall."""
LEVEL, STEEP, UPRIGHT = 4, 35, 75
"""Degrees of a line from which on its ASCII characters are of several heights, slanted strokes, and upright."""
DASHES = {1: (3, 5), 2: (5, 8)}
"""Dashes by thickness: the first number of dots is drawn, out of the second, along the line."""

Place: TypeAlias = tuple[int, int]
"""The row and the column of a cell."""
Styles: TypeAlias = tuple[str, ...]


class Stroke(NamedTuple):
    """A straight line between two dots, from left to right."""

    x0: int
    y0: int
    x1: int
    y1: int
    thickness: int = 1
    dashed: bool = False

    @property
    def dots(self) -> list[tuple[int, int]]:
        """The column and the row of each of its dots."""
        width, height = self.x1 - self.x0, self.y1 - self.y0
        steps = max(abs(width), abs(height), 1)
        stride = hypot(width, height) / steps
        seen, period = DASHES[self.thickness]
        is_level = abs(width) >= abs(height)
        dots = []
        for step in range(steps + 1):
            if self.dashed and step * stride % period >= seen:
                continue
            x, y = self.x0 + round(width * step / steps), self.y0 + round(height * step / steps)
            dots.append((x, y))
            if self.thickness > 1:
                dots.append((x, y - 1) if is_level else (x - 1, y))
        return dots

    @property
    def cells(self) -> dict[Place, int]:
        """The dots of each crossed cell, as bits of a braille character."""
        cells: dict[Place, int] = {}
        for x, y in self.dots:
            if x >= 0 <= y:
                place = (y // DOWN, x // ACROSS)
                cells[place] = cells.get(place, 0) | BITS[y % DOWN][x % ACROSS]
        return cells

    @property
    def slants(self) -> dict[Place, str]:
        """The ASCII character of each crossed cell; a steep line has one in each row."""
        width, height = self.x1 - self.x0, self.y1 - self.y0
        angle = degrees(atan2(abs(height), abs(width) or 1e-9))
        dots = self._replace(dashed=False, thickness=1).dots
        if angle < LEVEL:
            return {(y // DOWN, x // ACROSS): "-" for x, y in dots}
        if angle < STEEP:
            heights = HEIGHTS[height > 0]
            return {(y // DOWN, x // ACROSS): heights[y % DOWN] for x, y in reversed(dots)}
        glyph = "|" if angle > UPRIGHT else "\\" if height > 0 else "/"
        middles = {y // DOWN: x // ACROSS for x, y in dots if y % DOWN <= DOWN // 2}
        return {(row, column): glyph for row, column in middles.items()}


class Dots(Struct):
    """The content of a cell: the dots of the lines with the highest rank, in the style of the last one."""

    rank: int
    bits: int
    glyph: str
    styles: Styles


class LineCanvas(Struct):
    """Several lines; draw the weakest first."""

    ascii: bool = False
    cells: dict[Place, Dots] = field(default_factory=dict)

    def draw(self, stroke: "Stroke | DrawnStroke", styles: Styles, rank: int) -> None:
        """Draw a line; it replaces lines of a lower rank in its cells."""
        cells, glyphs = self.cells, stroke.slants if self.ascii else None
        for place, bits in (stroke.cells if glyphs is None else dict.fromkeys(glyphs, 0)).items():
            there = cells.get(place)
            glyph = glyphs[place] if glyphs else ""
            if there is None or rank > there.rank:
                cells[place] = Dots(rank, bits, glyph, styles)
            elif rank == there.rank:
                there.bits |= bits
                there.glyph, there.styles = glyph, styles

    def drawn(self) -> dict[Place, tuple[str, Styles]]:
        """The character and the styles of each cell."""
        return {place: (dots.glyph or chr(BLANK + dots.bits), dots.styles) for place, dots in self.cells.items()}


class DrawnStroke(Struct, frozen=True, eq=False, dict=True):
    """A line whose cells are computed once."""

    stroke: Stroke

    @cached_property
    def cells(self) -> Mapping[Place, int]:
        """The dots of each cell."""
        return self.stroke.cells

    @cached_property
    def slants(self) -> Mapping[Place, str]:
        """The ASCII character of each cell."""
        return self.stroke.slants
