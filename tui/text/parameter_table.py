"""The table of parameters: each W and b with its value, its gradient, its next value, and other numbers."""

from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

import numpy as np
from msgspec import Struct

from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.debugger.stage import Phase
from ...core.gradient_check import Check, Verdict
from ...core.network.names import Names
from ...core.notation.labels import Labels
from ...core.notation.notation import Notation
from ...core.quantities.quantity import Kind, Quantity, When
from ...core.training.trainer import Trainer
from ...presets.printed_figures import NO_FIGURES, PrintedFigures
from .columns import bar
from .data_names import DataNames
from .parameter_columns import ParameterColumn, ParameterColumns
from .spans import Frozen, Line, Span, blank, label, marked, value_styles

CHECK = 7
DECIMALS = 6
LEAST_COLUMNS = 2
"""Columns that are always there: value and gradient."""
LEAST_BAR, MOST_BAR = 3, 24
"""Columns of a bar."""


class ParameterTable(Frozen, Struct, frozen=True, eq=False, dict=True):
    """A page with a heading, and a line for each parameter of each layer."""

    snapshot: Snapshot
    trainer: Trainer
    notation: Notation = Notation.SUPERSCRIPT
    checks: Mapping[Quantity, Check] | None = None
    """The verdicts of a gradient check, by gradient; None without this column."""
    decimals: int = DECIMALS
    printed: PrintedFigures = NO_FIGURES
    selected: Quantity | None = None
    """The parameter whose line is marked."""
    room: int = 0
    """Columns to fill, if there are enough numbers."""
    earlier: ParameterColumns | None = None
    """The columns of the table before, which are used again for the same numbers."""

    @property
    def frozen(self) -> int:
        """Columns of the name."""
        return self._name

    @property
    def heads(self) -> int:
        """The lines that stay when the others are scrolled: the heading."""
        return 1

    @cached_property
    def width(self) -> int:
        """Columns of every line."""
        return self._fixed + self._bar + self._route

    @property
    def height(self) -> int:
        """The heading, and a line for each parameter."""
        return self._begins[-1]

    @property
    def has_marks(self) -> bool:
        """Whether any number has a printed figure beside it."""
        return any(each.mark for each in self._columns)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The words over the numbers."""
        return tuple(each.word for each in self._columns)

    @cached_property
    def _begins(self) -> list[int]:
        """The first line of each layer, and the end."""
        begins = [1]
        for W, b in zip(self.snapshot.state.W, self.snapshot.state.b, strict=True):
            begins.append(begins[-1] + W.size + b.size)
        return begins

    @cached_property
    def _name(self) -> int:
        """Columns of the longest name: the last one of a layer."""
        layers = enumerate(zip(self.snapshot.state.W, self.snapshot.state.b, strict=True))
        last = [
            self._labels.text(Quantity.in_array(kind, n, tuple(size - 1 for size in array.shape)))
            for n, arrays in layers
            for kind, array in zip((Kind.W, Kind.B), arrays, strict=True)
            if array.size
        ]
        return max(map(len, last), default=0) + 1

    @cached_property
    def _fixed(self) -> int:
        """Columns of all but the bars and the routes."""
        check = CHECK if self.checks is not None else 0
        return self._name + check + sum(each.width + each.mark for each in self._columns)

    @cached_property
    def _bar(self) -> int:
        """Columns of the bar of a gradient, with a gap before it; the routes come first."""
        left = self.room - self._fixed - 1 - self._route
        return min(left, MOST_BAR) + 1 if left >= LEAST_BAR else 0

    @cached_property
    def _route(self) -> int:
        """Columns of the names of both ends of a weight, with a gap before them; 0 if neither has a name."""
        if not (self._data.has_input_names or self._data.has_class_names):
            return 0
        n_in, n_out = self._labels.sizes[0], self._labels.sizes[-1]
        longest = max(len(self._data.input(n)) for n in range(n_in)) + 3 + len(self._labels.text(self._neuron(0, 0)))
        longest = max(longest, max(len(self._data.output(n)) for n in range(n_out)) + 3 + self._name)
        return longest + 2 if self.room >= self._fixed + longest + 2 + LEAST_BAR + 1 else 0

    @cached_property
    def _data(self) -> DataNames:
        return DataNames.of(self.trainer, self.notation)

    @cached_property
    def _labels(self) -> Labels:
        return self.trainer.network.names.labels(self.notation)

    @cached_property
    def _names(self) -> Names:
        return self.trainer.network.names

    @cached_property
    def every_column(self) -> ParameterColumns:
        """Every column, also those without room."""
        made = ParameterColumns(self.snapshot, self.trainer, self.printed, self.decimals, self._has_room_for_figures)
        return self.earlier if self.earlier and self.earlier.are_of(made) else made

    @cached_property
    def _columns(self) -> tuple[ParameterColumn, ...]:
        """The columns that fit."""
        return self._fitting(list(self.every_column.every))

    def _fitting(self, columns: list[ParameterColumn]) -> tuple[ParameterColumn, ...]:
        """The columns that fit; the last ones are left out first, but never value and gradient."""
        check = CHECK if self.checks is not None else 0
        while len(columns) > LEAST_COLUMNS and self.room:
            if self._name + check + sum(each.width + each.mark for each in columns) <= self.room:
                break
            columns.pop()
        return tuple(columns)

    @property
    def _has_room_for_figures(self) -> bool:
        return self.room >= self._name + 5 * (self.decimals + 4)

    def line(self, y: int) -> Line:
        """The heading, or a parameter."""
        if y == 0:
            return self._heading
        layer = bisect_right(self._begins, y) - 1
        k = y - self._begins[layer]
        places = self._places
        begin, end, shape = places[layer]
        if k < end - begin:
            to, source = divmod(k, shape[1])
            return self._parameter(self._names.of(Kind.W, layer, to, source), begin + k)
        to = k - (end - begin)
        return self._parameter(self._names.of(Kind.B, layer, to), places[layer + len(places) // 2][0] + to)

    @cached_property
    def _places(self) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
        """The bounds of each array in the vector of all parameters, and its shape."""
        return self.snapshot.state.layout.places

    @cached_property
    def _heading(self) -> Line:
        value, gradient, *others = [
            [label(each.word.rjust(each.width)), label(self._word_of_figures(each))] for each in self._columns
        ]
        check = [label("check".rjust(CHECK))] if self.checks is not None else []
        route = [label("  from → to".ljust(self._route)[: self._route])]
        words = [*value, *gradient, *check, label(" " * self._bar), *(span for each in others for span in each)]
        return [label(" " * self._name), *words, *route]

    def _word_of_figures(self, column: ParameterColumn) -> str:
        """The heading over printed figures."""
        word = self.printed.heading
        return (word if column.mark > len(word) else "").rjust(max(column.mark - 2, 0)).ljust(column.mark)

    def _parameter(self, parameter: Quantity, place: int) -> Line:
        kind = Kind.DW if parameter.kind is Kind.W else Kind.DB
        gradient = self._names.of(kind, parameter.layer, parameter.to, parameter.from_)
        value, slope, *others = self._columns
        spans = [
            label(self._labels.text(parameter).ljust(self._name)),
            *self._number(value, parameter, place, parameter),
            *self._number(slope, parameter, place, gradient),
        ]
        if self.checks is not None:
            spans += self._check(self.checks, gradient)
        if self._bar:
            spans += self._bar_of(parameter.layer, place)
        for each in others:
            spans += self._other(each, parameter, place)
        if self._route:
            spans += self._route_of(parameter)
        return marked(spans, self.room) if parameter == self.selected else spans

    def _coming(self, column: ParameterColumn, parameter: Quantity, place: int) -> list[Span]:
        if parameter.kind is Kind.B and not self.trainer.network.train_bias:
            return [label("fixed".rjust(column.width)), Span(" " * column.mark)]
        after = parameter.kind, parameter.layer, parameter.to, parameter.from_
        quantity = None if self._is_updated else self._names.of(*after, when=When.NEXT)
        return self._number(column, parameter, place, quantity)

    @cached_property
    def _is_updated(self) -> bool:
        return self.snapshot.phase is Phase.UPDATE

    def _other(self, column: ParameterColumn, parameter: Quantity, place: int) -> list[Span]:
        """The next or the previous value, a slot, or the penalty's share, which is not a quantity."""
        if column.word in ("next", "before"):
            return self._coming(column, parameter, place)
        slot = None
        if column.word != "penalty":
            slot = self._names.of(Kind.SLOT, parameter.layer, parameter.to, parameter.from_, slot=column.word)
        return self._number(column, parameter, place, slot)

    def _number(
        self, column: ParameterColumn, parameter: Quantity, place: int, quantity: Quantity | None
    ) -> list[Span]:
        """A number, and the printed figure beside it."""
        numbers = column.numbers[parameter.layer]
        if numbers is None or place >= len(numbers):
            return [blank(column.width), Span(" " * column.mark)]
        value, freshness = float(numbers[place]), column.freshness[parameter.layer]
        text = column.form.text(value).rjust(column.width)
        styles = ("second",) if column.word in ("next", "before") else self._styles[freshness]
        mark = self._mark(column, parameter, value) if column.printed else [Span(" " * column.mark)]
        return [Span(text, styles, quantity), *mark]

    @cached_property
    def _styles(self) -> dict[Freshness, tuple[str, ...]]:
        """The styles of a number by its age: new numbers are bold if not all are new."""
        is_one_of_several = self.snapshot.stage.layer is not None or self.snapshot.phase is Phase.UPDATE
        return {each: value_styles(each, is_emphasized=is_one_of_several) for each in Freshness}

    def _mark(self, column: ParameterColumn, parameter: Quantity, value: float) -> list[Span]:
        figure = column.printed.get(parameter)
        if figure is None:
            return [Span(" " * column.mark)]
        text = figure.text.rjust(column.mark - 2) if column.mark > 2 else ""
        return [label(text), Span(f" {figure.mark(value)}", (figure.style(value),))]

    def _check(self, checks: Mapping[Quantity, Check], gradient: Quantity) -> list[Span]:
        check = checks.get(gradient)
        if check is None:
            return [blank(CHECK)]
        text = {Verdict.AGREES: "✓", Verdict.KINK: "kink"}.get(
            check.verdict, f"✗{check.error:.0e}".replace("e-0", "e−")
        )
        return [Span(text.rjust(CHECK), (check.verdict.name.lower(),))]

    def _bar_of(self, layer: int, place: int) -> list[Span]:
        backward, freshness = self.every_column.backwards[layer]
        value = float(backward.gradient[place]) if backward else 0.0
        return [Span(" "), *bar(value, self._largest, self._bar - 1, is_stale=freshness is Freshness.STALE)]

    @cached_property
    def _largest(self) -> float:
        """The size of the largest gradient."""
        sizes = [np.abs(each.gradient) for each, _ in self.every_column.backwards if each]
        return max((float(each[np.isfinite(each)].max(initial=0.0)) for each in sizes), default=0.0)

    def _route_of(self, parameter: Quantity) -> list[Span]:
        """The two ends of a weight, in the words of the data."""
        layer, last = parameter.layer, self.snapshot.layers - 1
        to = self._data.output(parameter.to) if layer == last else self._labels.text(self._neuron(layer, parameter.to))
        source = ""
        if parameter.from_ is not None:
            before = self._neuron(layer - 1, parameter.from_)
            source = f"{self._labels.text(before) if layer else self._data.input(parameter.from_)} "
        return [label(f"  {source}→ {to}".ljust(self._route))]

    def _neuron(self, layer: int, n: int) -> Quantity:
        return self._names.of(Kind.A, layer, n)
