"""The examples of a batch, each with its inputs, its prediction, its target and its loss."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from msgspec import Struct

from ....core.data.dataset import Dataset
from ....core.functions.arrays import Array
from ....core.notation.notation import Notation
from ....core.quantities.quantity import Kind, Quantity
from ..data_names import DataNames
from ..numbers import MINUS, first_of, plain, short
from ..safe import cut
from ..spans import Line, Lines, Span, heading, label
from .batch import LARGE, Batch

INPUT = 7
ROW = "row"
LONGEST = 11
"""The most columns of a class's name, with the gap before it."""
LONGEST_NAME, NUMBER = 16, 7
"""Columns of a name and of a number on the card of an example."""
SCALED, TARGET = "  scaled ", "  target "
MOST_INPUTS = 12
"""The most inputs on the card of an example."""
OUTPUTS = 3
"""The most outputs that are written if they are not classes."""


class ExampleTable(Struct, frozen=True, eq=False, dict=True):
    """A page with a line for each example."""

    batch: Batch
    room: int
    """The available columns; inputs that do not fit are left out."""
    notation: Notation = Notation.SUPERSCRIPT
    """The notation for inputs and outputs without names."""

    @property
    def _number(self) -> int:
        """Columns of a number."""
        return self.batch.decimals + 4

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return max(self._name + self._row + self._inputs * INPUT + self._result_width, len(self._title))

    @property
    def height(self) -> int:
        """The headings, and a line for each example."""
        return len(self.batch) + 2

    def line(self, y: int) -> Line:
        """A heading or an example."""
        if y == 0:
            return [heading(self._title)]
        return self._heading() if y == 1 else self._example(y - 2)

    @property
    def _title(self) -> str:
        step = self.batch.forward.step if self.batch.forward else 0
        n_out, shown = self.batch.trainer.network.layers[-1].n_out, len(self._outputs)
        outputs = f", {first_of(shown, n_out)} outputs" if shown < n_out and not self._class else ""
        return f"batch of step {step}, {len(self.batch)} example{'s' * (len(self.batch) != 1)}{outputs}"

    @property
    def _name(self) -> int:
        """Columns of an example's name."""
        return len(f"@{len(self.batch)}")

    @cached_property
    def _row(self) -> int:
        """Columns of the row number in the data; 0 if it is not needed."""
        return max(len(str(max(self.batch.rows, default=0))), len(ROW)) + 1 if self.batch.rows else 0

    @property
    def _inputs(self) -> int:
        """The number of inputs that fit."""
        most = (self.room - self._name - self._row - self._result_width) // INPUT
        return max(min(self.batch.trainer.network.layers[0].n_in, most), 1)

    @property
    def _outputs(self) -> range:
        return range(min(self.batch.trainer.network.layers[-1].n_out, OUTPUTS))

    @cached_property
    def _class(self) -> int:
        """Columns of a class's name; 0 if classes are not named."""
        if not self.batch.classes or self.batch.trainer.network.layers[-1].n_out == 1:
            return 0
        return 1 + min(max(map(len, ["actual", *self.batch.names])), LONGEST - 1)

    @property
    def _result_width(self) -> int:
        """Columns of an ellipsis, the prediction and the target, the loss and the verdict."""
        result = 2 * self._class + self._number if self._class else 2 * self._number * len(self._outputs)
        return 2 + result + self._number + 2

    def _heading(self) -> Line:
        labels = DataNames.of(self.batch.trainer, self.notation).labels
        inputs = [labels.text(Quantity(Kind.X, to=n)).rjust(INPUT) for n in range(self._inputs)]
        more = " …" if self._inputs < self.batch.trainer.network.layers[0].n_in else "  "
        row = ROW.rjust(self._row) if self._row else ""
        return [
            label("".join([" " * self._name, row, *inputs, more, *self._result_heading(), "loss".rjust(self._number)]))
        ]

    def _result_heading(self) -> Iterator[str]:
        if self._class:
            yield from ("predicted".rjust(self._class + self._number), "actual".rjust(self._class))
            return
        names = DataNames.of(self.batch.trainer, self.notation)
        yield from (cut(names.output(n), self._number - 1).rjust(self._number) for n in self._outputs)
        yield from ("target".rjust(self._number) for _ in self._outputs)

    def _example(self, row: int) -> Line:
        batch = self.batch
        inputs = [batch.input(row, column, INPUT) for column in range(self._inputs)]
        verdict = [Span(" "), batch.verdict(row)] if batch.classes else []
        result = self._classes(row) if self._class else self._numbers(row)
        number = str(batch.rows[row]).rjust(self._row) if self._row else ""
        name = label(f"@{row + 1}".ljust(self._name) + number)
        return [name, *inputs, Span("  "), *result, batch.loss(row, self._number), *verdict]

    def _classes(self, row: int) -> Iterator[Span]:
        """The predicted class with its output, and the actual class."""
        batch = self.batch
        assert batch.forward
        predicted, target = batch.predicted[row], batch.targets[row]
        share = plain(float(batch.forward.y_hat[row, predicted]), batch.decimals)
        yield label(cut(batch.names[predicted], self._class - 1).rjust(self._class))
        yield batch.prediction(row, predicted, share.rjust(self._number))
        yield batch.target(row, target, cut(batch.names[target], self._class - 1).rjust(self._class))

    def _numbers(self, row: int) -> Iterator[Span]:
        """The outputs and targets."""
        batch = self.batch
        assert batch.forward
        for n in self._outputs:
            text = _in_one_form(batch.forward.y_hat[:, n], row, batch.decimals)
            yield batch.prediction(row, n, text.rjust(self._number))
        for n in self._outputs:
            yield batch.target(row, n, plain(float(batch.forward.y[row, n]), batch.decimals).rjust(self._number))


