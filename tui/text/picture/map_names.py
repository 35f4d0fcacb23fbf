"""The names of classes on a map of the predicted class."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from .images import Whole

Flags = npt.NDArray[np.bool_]


def placed_names(wins: Whole, is_free: Flags, names: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Each name between two blanks, its row and its column: where its region is widest, without covering a mark.

    Args:
        wins: the class that wins in each cell, from 0, (rows, columns); −1 where two meet.
        is_free: the cells without a mark.
        names: the names of the classes; a name without room is left out.
    """
    for n, name in enumerate(names):
        text = f" {name} "
        places = [
            (length, -abs(row - len(wins) // 2), row, column)
            for row, flags in enumerate(wins == n)
            for column, length in _runs(flags, len(text))
            if is_free[row, column : column + len(text)].all()
        ]
        if places:
            *_, row, column = max(places)
            yield text, row, column


def _runs(flags: Flags, least: int) -> Iterator[tuple[int, int]]:
    """The start of a centred text of this many columns in each run with enough room, and the run's length."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if last - first >= least:
            yield first + (last - first - least) // 2, last - first
