"""The cells of a plot: each curve is visible even where curves share cells, and has a label behind its end."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from ...core.functions.arrays import Array

SEQUENCE = re.compile(r"\x1b\[([\d;]*)m")
"""The sequence that sets the colour of the following text."""
PLAIN = "0"
Cell: TypeAlias = tuple[str, str]
"""The colour, as the parameters of its sequence, and a character of one column."""
BLANK: Cell = (PLAIN, " ")
TURN = 3
"""One in this many shared columns shows a curve that is not the first."""
NEAR = 3
"""The most columns between the end of a curve and its label, or the end of the chart."""
ACROSS, DOWN = 2, 4
"""Dots of a braille cell."""
Cells: TypeAlias = npt.NDArray[np.bool_]


class Drawn(NamedTuple):
    """A curve of a chart."""

    x: Array
    y: Array
    marker: str
    colour: int
    label: str = ""
    """The text behind its end."""


class Canvas(NamedTuple):
    """The area of the curves: its cells, and the values at its ends."""

    rows: range
    columns: range
    x: tuple[float, float]
    """The values at the middle of the first and the last column."""
    y: tuple[float, float]
    """The values at the middle of the lowest and the highest row."""

    @property
    def ends_of_dots(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The values of the outermost dots, which lie around the middle of a cell."""
        return _widened(self.x, len(self.columns), ACROSS), _widened(self.y, len(self.rows), DOWN)

    def cell_of(self, x: float, y: float) -> tuple[int, int]:
        """The row of a point, counted from the top, and its column in the whole line."""
        across, up = self._cells_of(np.array([x]), np.array([y]))
        return len(self.rows) - 1 - int(up[0]), self.columns[int(across[0])]

    def middles_of(self, x: Array, y: Array) -> tuple[Array, Array]:
        """The values at the middle of the cells of some points."""
        across, up = self._cells_of(x, y)
        x_ends, y_ends = self.ends_of_dots
        return _between(x_ends, across, len(self.columns)), _between(y_ends, up, len(self.rows))

    def _cells_of(self, x: Array, y: Array) -> tuple[Array, Array]:
        """The column of each point from the left, and its row from below."""
        (x_ends, y_ends), columns, rows = self.ends_of_dots, len(self.columns), len(self.rows)
        across, up = dots(x, x_ends, ACROSS * columns), dots(y, y_ends, DOWN * rows)
        return np.rint(across) // ACROSS, np.rint(up) // DOWN