def example_card(batch: Batch, example: int, notation: Notation, room: int) -> Lines:
    """One example: each input by its name, and each output beside its target.

    Args:
        batch: its batch, with a forward pass.
        example: its number in the batch, from 0; in a smaller batch, the last example.
        notation: the notation for inputs and outputs without names.
        room: the available columns; without enough of them, an input is not written as it is scaled too.
    """
    assert batch.forward
    trainer, names = batch.trainer, DataNames.of(batch.trainer, notation)
    row = min(example, len(batch) - 1)
    n_in, n_out = batch.forward.X.shape[1], batch.forward.y.shape[1]
    inputs, outputs = range(min(n_in, MOST_INPUTS)), range(min(n_out, MOST_INPUTS))
    every = ["loss", *map(names.input, inputs), *map(names.output, outputs)]
    width = max(len(cut(name, LONGEST_NAME)) for name in every) + 1
    place = f", row {batch.rows[row]}" if batch.rows else ""
    has_scaled = width + NUMBER + len(SCALED) + NUMBER <= room
    targets = [short(float(value)) for value in batch.forward.y[row, : len(outputs)]]
    words = TARGET if width + NUMBER + len(TARGET) + max(map(len, targets)) + 2 <= room else " → "
    lines: list[Line] = [[heading(f"example {row + 1} of {len(batch)}{place}" if len(batch) > 1 else "the example")]]
    for n in inputs:
        name = label(cut(names.input(n), LONGEST_NAME).ljust(width))
        lines.append([name, *_input(batch, row, n, trainer.train)][: None if has_scaled else 2])
    if n_in > len(inputs):
        lines.append([label(f"… {n_in - len(inputs)} more")])
    for n in outputs:
        name = label(cut(names.output(n), LONGEST_NAME).ljust(width))
        value = _in_one_form(batch.forward.y_hat[row], n, batch.decimals)
        spans = [name, batch.prediction(row, n, value.rjust(NUMBER)), label(words), batch.target(row, n, targets[n])]
        is_chosen = batch.classes and (n_out == 1 or n == batch.predicted[row])
        lines.append([*spans, Span(" "), batch.verdict(row)] if is_chosen else spans)
    return Lines([*lines, [label("loss".ljust(width)), batch.loss(row, NUMBER)]])


def _in_one_form(values: Array, n: int, decimals: int) -> str:
    """A number with as many decimals as the others; only a large one has an exponent."""
    value = float(values[n])
    if not np.all(np.abs(values) < LARGE):  # also true for nan
        return plain(value, decimals)
    return f"{value:.{decimals}f}".replace("-", MINUS)


def _input(batch: Batch, row: int, n: int, data: Dataset) -> list[Span]:
    """An input in the data, and the standardized number if that differs."""
    assert batch.forward
    if data.scale is None:
        return [batch.input(row, n, NUMBER)]
    original = float(data.original(batch.forward.X[row : row + 1])[0, n])
    text = short(float(f"{original:.4g}")).rjust(NUMBER)
    return [Span(text, ("input",)), label(SCALED), batch.input(row, n, NUMBER)]
