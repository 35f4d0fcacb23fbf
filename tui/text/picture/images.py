"""Images: pixels as half-blocks, and the pictures of examples, each with its prediction."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import groupby, zip_longest
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ....core.functions.arrays import Array
from ..spans import Line, Span, heading, label
from ..style_names import SHADES
from .batch import Batch

GLYPHS = " ░▒▓█"
"""The same ladder without colours."""

Pixels: TypeAlias = Sequence[Sequence[str]]
"""The name of each pixel's colour; the first row is the highest."""
Whole: TypeAlias = npt.NDArray[np.int_]


def shades(values: npt.NDArray[np.floating], least: float, greatest: float, steps: int = SHADES) -> Whole:
    """The level of each value on a ladder of this many levels."""
    with np.errstate(all="ignore"):
        share = np.nan_to_num((values - least) / (greatest - least), nan=0.5, posinf=1.0, neginf=0.0)
    numbers: Whole = np.minimum(np.clip(share, 0.0, 1.0) * steps, steps - 1).astype(int)
    return numbers


def named(name: str, numbers: Whole) -> Pixels:
    """The pixels of numbered colours, as in shade0."""
    return [[f"{name}{number}" for number in row] for row in numbers.tolist()]


def coloured(pixels: Pixels) -> list[list[Span]]:
    """The cells of a picture; with an odd number of rows, the lower half of the last cells is empty."""
    return [
        [_half_block(*pair) for pair in zip_longest(upper, lower)]
        for upper, lower in zip_longest(pixels[::2], pixels[1::2], fillvalue=())
    ]


def plain_pixels(numbers: Whole, glyphs: str) -> list[list[Span]]:
    """The cells of a picture without colours: the glyph of each upper pixel, with the ladder spread over the glyphs."""
    return [[Span(glyphs[number * len(glyphs) // SHADES]) for number in row] for row in numbers[::2].tolist()]


def joined(cells: Iterable[Span]) -> Line:
    """A line of cells; neighbours with the same look are joined."""
    runs = groupby(cells, lambda cell: (cell.styles, cell.quantity))
    return [Span("".join(cell.text for cell in run), *kind) for kind, run in runs]


def _half_block(upper: str, lower: str | None) -> Span:
    return Span("▀", (upper, f"on-{lower}") if lower else (upper,))


SIDES = {64: 8}
"""The side of a picture of this many inputs."""
GAP = 2
EXTREME = 2
"""Percent of the pixels that may be darker, and lighter, than the ladder's ends."""


class Images(Struct, frozen=True, eq=False, dict=True):
    """A page with the pictures of a batch, as many in a row as fit."""

    batch: Batch
    room: int
    has_colours: bool = True

    @cached_property
    def side(self) -> int:
        """Pixels of a picture's side, and its columns."""
        return SIDES[self.batch.trainer.network.layers[0].n_in]

    @property
    def columns(self) -> int:
        """Pictures in a row."""
        return max((self.room + GAP) // (self.side + GAP), 1)

    @property
    def lines_each(self) -> int:
        """Lines of a picture with its caption."""
        return self.side // 2 + 1

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return min(self.columns, len(self.batch)) * (self.side + GAP) - GAP

    @property
    def height(self) -> int:
        """The heading, and all rows of pictures."""
        return 1 + self.lines_each * -(-len(self.batch) // self.columns)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The bounds of the pixels, without a few extremes."""
        data = self.batch.trainer.train
        least, greatest = np.percentile(data.original(data.X), [EXTREME, 100 - EXTREME])
        return float(least), float(greatest)

    @np.errstate(all="ignore")
    def line(self, y: int) -> Line:
        """The heading, a line of several pictures, or their captions."""
        if y == 0:
            step = self.batch.forward.step if self.batch.forward else 0
            title, captions = f"batch of step {step}", ": predicted → actual" if self.batch.classes else ""
            whole = f"{title}, {len(self.batch)} examples"
            choices = (f"{whole}{captions}", f"{title}{captions}", whole)
            return [heading(next((each for each in choices if len(each) <= self.room), title))]
        row, within = divmod(y - 1, self.lines_each)
        examples = range(row * self.columns, min((row + 1) * self.columns, len(self.batch)))
        spans: list[Span] = []
        for example in examples:
            found = self._caption(example) if within == self.lines_each - 1 else self._slice(example, within)
            spans += [*found, Span(" " * GAP)]
        return spans[:-1]

    def _slice(self, example: int, line: int) -> Line:
        assert self.batch.forward
        pixels = self.batch.trainer.train.original(self.batch.forward.X[example]).reshape(self.side, self.side)
        return image(pixels[2 * line : 2 * line + 2], self.ends, "ink", has_colours=self.has_colours)[0]

    def _caption(self, example: int) -> Line:
        """The prediction, the target, and the verdict."""
        batch = self.batch
        if not batch.classes:
            return [label(f"@{example + 1}".ljust(self.side)[: self.side])]
        predicted, target = batch.predicted[example], batch.targets[example]
        parts = [
            batch.prediction(example, predicted, batch.names[predicted][:2]),
            label(" → "),
            batch.target(example, target, batch.names[target][:2]),
            Span(" "),
            batch.verdict(example),
        ]
        return [*parts, Span(" " * max(self.side - sum(len(part.text) for part in parts), 0))]


def image(pixels: Array, ends: tuple[float, float], name: str, *, has_colours: bool) -> list[Line]:
    """The lines of a picture in shades of one ladder."""
    numbers = shades(pixels, *ends)
    cells = coloured(named(name, numbers)) if has_colours else plain_pixels(numbers, GLYPHS)
    return [joined(row) for row in cells]
