"""A page for an audience: one number in large figures, and below it the equation that it comes from."""

from itertools import groupby

from .big_digits import large_text, small_text
from .brief import brief
from .brief_neuron import inner_text
from .briefing import Briefing
from .numbers import count
from .spans import Line, Lines, Span, label

DECIMALS = 3
"""Of the large number."""
LEAST_BELOW = 4
"""Rows that are kept for the explanation."""
MOST_WIDTH = 84
"""Columns of the explanation."""


def presentation(b: Briefing, width: int, height: int, *, is_larger: bool) -> Lines:
    """The number under the cursor in so many columns and rows; larger, with nothing but its name."""
    value = b.number_text(DECIMALS)
    title: Line = [label(f"{b.title}, step {count(b.snapshot.step)}")]
    rows = height - 2 if is_larger else height - 10 - LEAST_BELOW
    figures = large_text(value, width - 4, max(rows, 1))
    lines: list[Line] = [_centred(title, width), [], *(_drawn(row, width) for row in figures)]
    if is_larger:
        return Lines(_in_the_middle(lines, height))
    room = height - len(lines)
    if (inner := inner_text(b, DECIMALS)) and room >= 5 + LEAST_BELOW:
        equation = small_text(f"= {inner}", width - 4, 4)
        lines += [[], *(_centred([Span(row, ("value",))], width) for row in equation)]
    lines.append([])
    below = brief(b, min(width - 4, MOST_WIDTH), max(height - len(lines) - 2, 1))
    indent = (width - max((sum(len(span.text) for span in line) for line in below), default=0)) // 2
    # No cursor goes into it: the keys choose the large number.
    bare = [[Span(span.text, span.styles) for span in line] for line in below]
    lines += [[Span(" " * max(indent, 0)), *line] for line in bare]
    if b.remark and len(lines) + 2 <= height:
        lines += [[], _centred([Span(b.remark, ("agrees",))], width)]
    return Lines(_in_the_middle(lines, height))


def _centred(line: Line, width: int) -> Line:
    return [Span(" " * max((width - sum(len(span.text) for span in line)) // 2, 0)), *line]


def _drawn(row: str, width: int) -> Line:
    """A row of whole cells on a ground of the accent's colour, so that no font leaves gaps between them."""
    if "█" not in row or set(row) - {"█", " "}:
        return _centred([Span(row, ("accent", "new"))], width)
    runs = [Span(" " * len(list(run)), ("cursor",) if is_lit else ()) for is_lit, run in groupby(row, "█".__eq__)]
    return _centred(runs, width)


def _in_the_middle(lines: list[Line], height: int) -> list[Line]:
    above: list[Line] = [[] for _ in range(max((height - len(lines)) // 2, 0))]
    return [*above, *lines][:height]
