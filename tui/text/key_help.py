"""The help as text: sections of keys with their meanings, in one column or two, with hanging indents."""

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import NamedTuple

from .spans import Line, Lines, Span

KEYS = 14
"""Columns of the keys; their meaning follows."""
TWO_COLUMNS = 104
"""Columns from which on sections are side by side."""
GAP = 4


class KeySection(NamedTuple):
    """The keys of a task."""

    title: str
    rows: Sequence[tuple[str, str]]
    """Keys with blanks between them, and their meaning; a row without keys is a sentence."""


def help_page(sections: Sequence[KeySection], width: int) -> Lines:
    """The sections in one column; in two if there is room."""
    if width < TWO_COLUMNS:
        return Lines(_column(sections, width))
    column = (width - GAP) // 2
    at = min(range(1, len(sections)), key=lambda n: _height(sections, n, column), default=len(sections))
    left, right = _column(sections[:at], column), _column(sections[at:], column)
    rows = max(len(left), len(right))
    left, right = ([*lines, *([[]] * (rows - len(lines)))] for lines in (left, right))
    return Lines([[*a, Span(" " * (column + GAP - _width(a))), *b] for a, b in zip(left, right, strict=True)])


def sentence_for(sentence: str, place: str) -> str:
    """The meaning of a key in one panel, out of a sentence that says "…; in the loss and the steps: …" for others too.

    Args:
        sentence: the help of an action.
        place: as "the loss" or "an explanation".
    """
    parts = sentence.split("; ")
    heads = [part.partition(": ") for part in parts if part.startswith("in ")]
    own = [told for head, _, told in heads if place in head.removeprefix("in ").split(" and ")]
    return "; ".join(own or [part for part in parts if not part.startswith("in ")] or parts)


def _height(sections: Sequence[KeySection], at: int, width: int) -> int:
    return max(len(_column(sections[:at], width)), len(_column(sections[at:], width)))


def _column(sections: Iterable[KeySection], width: int) -> list[Line]:
    lines: list[Line] = []
    for section in sections:
        lines += [[]] if lines else []
        lines.append([Span(section.title, ("accent",))])
        for keys, sentence in section.rows:
            lines += _row(keys, sentence, width)
    return lines


def _row(keys: str, sentence: str, width: int) -> list[Line]:
    """Keys and their meaning; a long list of keys has a line of its own."""
    if not keys:
        return [[Span(line, ("second",))] for line in wrap(sentence, width)]
    told = wrap(sentence, max(width - KEYS, 10)) or [""]
    indent = Span(" " * KEYS)
    if len(keys) > KEYS - 2:
        return [[Span(keys, ("value",))], *([indent, Span(line, ("second",))] for line in told)]
    first = [Span(keys.ljust(KEYS), ("value",)), Span(told[0], ("second",))]
    return [first, *([indent, Span(line, ("second",))] for line in told[1:])]


def _width(line: Line) -> int:
    return sum(len(span.text) for span in line)
