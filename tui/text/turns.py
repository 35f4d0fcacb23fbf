"""Turns: in the cells that several curves of a chart share, each is seen for some columns.

A cell has one colour, so that the curve that is drawn last would hide the others.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from ...core.functions.arrays import Array
from .legend import chart_cells, line_of, within

TURN = 3
"""Columns of a turn."""
ACROSS, DOWN = 2, 4
"""Dots of a braille cell."""
Cells: TypeAlias = npt.NDArray[np.bool_]


class Drawn(NamedTuple):
    """A curve of a chart."""

    x: Array
    y: Array
    marker: str
    colour: int


def in_turns(lines: Sequence[str], curves: Sequence[Drawn]) -> list[str]:
    """The lines of a chart, which have colour sequences, with every curve in its turn where several share cells."""
    rows, columns = within(lines)
    if len(curves) < 2 or not rows or not columns:
        return list(lines)
    passed = _passed(curves, len(rows), len(columns))
    shared = np.argwhere(passed.sum(axis=0) > 1)
    cells = {row: list(chart_cells(lines[rows[row]])) for row in np.unique(shared[:, 0]).tolist()}
    colours = {f"38;5;{each.colour}" for each in curves}
    for row, column in shared.tolist():
        here = np.flatnonzero(passed[:, row, column]).tolist()
        curve = curves[here[column // TURN % len(here)]]
        colour, text = cells[row][columns[column]]
        if colour in colours:
            cells[row][columns[column]] = f"38;5;{curve.colour}", text if curve.marker == "braille" else curve.marker
    drawn = {rows[row]: line_of(each) for row, each in cells.items()}
    return [drawn.get(n, line) for n, line in enumerate(lines)]


def _passed(curves: Sequence[Drawn], rows: int, columns: int) -> Cells:
    """Which cells each curve passes through, (curves, rows, columns), the highest row first."""
    passed = np.zeros((len(curves), rows, columns), dtype=np.bool_)
    across = _dots([each.x for each in curves], ACROSS * columns)
    up = _dots([each.y for each in curves], DOWN * rows)
    for each, x, y in zip(passed, across, up, strict=True):
        # The way along the curve, so that there is a point on it in every dot.
        way = np.append(0.0, np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y))).cumsum())
        places = np.linspace(0.0, way[-1], int(way[-1]) + 2)
        row, column = (np.rint(np.interp(places, way, dots)).astype(int) for dots in (y, x))
        each[rows - 1 - row // DOWN, column // ACROSS] = True
    return passed


def _dots(values: Sequence[Array], dots: int) -> list[Array]:
    """The places of values among so many dots, from the least to the greatest of all."""
    halves = [each / 2 for each in values]  # the difference of two halves is always finite
    every = np.concatenate(halves)
    least, size = every.min(), every.max() - every.min()
    return [(each - least) / size * (dots - 1) if size > 0 else np.full(len(each), dots // 2) for each in halves]
