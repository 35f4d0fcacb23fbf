"""The terms of a sum in rows, with bars for their sizes."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...core.quantities.quantity import Quantity
from .numbers import MINUS, plain
from .spans import Line, Span, label

FULL, HALF_BAR = "━", "╸"
LEAST_PLACES = 3
"""The fewest decimals of the factors of a term."""
MOST_BAR = 40
"""Columns of the longest bar."""


class TermRow(NamedTuple):
    """A term of a sum."""

    name: str
    factors: tuple[float, ...]
    """The factors whose product it is; empty if it is a single number."""
    value: float
    quantity: Quantity | None = None
    """The quantity to explain."""


def term_bar(value: float, most: float, columns: int) -> Span:
    """A bar whose length shows the size of a number, in the colour of its sign."""
    halves = round(2 * columns * abs(value) / most) if most > 0 else 0
    halves = max(halves, 1) if value else 0
    text = FULL * (halves // 2) + HALF_BAR * (halves % 2)
    return Span(text, ("plus-2" if value > 0 else "minus-2",))


def term_rows(rows: Sequence[TermRow], width: int, decimals: int) -> list[Line]:
    """A line for each term: its factors with as many decimals as fit, their product, and a bar."""
    name, most = max((len(row.name) for row in rows), default=0), max((abs(row.value) for row in rows), default=0.0)
    for places in range(decimals, min(decimals, LEAST_PLACES) - 1, -1):
        factors = [" · ".join(_factor(n, each, places) for n, each in enumerate(row.factors)) for row in rows]
        across = max(map(len, factors), default=0)
        used = name + 2 + across + (3 if across else 0) + decimals + 3
        if used <= width:
            break
    room = min(max(width - used - 2, 0), MOST_BAR)
    return [
        [
            Span(row.name.ljust(name), ("label",), row.quantity),
            Span(f"  {text.rjust(across)}", ("value",)),
            label(" = " if text else " " * 3 * bool(across)),
            Span(_fixed(row.value, decimals).rjust(decimals + 3), ("value",)),
            *([Span("  "), term_bar(row.value, most, room)] if room else []),
        ]
        for row, text in zip(rows, factors, strict=True)
    ]


def paired_rows(rows: Sequence[TermRow], width: int, decimals: int, most_lines: int) -> tuple[list[Line], int]:
    """Two terms a line, without their factors, in this many lines; if not all fit, the largest.

    Returns:
        The lines, and how many terms are left out.
    """
    kept = list(rows)
    if len(rows) > 2 * most_lines:
        kept = sorted(rows, key=lambda row: -abs(row.value))[: 2 * most_lines]
    lines = (len(kept) + 1) // 2
    name, most = max((len(row.name) for row in kept), default=0), max((abs(row.value) for row in kept), default=0.0)
    half = width // 2
    room = min(max(half - name - decimals - 9, 0), MOST_BAR)

    def cells(row: TermRow) -> Iterator[Span]:
        yield Span(row.name.ljust(name), ("label",), row.quantity)
        yield Span(f"  {_fixed(row.value, decimals).rjust(decimals + 3)}  ", ("value",))
        yield term_bar(row.value, most, room)

    made: list[Line] = []
    for n in range(lines):
        line = list(cells(kept[n]))
        if n + lines < len(kept):
            line += [Span(" " * max(half - sum(len(span.text) for span in line), 1)), *cells(kept[n + lines])]
        made.append(line)
    return made, len(rows) - len(kept)


def sum_text(values: Sequence[float], decimals: int, most: int) -> str:
    """A sum of numbers, as 0.07 + 0.02 − 0.01; of too many, only the largest, with the number of terms."""
    shown = list(values)
    if len(values) > most:
        shown = sorted(values, key=lambda value: -abs(value))[: most - 2]
    text = " + ".join(plain(value, decimals) for value in shown).replace("+ −", "− ")
    return text if len(shown) == len(values) else f"{text} … {len(values)} terms"


def _fixed(value: float, decimals: int) -> str:
    """A number in the form of its column, with its sign."""
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{abs(value):.{decimals}f}" if abs(value) < 1e6 else f"{sign}{abs(value):.2e}"


def _factor(n: int, value: float, decimals: int) -> str:
    text = _fixed(value, decimals) if n == 0 else plain(value, decimals)
    return text.rjust(decimals + 3)
