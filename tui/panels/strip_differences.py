"""The differences of two lines: only what has changed is sent to the terminal."""

from rich.style import Style
from textual.strip import Strip

Cell = tuple[str, Style | None]


def changed_up_to(old: Strip, new: Strip) -> int:
    """The column behind the last one in which two lines differ; 0 where none does.

    Textual sends a line of a widget from its beginning up to there, whatever lies before.
    """
    if old == new:
        return 0
    if old.cell_length != len(old.text) or new.cell_length != len(new.text):
        return max(old.cell_length, new.cell_length)
    before, after = _cells(old), _cells(new)
    end = max(len(before), len(after))
    while before[end - 1 : end] == after[end - 1 : end] and end:
        end -= 1
    return end


def _cells(strip: Strip) -> list[Cell]:
    return [(character, segment.style) for segment in strip for character in segment.text]
