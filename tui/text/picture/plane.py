"""The plane of two inputs: a network's output over it, and the examples on it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from itertools import chain
from operator import or_

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ....core.functions.arrays import Array
from ....core.notation.notation import Notation
from ....core.steps.state import State
from ....core.training.trainer import Trainer
from ..data_names import DataNames, class_labels
from ..safe import cut
from ..spans import Lines, Span
from ..style_names import CLASSES, SHADES, STEPS
from .bounds import Bounds, bounds
from .images import GLYPHS, Whole, coloured, joined, named, plain_pixels, shades
from .marks import Marks, marks
from .neuron_choice import Neuron, value_range
from .plane_legend import LONGEST_NAME, PlaneLegend

Flags = npt.NDArray[np.bool_]

WORK = 20_000_000
"""The most multiplications of a drawing; a large network is computed at fewer points."""
NARROW = 0.25
"""The part of the greatest lead below which a class wins narrowly."""
FEW = 24
"""The most examples with a glyph of their own."""
BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The dots of a cell, by row and column."""
LOW, HIGH = 3, 8
"""Lines from which on the last line is a legend, and from which on the last two are."""


class Decision(Struct, frozen=True, eq=False, dict=True):
    """The picture at a state, in this many columns and lines."""

    trainer: Trainer
    state: State
    neuron: Neuron | None
    """The neuron whose value is drawn; None for the winning class, or for a single output."""
    width: int
    height: int
    has_colours: bool = True
    is_ascii: bool = False
    """Whether dots are avoided, because ASCII shows them as strokes."""
    shown: Array | None = None
    """The inputs of the example that other panels show."""
    notation: Notation = Notation.SUPERSCRIPT
    """The notation for inputs without names."""

    @property
    def rows(self) -> int:
        """Lines of the picture itself."""
        return max(self.height - self.legend, 1)

    @property
    def legend(self) -> int:
        """The lines of the legend."""
        return 2 if self.height >= HIGH else 1 if self.height >= LOW else 0

    @cached_property
    def marks(self) -> list[Marks]:
        """The marks of the examples."""
        return marks(
            self.trainer,
            self.state,
            self.neuron,
            self.notation,
            has_swatches=self.is_winner and self.has_colours,
        )

    @cached_property
    def sides(self) -> tuple[Bounds, Bounds]:
        """The bounds of the two inputs."""
        return bounds(self.trainer, 0), bounds(self.trainer, 1)

    @cached_property
    def is_winner(self) -> bool:
        """Whether the winning class is drawn, not a value."""
        return self.neuron is None and self.trainer.classes is not None and self.trainer.network.layers[-1].n_out > 1

    @cached_property
    def has_dots(self) -> bool:
        """Whether each example is a dot in the colour of its class, because many examples need the room."""
        many = sum(len(each.wrong) for each in self.marks) > FEW
        return self.has_colours and not self.is_ascii and many

    def page(self) -> Lines:
        """The picture, and the legend."""
        cells = self._cells()
        for row, column, mark in self._dots() if self.has_dots else self._points():
            _put(cells, row, column, mark)
        if self.is_winner and self.has_colours and self.shown is not None:
            self._name_regions(cells)
        self._mark_shown(cells)
        names = DataNames.of(self.trainer, self.notation)
        which = self.has_dots, self.is_winner
        legend = PlaneLegend(names, self.sides, self.marks, self.width, self.legend, *which)
        return Lines([*(joined(row) for row in cells), *legend.page()])

    def _mark_shown(self, cells: list[list[Span]]) -> None:
        """Highlight the example that is shown; a dot among others gets its own mark."""
        if self.shown is None:
            return
        (column,) = self.sides[0].places(self.shown[:1], max(self.width, 1))
        (row,) = self.sides[1].places(self.shown[1:2], self.rows)
        if row >= 0 <= column:
            cell = cells[self.rows - 1 - row][column]
            has_mark = not {"point", "wrong-point"}.isdisjoint(cell.styles)
            cells[self.rows - 1 - row][column] = Span(cell.text if has_mark else "◉", ("cursor",))

    def _name_regions(self, cells: list[list[Span]]) -> None:
        """Write the name of each class into its region."""
        winners = np.nan_to_num(self._pixels).argmax(axis=2)
        wins = np.where(winners[::2] == winners[1::2], winners[::2], -1)
        is_free = np.array([[cell.text == "▀" for cell in row] for row in cells])
        names = [cut(each, LONGEST_NAME) for each in class_labels(self.trainer.train, self.trainer.classes)]
        for text, row, column in _placed_names(wins, is_free, names):
            for x, letter in enumerate(text, column):
                _put(cells, row, x, Span(letter, ("point",)))

    def _cells(self) -> list[list[Span]]:
        numbers = self._numbers()
        if not self.has_colours:
            return plain_pixels(numbers, GLYPHS)
        return coloured(named("class" if self.is_winner else "tint", numbers))

    @cached_property
    def _pixels(self) -> Array:
        """The outputs, or the values of the neuron's layer, at each pixel."""
        return self._values(max(self.width, 1), 2 * self.rows)

    def _numbers(self) -> Whole:
        """The number of each pixel's colour."""
        values = self._pixels
        if self.is_winner:
            return self._winners(np.nan_to_num(values))
        layer, number = self.neuron or (-1, 0)
        value = values[:, :, number]
        ends = value_range(self.trainer.network.layers[layer].activation, value)
        return shades(value, *ends, STEPS if self.has_colours else SHADES)

    def _winners(self, values: Array) -> Whole:
        """The class of each pixel; the number of its fainter colour if it wins narrowly."""
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
        """The predictions of the network at this many points, row by row from the top."""
        across, up = self.sides[0].middles(columns), self.sides[1].middles(rows)[::-1]
        dtype = self.state.parameters.dtype
        X = np.stack([np.tile(across, rows), np.repeat(up, columns)], axis=1).astype(dtype)
        y = np.zeros((len(X), self.trainer.network.layers[-1].n_out), dtype)
        return self.trainer.forward_on(self.state, X, y).a

    def _points(self) -> Iterator[tuple[int, int, Span]]:
        """Row, column and mark of each example; the misclassified ones come last, so that no other mark covers them."""
        drawn = [self._placed(each) for each in self.marks]
        for is_last in (False, True):
            for point, is_wrong in chain(*drawn):
                if is_wrong is is_last:
                    yield point

    def _dots(self) -> Iterator[tuple[int, int, Span]]:
        """Row, column and dots of each cell with examples; a misclassified example has its mark instead."""
        dots: dict[tuple[int, int], list[int]] = {}
        balance: Counter[tuple[int, int]] = Counter()
        wrong: dict[tuple[int, int], Span] = {}
        for marked in self.marks:
            shown = marked.data.X[: len(marked.wrong)]
            columns = self.sides[0].places(shown[:, 0], 2 * max(self.width, 1))
            rows = self.sides[1].places(shown[:, 1], 4 * self.rows)
            each = zip(columns, rows, marked.is_high, marked.wrong, marked.actual, strict=True)
            for x, y, is_high, is_wrong, actual in each:
                if x < 0 or y < 0:
                    continue
                y = 4 * self.rows - 1 - y
                cell = y // 4, x // 2
                dots.setdefault(cell, []).append(BRAILLE[y % 4][x % 2])
                balance[cell] += 1 if is_high else -1
                if is_wrong:
                    wrong.setdefault(cell, self._wrong_mark(marked.glyphs.wrong, actual))
        for (row, column), found in dots.items():
            style = "point" if self.is_winner else f"point-{int(balance[row, column] > 0)}"
            right = Span(chr(0x2800 + reduce(or_, found)), (style,))
            yield row, column, wrong.get((row, column), right)

    def _wrong_mark(self, glyph: str, actual: int) -> Span:
        """The mark of a misclassified example, with several classes on the colour of its class."""
        has_ground = self.is_winner and self.has_colours
        return Span(glyph, ("wrong-point", f"on-class{actual % CLASSES}") if has_ground else ("wrong-point",))

    def _placed(self, marked: Marks) -> list[tuple[tuple[int, int, Span], bool]]:
        """The marks of one set, and whether each is misclassified."""
        shown = marked.data.X[: len(marked.wrong)]
        columns = self.sides[0].places(shown[:, 0], max(self.width, 1))
        rows = self.sides[1].places(shown[:, 1], self.rows)
        each = zip(rows, columns, marked.each, marked.wrong, marked.actual, strict=True)
        return [
            (
                (self.rows - 1 - row, column, self._wrong_mark(glyph, actual) if is_wrong else Span(glyph, ("point",))),
                is_wrong,
            )
            for row, column, glyph, is_wrong, actual in each
            if row >= 0 <= column
        ]


