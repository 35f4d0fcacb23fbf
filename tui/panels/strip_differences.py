"""The differences of two lines: only what has changed is sent to the terminal."""

from itertools import zip_longest

from rich.style import Style
from textual.strip import Strip

Cell = tuple[str, Style | None]


NEAR = 10
"""Columns that are sent along between two changes: to move the cursor takes as many bytes."""


def changed_parts(old: Strip, new: Strip) -> list[tuple[int, int]]:
    """The first column of each stretch in which two lines differ, and the one behind its last."""
    if old == new:
        return []
    if old.cell_length != len(old.text) or new.cell_length != len(new.text):
        return [(0, max(old.cell_length, new.cell_length))]
    before, after = _cells(old), _cells(new)
    parts: list[tuple[int, int]] = []
    for x, (one, other) in enumerate(zip_longest(before, after)):
        if one is other or one == other:
            continue
        if parts and x - parts[-1][1] <= NEAR:
            parts[-1] = parts[-1][0], x + 1
        else:
            parts.append((x, x + 1))
    return parts


def _cells(strip: Strip) -> list[Cell]:
    return [(character, segment.style) for segment in strip for character in segment.text]