def in_turns(lines: Sequence[str], curves: Sequence[Drawn], canvas: Canvas) -> list[str]:
    """The lines of a chart with colour sequences; where curves share cells, each shows in some of them.

    A cell has one colour, so the last curve would hide the others. The first curve gets most of the shared cells.
    """
    if len(curves) < 2 or not canvas.rows or not canvas.columns:
        return list(lines)
    rows, columns = canvas.rows, canvas.columns
    passed = _passed(curves, canvas)
    shared = np.argwhere(passed.sum(axis=0) > 1)
    cells = {row: list(cells_of_line(lines[rows[row]])) for row in sorted(set(shared[:, 0].tolist()))}
    colours = {f"38;5;{each.colour}" for each in curves}
    for row, column in shared.tolist():
        first, *others = np.flatnonzero(passed[:, row, column]).tolist()
        curve = curves[first if column % TURN else others[column // TURN % len(others)]]
        colour, text = cells[row][columns[column]]
        if colour in colours and ("⠀" <= text <= "⣿" or curve.marker == text):
            cells[row][columns[column]] = f"38;5;{curve.colour}", text if curve.marker == "braille" else curve.marker
    drawn = {rows[row]: line_of(each) for row, each in cells.items()}
    return [drawn.get(n, line) for n, line in enumerate(lines)]


def with_labels(lines: Sequence[str], curves: Sequence[Drawn], canvas: Canvas, width: int) -> list[str]:
    """The lines with the label of each curve behind its end, or on a row near it; never over a curve or a label."""
    grid = [list(cells_of_line(line)) for line in lines]
    labelled = sorted((each for each in curves if each.label and len(each.y)), key=lambda each: -float(each.y[-1]))
    ends = [canvas.cell_of(float(each.x[-1]), float(each.y[-1])) for each in labelled]
    last = [n for n, (_, column) in enumerate(ends) if column >= canvas.columns[-1] - NEAR]
    rows = _parted([ends[n][0] for n in last], len(canvas.rows))
    places = {n: (row, canvas.columns.stop + 1) for n, row in zip(last, rows, strict=True) if row >= 0}
    for n, each in enumerate(labelled):
        if n in places:
            _write(grid[places[n][0]], places[n][1], each)
    for n, each in enumerate(labelled):
        if n not in last and (free := _free_place(grid, canvas, ends[n], len(each.label), width)):
            _write(grid[free[0]], free[1], each)
    return [line_of(cells) for cells in grid]


def _write(cells: list[Cell], x: int, curve: Drawn) -> None:
    """Write the label of a curve from a column on."""
    cells += [BLANK] * (x + len(curve.label) - len(cells))
    cells[x : x + len(curve.label)] = [(f"38;5;{curve.colour}", each) for each in curve.label]


def _free_place(
    grid: Sequence[Sequence[Cell]], canvas: Canvas, end: tuple[int, int], columns: int, width: int
) -> tuple[int, int] | None:
    """The row and the column of a label of this many columns, which has blanks around it, nearest to a curve's end."""
    rows = sorted(canvas.rows, key=lambda row: abs(row - end[0]))
    near = [(row, x) for row in rows for x in range(end[1] + 2, min(end[1] + 2 + NEAR, width - columns) + 1)]
    for row, x in (*near, *((row, canvas.columns.stop + 1) for row in rows)):
        around = grid[row][x - (1 if (row, x - 2) == end else 2) : x + columns + 1]
        if all(text in " ⠀" for _, text in around):
            return row, x
    return None


def _parted(wanted: Sequence[int], rows: int) -> list[int]:
    """A separate row for each label, in order and as near as possible; below 0 if there is no room."""
    found: list[int] = []
    for row in wanted:
        found.append(max(row, found[-1] + 1) if found else row)
    for n in reversed(range(len(found))):
        found[n] = min(found[n], rows - len(found) + n)
    return found


def cells_of_line(line: str) -> Iterator[Cell]:
    """The cells of a line with colour sequences."""
    first, *coloured = SEQUENCE.split(line)
    yield from ((PLAIN, each) for each in first)
    for colour, text in zip(coloured[::2], coloured[1::2], strict=True):
        yield from ((colour or PLAIN, each) for each in text)


def line_of(cells: Iterable[Cell]) -> str:
    """The line of some cells."""
    parts = ((colour, "".join(text for _, text in run)) for colour, run in groupby(cells, itemgetter(0)))
    return "".join(text if colour == PLAIN else f"\x1b[{colour}m{text}\x1b[0m" for colour, text in parts)


def _passed(curves: Sequence[Drawn], canvas: Canvas) -> Cells:
    """The cells that each curve passes through, (curves, rows, columns), the highest row first."""
    rows, columns = len(canvas.rows), len(canvas.columns)
    passed = np.zeros((len(curves), rows, columns), dtype=np.bool_)
    x_ends, y_ends = canvas.ends_of_dots
    across = [dots(each.x, x_ends, ACROSS * columns) for each in curves]
    up = [dots(each.y, y_ends, DOWN * rows) for each in curves]
    for each, x, y in zip(passed, across, up, strict=True):
        # The distance along the curve, so that every dot on it has a point.
        way = np.append(0.0, np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y))).cumsum())
        places = np.linspace(0.0, way[-1], int(way[-1]) + 2)
        row, column = (np.rint(np.interp(places, way, each)).astype(int) for each in (y, x))
        each[rows - 1 - row // DOWN, column // ACROSS] = True
    return passed


def _between(ends: tuple[float, float], cells: Array, count: int) -> Array:
    """The values at some cells, between the values of the first and the last cell."""
    share = cells / max(count - 1, 1)
    middles: Array = (1 - share) * ends[0] + share * ends[1]
    return middles


def _widened(ends: tuple[float, float], cells: int, count: int) -> tuple[float, float]:
    """The values of the outermost dots, from the values at the middle of the outermost cells."""
    if cells < 2:
        return ends
    more = (ends[1] / 2 - ends[0] / 2) / (cells - 1) * (count - 1) / count
    return ends[0] - more, ends[1] + more


def dots(values: Array, ends: tuple[float, float], count: int) -> Array:
    """The positions of values among this many dots between two ends."""
    least, size = ends[0] / 2, ends[1] / 2 - ends[0] / 2  # the difference of two halves is always finite
    if size <= 0:
        return np.full(len(values), count // 2)
    return np.clip((values / 2 - least) / size, 0.0, 1.0) * (count - 1)