def _put(cells: list[list[Span]], row: int, column: int, mark: Span) -> None:
    """Write a mark; without its own background, it keeps that of the cell."""
    has_ground = any(name.startswith("on-") for name in mark.styles)
    ground = [name for name in cells[row][column].styles if name.startswith("on-") and not has_ground]
    cells[row][column] = mark._replace(styles=(*mark.styles, *ground))


def _spread(winners: Whole, classes: int) -> Whole:
    """Levels of the glyph ladder, as far apart as possible; more classes than glyphs share them in turn."""
    count = len(GLYPHS)
    steps: Whole = winners * SHADES // classes if classes <= count else -(-(winners % count) * SHADES // count)
    return steps


def _placed_names(wins: Whole, is_free: Flags, names: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Each name between two blanks, its row and its column: where its region is widest, without covering a mark.

    Args:
        wins: the class that wins in each cell, from 0, (rows, columns); −1 where two meet.
        is_free: the cells without a mark.
        names: the names of the classes; a name without room is left out.
    """
    for n, name in enumerate(names):
        text = f" {name} "
        places = [
            (length, -abs(row - len(wins) // 2), row, column)
            for row, flags in enumerate(wins == n)
            for column, length in _runs(flags, len(text))
            if is_free[row, column : column + len(text)].all()
        ]
        if places:
            *_, row, column = max(places)
            yield text, row, column


def _runs(flags: Flags, least: int) -> Iterator[tuple[int, int]]:
    """The start of a centred text of this many columns in each run with enough room, and the run's length."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if last - first >= least:
            yield first + (last - first - least) // 2, last - first
