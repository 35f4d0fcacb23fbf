"""The table of a batch's examples: inputs, prediction, target, loss, and whether the class is predicted."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..columns import cut
from ..numbers import first_of, plain
from ..spans import Line, Span, heading, label
from .batch import Batch

INPUT = 7
ROW = "row"
LONGEST = 11
"""The most columns of a class's name, with the gap before it."""
OUTPUTS = 3
"""The most outputs that are written out where they are no classes."""


@dataclass(frozen=True, eq=False)
class ExampleTable:
    """A page with a line for each example."""

    batch: Batch
    room: int
    """Columns that there are: inputs that find no place are left out."""

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
        """Columns of the number of its row in the data; none where that is its place in the batch."""
        return max(len(str(max(self.batch.rows, default=0))), len(ROW)) + 1 if self.batch.rows else 0

    @property
    def _inputs(self) -> int:
        """How many inputs are written."""
        most = (self.room - self._name - self._row - self._result_width) // INPUT
        return max(min(self.batch.trainer.network.layers[0].n_in, most), 1)

    @property
    def _outputs(self) -> range:
        return range(min(self.batch.trainer.network.layers[-1].n_out, OUTPUTS))

    @cached_property
    def _class(self) -> int:
        """Columns of a class's name; none where classes are not named."""
        if not self.batch.classes or self.batch.trainer.network.layers[-1].n_out == 1:
            return 0
        return 1 + min(max(map(len, ["actual", *self.batch.names])), LONGEST - 1)

    @property
    def _result_width(self) -> int:
        """Columns of an ellipsis, the prediction and the target, the loss and the verdict."""
        result = 2 * self._class + self._number if self._class else 2 * self._number * len(self._outputs)
        return 2 + result + self._number + 2

    def _heading(self) -> Line:
        inputs = [f"x[{n + 1}]".rjust(INPUT) for n in range(self._inputs)]
        more = " …" if self._inputs < self.batch.trainer.network.layers[0].n_in else "  "
        row = ROW.rjust(self._row) if self._row else ""
        return [
            label("".join([" " * self._name, row, *inputs, more, *self._result_heading(), "loss".rjust(self._number)]))
        ]

    def _result_heading(self) -> Iterator[str]:
        if self._class:
            yield from ("ŷ".rjust(self._class), " " * self._number, "actual".rjust(self._class))
            return
        for name in "ŷt":
            yield from (f"{name}[{n + 1}]".rjust(self._number) for n in self._outputs)

    def _example(self, row: int) -> Line:
        batch = self.batch
        inputs = [batch.input(row, column, INPUT) for column in range(self._inputs)]
        verdict = [Span(" "), batch.verdict(row)] if batch.classes else []
        result = self._classes(row) if self._class else self._numbers(row)
        number = str(batch.rows[row]).rjust(self._row) if self._row else ""
        name = label(f"@{row + 1}".ljust(self._name) + number)
        return [name, *inputs, Span("  "), *result, batch.loss(row, self._number), *verdict]

    def _classes(self, row: int) -> Iterator[Span]:
        """The class that is predicted, with its output, and the true one."""
        batch = self.batch
        assert batch.forward
        predicted, target = batch.predicted[row], batch.targets[row]
        share = plain(float(batch.forward.y_hat[row, predicted]), batch.decimals)
        yield label(cut(batch.names[predicted], self._class - 1).rjust(self._class))
        yield batch.prediction(row, predicted, share.rjust(self._number))
        yield batch.target(row, target, cut(batch.names[target], self._class - 1).rjust(self._class))

    def _numbers(self, row: int) -> Iterator[Span]:
        """Outputs and targets."""
        batch = self.batch
        assert batch.forward
        for n in self._outputs:
            yield batch.prediction(
                row, n, plain(float(batch.forward.y_hat[row, n]), batch.decimals).rjust(self._number)
            )
        for n in self._outputs:
            yield batch.target(row, n, plain(float(batch.forward.y[row, n]), batch.decimals).rjust(self._number))
