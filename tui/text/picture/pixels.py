"""Pixels: two in each cell, a half block over its ground; where there are no colours, one glyph for both."""

from collections.abc import Iterable, Sequence
from itertools import groupby, zip_longest
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..spans import Line, Span
from ..style_names import SHADES

GLYPHS = " ░▒▓█"
"""The same ladder without colours."""

Pixels: TypeAlias = Sequence[Sequence[str]]
"""The name of each pixel's colour; the first row is the highest."""
Whole: TypeAlias = npt.NDArray[np.int_]


def shades(values: npt.NDArray[np.floating], least: float, greatest: float) -> Whole:
    """The step of the ladder that each value stands on."""
    with np.errstate(all="ignore"):
        share = np.nan_to_num((values - least) / (greatest - least), nan=0.5, posinf=1.0, neginf=0.0)
    numbers: Whole = np.minimum(np.clip(share, 0.0, 1.0) * SHADES, SHADES - 1).astype(int)
    return numbers


def named(name: str, numbers: Whole) -> Pixels:
    """The pixels of numbered colours, as in shade0."""
    return [[f"{name}{number}" for number in row] for row in numbers.tolist()]


def coloured(pixels: Pixels) -> list[list[Span]]:
    """The cells of a picture; where the number of rows is odd, the last stands over nothing."""
    return [
        [_half_block(*pair) for pair in zip_longest(upper, lower)]
        for upper, lower in zip_longest(pixels[::2], pixels[1::2], fillvalue=())
    ]


def plain_pixels(numbers: Whole, glyphs: str) -> list[list[Span]]:
    """The cells of a picture without colours: the glyph of each upper pixel, the ladder spread over the glyphs."""
    return [[Span(glyphs[number * len(glyphs) // SHADES]) for number in row] for row in numbers[::2].tolist()]


def joined(cells: Iterable[Span]) -> Line:
    """A line of cells, neighbours that look the same taken together."""
    runs = groupby(cells, lambda cell: (cell.styles, cell.quantity))
    return [Span("".join(cell.text for cell in run), *kind) for kind, run in runs]


def _half_block(upper: str, lower: str | None) -> Span:
    return Span("▀", (upper, f"on-{lower}") if lower else (upper,))
