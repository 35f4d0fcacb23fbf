"""Examples that are pictures themselves, each with what it is taken for."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ....core.functions.arrays import Array
from ..spans import Line, Span, heading, label
from .batch import Batch
from .pixels import GLYPHS, coloured, joined, named, plain_pixels, shades

SIDES = {64: 8}
"""The side of a picture of so many inputs."""
GAP = 2
EXTREME = 2
"""Percent of the pixels that may be darker, and lighter, than the ladder goes."""


@dataclass(frozen=True, eq=False)
class Images:
    """A page with the pictures of a batch, as many in a row as find room."""

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
        """Lines of a picture, and the one that says what it is."""
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
        """What the pixels lie between, but for a few."""
        data = self.batch.trainer.train
        least, greatest = np.percentile(data.original(data.X), [EXTREME, 100 - EXTREME])
        return float(least), float(greatest)

    @np.errstate(all="ignore")
    def line(self, y: int) -> Line:
        """The heading, a line of several pictures, or what they are."""
        if y == 0:
            step = self.batch.forward.step if self.batch.forward else 0
            return [heading(f"batch of step {step}, {len(self.batch)} examples")]
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
        """The prediction, the verdict, and the target where it is another."""
        batch = self.batch
        if not batch.classes:
            return [label(f"@{example + 1}".ljust(self.side)[: self.side])]
        predicted, target = batch.predicted[example], batch.targets[example]
        parts = [
            batch.prediction(example, predicted, batch.names[predicted][:2]),
            Span(" "),
            batch.verdict(example),
            Span(" "),
            batch.target(example, target, f"t {batch.names[target][:2]}"),
        ]
        return [*parts, Span(" " * max(self.side - sum(len(part.text) for part in parts), 0))]


def image(pixels: Array, ends: tuple[float, float], name: str, *, has_colours: bool) -> list[Line]:
    """The lines of a picture in shades of one ladder."""
    numbers = shades(pixels, *ends)
    cells = coloured(named(name, numbers)) if has_colours else plain_pixels(numbers, GLYPHS)
    return [joined(row) for row in cells]
