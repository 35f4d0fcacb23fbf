"""The decision of a network with two inputs: its output over their plane, and the examples on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from ....core.functions.arrays import Array
from ....core.training.state import State
from ....core.training.trainer import Trainer
from ..numbers import short
from ..spans import Line, Lines, Span, label
from ..style_names import CLASSES, SHADES
from .bounds import Bounds, bounds
from .marks import Marks, marks
from .neuron_choice import Neuron, value_range
from .pixels import GLYPHS, Whole, coloured, joined, named, plain_pixels, shades

WORK = 20_000_000
"""The most multiplications of a drawing; a large network is asked at fewer points."""
NARROW = 0.25
"""The part of the greatest lead below which one class wins by little."""
LOW, HIGH = 3, 8
"""Lines from which on the last one tells what is what, and the last two."""


@dataclass(frozen=True, eq=False)
class Decision:
    """The picture at a state, in so much room."""

    trainer: Trainer
    state: State
    neuron: Neuron | None
    """Whose value is drawn; where that is None the winning class of several outputs, or else the first output."""
    width: int
    height: int
    has_colours: bool = True

    @property
    def rows(self) -> int:
        """Lines of the picture itself."""
        return max(self.height - self.legend, 1)

    @property
    def legend(self) -> int:
        """Lines that tell what is what."""
        return 2 if self.height >= HIGH else 1 if self.height >= LOW else 0

    @cached_property
    def marks(self) -> list[Marks]:
        """Of the examples."""
        return marks(self.trainer, self.state, self.neuron)

    @cached_property
    def sides(self) -> tuple[Bounds, Bounds]:
        """What the two inputs lie between."""
        return bounds(self.trainer, 0), bounds(self.trainer, 1)

    @cached_property
    def is_winner(self) -> bool:
        """Whether the winning class is drawn, not a value."""
        return self.neuron is None and self.trainer.classes is not None and self.trainer.network.layers[-1].n_out > 1

    def page(self) -> Lines:
        """The picture, and a line that tells what is what."""
        cells = self._cells()
        for row, column, mark in self._points():
            ground = [name for name in cells[row][column].styles if name.startswith("on-")]
            cells[row][column] = mark._replace(styles=(*mark.styles, *ground))
        return Lines([*(joined(row) for row in cells), *self._legend()])

    def _cells(self) -> list[list[Span]]:
        numbers = self._numbers()
        if not self.has_colours:
            return plain_pixels(numbers, GLYPHS)
        return coloured(named("class" if self.is_winner else "shade", numbers))

    def _numbers(self) -> Whole:
        """The number of each pixel's colour."""
        values = self._values(max(self.width, 1), 2 * self.rows)
        if self.is_winner:
            return self._winners(np.nan_to_num(values))
        layer, number = self.neuron or (-1, 0)
        value = values[:, :, number]
        return shades(value, *value_range(self.trainer.network.layers[layer].activation, value))

    def _winners(self, values: Array) -> Whole:
        """The class of each pixel; where it wins by little, the number of its fainter colour."""
        winners: Whole = values.argmax(axis=2)
        if not self.has_colours:
            return _spread(winners, int(values.shape[2]))
        second, first = np.moveaxis(np.partition(values, -2, axis=2)[:, :, -2:], 2, 0)
        lead = first - second
        is_narrow: Whole = (lead < NARROW * lead.max()).astype(int)
        return winners % CLASSES + CLASSES * is_narrow

    def _values(self, width: int, height: int) -> Array:
        """The outputs, or the values of the neuron's layer, at the middle of each pixel."""
        block = 1
        while width * height * self.state.parameters.size > WORK * block * block:
            block += 1
        columns, rows = -(-width // block), -(-height // block)
        a = self._asked(columns, rows)[self.neuron.layer if self.neuron else -1].reshape(rows, columns, -1)
        return a.repeat(block, axis=0)[:height].repeat(block, axis=1)[:, :width]

    def _asked(self, columns: int, rows: int) -> tuple[Array, ...]:
        """What the network says at so many points, row by row from the top."""
        across, up = self.sides[0].middles(columns), self.sides[1].middles(rows)[::-1]
        dtype = self.state.parameters.dtype
        X = np.stack([np.tile(across, rows), np.repeat(up, columns)], axis=1).astype(dtype)
        y = np.zeros((len(X), self.trainer.network.layers[-1].n_out), dtype)
        return self.trainer.forward_on(self.state, X, y).a

    def _points(self) -> Iterator[tuple[int, int, Span]]:
        """Row, column and mark of each example, the wrong ones last: none of them is hidden by a right one."""
        drawn = [self._placed(each) for each in self.marks]
        for is_last in (False, True):
            for point, is_wrong in chain(*drawn):
                if is_wrong is is_last:
                    yield point

    def _placed(self, marked: Marks) -> list[tuple[tuple[int, int, Span], bool]]:
        """The marks of one set, and whether each is of a wrong one."""
        shown = marked.data.X[: len(marked.wrong)]
        columns = self.sides[0].places(shown[:, 0], max(self.width, 1))
        rows = self.sides[1].places(shown[:, 1], self.rows)
        each = zip(rows, columns, marked.each, marked.wrong, strict=True)
        return [
            ((self.rows - 1 - row, column, Span(glyph, ("wrong-point" if is_wrong else "point",))), is_wrong)
            for row, column, glyph, is_wrong in each
            if row >= 0 <= column
        ]

    def _legend(self) -> list[Line]:
        """The two sides of the picture, and the marks: a line for each set of examples where there is room."""
        texts = [
            f"{name} {short(float(f'{side.least:.2g}'))} to {short(float(f'{side.greatest:.2g}'))}"
            for name, side in zip(("→x₁", "↑x₂"), self.sides, strict=True)
        ]
        sides = texts if self.legend > 1 else ["  ".join(texts)]
        each = zip(sides[: self.legend], [*self.marks, None], strict=False)
        return [self._told(side, marked) for side, marked in each]

    def _told(self, side: str, marked: Marks | None) -> Line:
        """A side at the left, marks at the right."""
        room = self.width - len(side) - 2
        text = next((each for each in marked.texts() if len(each) <= room), "") if marked else ""
        return [label(side[: self.width]), Span(" " * max(room + 2 - len(text), 0)), label(text)]


def _spread(winners: Whole, classes: int) -> Whole:
    """Steps of the ladder for glyphs: as far apart as can be; more classes than glyphs take them in turn."""
    count = len(GLYPHS)
    steps: Whole = winners * SHADES // classes if classes <= count else -(-(winners % count) * SHADES // count)
    return steps
