"""The legend of a chart: in the corner where it hides least of the curves."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeAlias

SEQUENCE = re.compile(r"\x1b\[([\d;]*)m")
"""What sets the colour of the text after it."""
PLAIN = "0"
Cell: TypeAlias = tuple[str, str]
"""The colour, as the parameters of its sequence, and a character of one column."""


class LegendEntry(NamedTuple):
    """What a curve is drawn with, and of what it is."""

    colour: int
    marker: str
    label: str


def with_legend(lines: Sequence[str], entries: Sequence[LegendEntry]) -> list[str]:
    """The lines of a chart, which have colour sequences, with a legend where there is room within the frame."""
    rows, columns = within(lines)
    high, wide = len(entries), max((len(_plain(entry)) for entry in entries), default=0)
    if not entries or len(rows) < high or len(columns) < wide:
        return list(lines)
    cells = [list(chart_cells(line)) for line in lines]
    tops, lefts = (rows.start, rows.stop - high), (columns.start, columns.stop - wide)
    corners = [[row[left : left + wide] for row in cells[top : top + high]] for top in tops for left in lefts]
    best = min(range(len(corners)), key=lambda n: _hidden(corners[n]))
    top, left = tops[best // 2], lefts[best % 2]
    for row, entry in zip(cells[top : top + high], entries, strict=True):
        row[left : left + wide] = _cells(entry, wide)
    return [line_of(row) if n in range(top, top + high) else lines[n] for n, row in enumerate(cells)]


def chart_cells(line: str) -> Iterator[Cell]:
    """The cells of a line with colour sequences."""
    first, *coloured = SEQUENCE.split(line)
    yield from ((PLAIN, each) for each in first)
    for colour, text in zip(coloured[::2], coloured[1::2], strict=True):
        yield from ((colour or PLAIN, each) for each in text)


def line_of(cells: Iterable[Cell]) -> str:
    """The line of some cells."""
    parts = ((colour, "".join(text for _, text in run)) for colour, run in groupby(cells, itemgetter(0)))
    return "".join(text if colour == PLAIN else f"\x1b[{colour}m{text}\x1b[0m" for colour, text in parts)


def within(lines: Sequence[str]) -> tuple[range, range]:
    """The rows and the columns within the frame."""
    plain = [SEQUENCE.sub("", line) for line in lines]
    bottom = max((n for n, line in enumerate(plain) if "└" in line), default=0)
    return range(1, bottom), range(plain[0].find("┌") + 1, plain[0].rfind("┐"))


def _hidden(corner: Sequence[Sequence[Cell]]) -> int:
    """How many cells of curves a legend would hide."""
    return sum(not text.isspace() for row in corner for _, text in row)


def _cells(entry: LegendEntry, wide: int) -> Iterator[Cell]:
    plain = _plain(entry).ljust(wide)
    at = plain.index(entry.marker)
    for n, text in enumerate(plain):
        yield (f"38;5;{entry.colour}" if n in (at, at + 1) else PLAIN), text


def _plain(entry: LegendEntry) -> str:
    return f" {entry.marker * 2} {entry.label} "
