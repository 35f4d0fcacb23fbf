"""A canvas of characters, with strokes in braille: two columns and four rows of dots in each cell."""

from itertools import groupby

from .spans import Line, Span

DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each dot in a cell, by row and column."""


class Canvas:
    """Cells to write on; text covers strokes."""

    def __init__(self, width: int, height: int) -> None:
        """Begin empty."""
        self.width = width
        self.height = height
        self._text: dict[tuple[int, int], Span] = {}
        self._strokes: dict[tuple[int, int], tuple[int, tuple[str, ...]]] = {}

    def write(self, x: int, y: int, span: Span) -> None:
        """Write a span from a cell on."""
        for offset, character in enumerate(span.text):
            self._text[x + offset, y] = Span(character, span.styles, span.quantity)

    def stroke(self, start: tuple[int, int], end: tuple[int, int], styles: tuple[str, ...], *, dashed: bool) -> None:
        """Draw a straight line between the middles of two cells."""
        (x0, y0), (x1, y1) = ((2 * x, 4 * y + 1) for x, y in (start, end))
        x1 += 1
        length = max(abs(x1 - x0), abs(y1 - y0), 1)
        for n in range(length + 1):
            if not (dashed and n % 4 > 1):
                self._dot(x0 + round((x1 - x0) * n / length), y0 + round((y1 - y0) * n / length), styles)

    def lines(self) -> list[Line]:
        """What was written and drawn."""
        return [self._line(y) for y in range(self.height)]

    def _dot(self, x: int, y: int, styles: tuple[str, ...]) -> None:
        cell = (x // 2, y // 4)
        dots, _ = self._strokes.get(cell, (0, ()))
        self._strokes[cell] = (dots | DOTS[y % 4][x % 2], styles)

    def _line(self, y: int) -> Line:
        cells = [self._cell(x, y) for x in range(self.width)]
        runs = groupby(cells, lambda cell: (cell.styles, cell.quantity))
        return [Span("".join(each.text for each in run), *kind) for kind, run in runs]

    def _cell(self, x: int, y: int) -> Span:
        if written := self._text.get((x, y)):
            return written
        if drawn := self._strokes.get((x, y)):
            return Span(chr(0x2800 + drawn[0]), drawn[1])
        return Span(" ")
