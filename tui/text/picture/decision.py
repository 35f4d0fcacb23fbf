"""The decision of a network with two inputs: its output over their plane, and the examples on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ....core.model.arrays import Array
from ....core.training.dataset import Dataset
from ....core.training.state import State
from ....core.training.trainer import Trainer
from ..inks import CLASSES, SHADES
from ..numbers import short
from ..spans import Line, Lines, Span, label
from .bounds import Bounds, bounds
from .classes import are_classes, names_of
from .neurons import Neuron, value_range
from .pixels import GLYPHS, Whole, coloured, joined, named, plain, shades

WORK = 20_000_000
"""The most multiplications of a drawing; a large network is asked at fewer points."""
POINTS = 1_000
"""The most examples of a set that are marked."""
MARKS = ("○●", "◇◆")
"""Of the examples to train on and of those held out: the lesser target, the greater."""
DIGITS = ("1234567890", "₁₂₃₄₅₆₇₈₉₀")
"""The same where there are several outputs: the number of the greatest target."""
NARROW = 0.25
"""The part of the greatest lead below which one class wins by little."""
LOW = 3
"""Lines from which on the last one tells what is what."""


@dataclass(frozen=True, eq=False)
class Decision:
    """The picture at a state, in so much room."""

    trainer: Trainer
    state: State
    neuron: Neuron | None
    """Whose value is drawn; that of the only output, or the winning class, where that is None."""
    width: int
    height: int
    has_colours: bool = True

    @property
    def rows(self) -> int:
        """Lines of the picture itself."""
        return max(self.height - 1, 1) if self.height >= LOW else max(self.height, 1)

    @cached_property
    def sides(self) -> tuple[Bounds, Bounds]:
        """What the two inputs lie between."""
        return bounds(self.trainer, 0), bounds(self.trainer, 1)

    @cached_property
    def is_winner(self) -> bool:
        """Whether the winning class is drawn, not a value."""
        return self.neuron is None and self.trainer.network.layers[-1].n_out > 1

    def page(self) -> Lines:
        """The picture, and a line that tells what is what."""
        cells = self._cells()
        for row, column, glyph in self._points():
            ground = cells[row][column].styles[-1:] if self.has_colours else ()
            cells[row][column] = Span(glyph, ("point", *ground))
        lines = [joined(row) for row in cells]
        return Lines([*lines, self._legend()] if self.height >= LOW else lines)

    def _cells(self) -> list[list[Span]]:
        numbers = self._numbers()
        if not self.has_colours:
            return plain(numbers, GLYPHS)
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
            return winners * SHADES // int(values.shape[2])
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

    def _points(self) -> Iterator[tuple[int, int, str]]:
        """Row, column and mark of each example."""
        for data, marks, digits in zip((self.trainer.train, self.trainer.test), MARKS, DIGITS, strict=True):
            if data:
                glyphs = self._glyphs(data, marks, digits)
                columns = self.sides[0].places(data.X[:POINTS, 0], max(self.width, 1))
                rows = self.sides[1].places(data.X[:POINTS, 1], self.rows)
                places = zip(rows, columns, glyphs, strict=True)
                yield from ((self.rows - 1 - row, column, glyph) for row, column, glyph in places if row >= 0 <= column)

    def _glyphs(self, data: Dataset, marks: str, digits: str) -> list[str]:
        y = data.y[:POINTS]
        if y.shape[1] > 1:
            return [digits[winner % 10] for winner in y.argmax(axis=1).tolist()]
        middle = (self.trainer.train.y.min() + self.trainer.train.y.max()) / 2
        return [marks[int(is_greater)] for is_greater in (y[:, 0] > middle).tolist()]

    def _legend(self) -> Line:
        """The two sides of the picture, and the marks."""
        sides = "  ".join(
            f"{name} {short(float(f'{side.least:.2g}'))}…{short(float(f'{side.greatest:.2g}'))}"
            for name, side in zip(("→x₁", "↑x₂"), self.sides, strict=True)
        )
        room = self.width - len(sides) - 2
        text = next((each for each in self._marks() if len(each) <= room), "")
        return [label(sides[: self.width]), Span(" " * max(room + 2 - len(text), 0)), label(text)]

    def _marks(self) -> tuple[str, ...]:
        """What the marks mean, in more words and fewer."""
        train, test = self._numbers_told() if self.trainer.train.y.shape[1] > 1 else self._ends_told()
        if not self.trainer.test:
            return (*self._names_told(), train)
        return (*self._names_told(), f"{train}  held out {test}", f"{train} test {test}", train)

    def _names_told(self) -> tuple[str, ...]:
        """The classes by name, where they have one."""
        data = self.trainer.train
        if data.y.shape[1] == 1 or not data.class_names:
            return ()
        return (" ".join(f"{DIGITS[0][n % 10]} {name}" for n, name in enumerate(names_of(data))),)

    def _numbers_told(self) -> list[str]:
        last = (self.trainer.train.y.shape[1] - 1) % 10
        return [f"{digits[0]}…{digits[last]}" for digits in DIGITS]

    def _ends_told(self) -> list[str]:
        least, greatest = ("0", "1") if are_classes(self.trainer.train) else ("low", "high")
        return [f"{low} {least} {high} {greatest}" for low, high in map(tuple, MARKS)]
