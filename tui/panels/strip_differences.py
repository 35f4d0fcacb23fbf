"""The differences of two lines: only what has changed is sent to the terminal."""

from itertools import zip_longest

from rich.style import Style
from textual.strip import Strip

Cell = tuple[str, Style | None]


def changed_up_to(old: Strip, new: Strip) -> int:
    """The column behind the last one in which two lines differ; 0 where none does.

    Textual sends a line of a widget from its beginning up to there, whatever lies before.
    """
    if old == new:
        return 0
    if any(strip.cell_length != len(strip.text) for strip in (old, new)):
        return max(old.cell_length, new.cell_length)
    pairs = zip_longest(_cells(old), _cells(new))
    return max((x + 1 for x, (before, after) in enumerate(pairs) if before != after), default=0)


def _cells(strip: Strip) -> list[Cell]:
    return [(character, segment.style) for segment in strip for character in segment.text]
