"""The table of a batch's examples: inputs, prediction, target, loss, and whether the class is told rightly."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..numbers import plain
from ..spans import Line, Span, heading, label
from .batch import Batch

NUMBER = 9
NAME = 6
CLASS = 12
OUTPUTS = 3
"""The most outputs that are written out where they are no classes."""


@dataclass(frozen=True, eq=False)
class ExampleTable:
    """A page with a line for each example."""

    batch: Batch
    room: int
    """Columns that there are: the inputs that find no place are left out."""

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return sum(len(span.text) for span in self._heading())

    @property
    def height(self) -> int:
        """The headings, and a line for each example."""
        return len(self.batch) + 2

    def line(self, y: int) -> Line:
        """A heading or an example."""
        if y == 0:
            step = self.batch.forward.step if self.batch.forward else 0
            return [heading(f"batch of step {step}, {len(self.batch)} example{'s' * (len(self.batch) != 1)}")]
        return self._heading() if y == 1 else self._example(y - 2)

    @property
    def _inputs(self) -> int:
        """How many inputs are written."""
        return max(min(self._all_inputs, (self.room - NAME - self._result_width - 2) // NUMBER), 1)

    @property
    def _all_inputs(self) -> int:
        return self.batch.trainer.network.layers[0].n_in

    @property
    def _outputs(self) -> range:
        return range(min(self.batch.trainer.network.layers[-1].n_out, OUTPUTS))

    @property
    def _has_names(self) -> bool:
        """Whether classes are told by name."""
        return self.batch.has_classes and self.batch.trainer.network.layers[-1].n_out > 1

    @property
    def _result_width(self) -> int:
        return 3 + NUMBER + (NUMBER + 2 * CLASS if self._has_names else 2 * NUMBER * len(self._outputs))

    def _heading(self) -> Line:
        inputs = [f"x[{n + 1}]".rjust(NUMBER) for n in range(self._inputs)]
        more = " …" if self._inputs < self._all_inputs else "  "
        return [label("".join([" " * NAME, *inputs, more, *self._result_heading(), "loss".rjust(NUMBER)])), Span("   ")]

    def _result_heading(self) -> Iterator[str]:
        if self._has_names:
            yield from ("ŷ".rjust(NUMBER + CLASS), "target".rjust(CLASS))
            return
        for name in "ŷt":
            yield from (f"{name}[{n + 1}]".rjust(NUMBER) for n in self._outputs)

    def _example(self, row: int) -> Line:
        batch = self.batch
        inputs = [batch.input(row, column, NUMBER) for column in range(self._inputs)]
        verdict = [Span("  "), batch.verdict(row)] if batch.has_classes else [Span("   ")]
        result = self._classes(row) if self._has_names else self._numbers(row)
        return [label(f"@{row + 1}".ljust(NAME)), *inputs, Span("  "), *result, batch.loss(row, NUMBER), *verdict]

    def _classes(self, row: int) -> Iterator[Span]:
        """The class that is predicted, with its output, and the true one."""
        batch = self.batch
        assert batch.forward
        predicted, target = batch.predicted[row], batch.targets[row]
        share = plain(float(batch.forward.y_hat[row, predicted]), 4)
        yield label(_cut(batch.names[predicted]).rjust(CLASS))
        yield batch.prediction(row, predicted, share.rjust(NUMBER))
        yield batch.target(row, target, _cut(batch.names[target]).rjust(CLASS))

    def _numbers(self, row: int) -> Iterator[Span]:
        """Outputs and targets."""
        batch = self.batch
        assert batch.forward
        for n in self._outputs:
            yield batch.prediction(row, n, plain(float(batch.forward.y_hat[row, n]), 4).rjust(NUMBER))
        for n in self._outputs:
            yield batch.target(row, n, plain(float(batch.forward.y[row, n]), 4).rjust(NUMBER))


def _cut(text: str) -> str:
    return text if len(text) < CLASS else text[: CLASS - 2] + "…"
