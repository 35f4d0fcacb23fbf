"""The table of steps: the results at each step, beside the source's figures."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from msgspec import Struct

from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.debugger.stage import Phase
from ...core.metrics.series import Point, Series
from ...core.notation.notation import Notation
from ...core.quantities.quantity import Kind, Quantity
from ...core.training.trainer import Trainer
from ...presets.printed_figures import NO_FIGURES, PrintedFigure, PrintedFigures
from .chart import Curves
from .columns import bar_of_size, form_of
from .numbers import count, percent, plain
from .spans import Line, Lines, Span, label, marked

Column: TypeAlias = tuple[str, list[list[Span]]]
"""A heading, and the cell of each row."""
LEAST_STEP = 5
"""Columns of the number of a step."""
LEAST_FIGURE = 7
"""Columns of a printed figure, as many as its heading has."""
OUTPUTS = 2
"""The most outputs that have columns."""
DECIMALS, MOST_DECIMALS = 3, 6
MORE_ROOM = 60
"""Columns from which on a loss has more decimals."""
LEAST_BAR = 4
FIRST_KEYS = "s steps once, space runs"
"""The hint while there is only one step."""


class StepsTable(Struct, frozen=True, eq=False, dict=True):
    """The results by step: the outputs of a single example, or the accuracy of several; and the loss."""

    snapshot: Snapshot
    trainer: Trainer
    curves: Curves
    printed: PrintedFigures = NO_FIGURES
    notation: Notation = Notation.SUPERSCRIPT
    chosen: int | None = None
    """The step under the cursor, around which the others are; None for the current step."""
    has_cursor: bool = False
    """Whether the cursor is drawn."""

    def page(self, width: int, height: int) -> Lines:
        """The heading and the steps around the cursor, in this many columns and rows."""
        steps = self.steps(height)
        number = max(LEAST_STEP, len(count(steps[-1])))
        head: list[Span] = [label("step".rjust(number))]
        rows: list[list[Span]] = [[label(count(step).rjust(number))] for step in steps]
        results = [[column] for column in (*self._outputs(steps), *self._accuracies(steps))]
        for forms in (*results, self._losses(steps, width)):
            room = width - sum(len(span.text) for span in head)
            for heading, cells in [form for form in forms if len(form[0]) <= room][:1]:
                head.append(label(heading))
                for row, cell in zip(rows, cells, strict=True):
                    row += cell
        self._add_bars(rows, steps, width - sum(len(span.text) for span in head) - 2)
        here = self.snapshot.step
        lines: list[Line] = [marked(row, width) if step == here else row for step, row in zip(steps, rows, strict=True)]
        if self.has_cursor:
            y = steps.index(self.cursor)
            first, *others = lines[y]
            lines[y] = [first._replace(styles=(*first.styles, "cursor")), *others]
        if len(steps) == 1:
            lines += [[], [label(FIRST_KEYS)]]
        return Lines([head, *lines][: max(height, 1)])

    @property
    def has_figures(self) -> bool:
        """Whether the source prints figures for several steps."""
        return len(self._printed_steps) > 1

    @cached_property
    def _printed_outputs(self) -> list[dict[int, PrintedFigure]]:
        """The source's figures for each output, by step."""
        last = len(self.trainer.network.layers) - 1
        shown = range(min(self.trainer.network.layers[-1].n_out, OUTPUTS))
        return [self.printed.by_step(Quantity(Kind.A, last, n)) for n in shown]

    @cached_property
    def _printed_losses(self) -> dict[int, PrintedFigure]:
        return self.printed.by_step(Quantity(Kind.LOSS))

    @cached_property
    def _printed_steps(self) -> set[int]:
        return {step for printed in (*self._printed_outputs, self._printed_losses) for step in printed}

    @property
    def cursor(self) -> int:
        """The step under the cursor."""
        return self.snapshot.step if self.chosen is None else self.chosen

    def steps(self, height: int) -> list[int]:
        """The steps in a page of this height: those of the source, or the last ones; always that under the cursor."""
        here, most = self.cursor, max(height - 1, 1)
        known = [step for step, _ in self._losses_near(here, most)]
        steps = {here, *(self._printed_steps if self.has_figures else known)}
        for step in sorted(known, key=lambda step: abs(step - here)):
            if len(steps) < most:
                steps.add(step)
        shown = sorted(steps)
        begin = min(max(shown.index(here) - most // 2, 0), max(len(shown) - most, 0))
        return shown[begin : begin + most]

    def _losses_near(self, here: int, most: int) -> Sequence[Point]:
        """The known losses before and after a step, at most this many on each side."""
        losses = self.curves.train
        place = bisect_left(losses, (here, float("-inf")))
        return losses[max(place - most, 0) : place + most]

    @cached_property
    def _seen(self) -> tuple[int, Sequence[float], float | None]:
        """The latest step with known outputs, the outputs, and its loss if that is known too."""
        forward = self.snapshot.forward_of(self.snapshot.layers - 1)
        if forward is None:
            return -1, (), None
        is_present = forward is self.snapshot.forward
        has_loss = self.snapshot.loss_freshness in (Freshness.NEW, Freshness.CURRENT)
        is_known = not is_present or has_loss or self.snapshot.phase is Phase.UPDATE
        return forward.step, forward.y_hat[0].tolist(), forward.loss if is_known else None

    def _outputs(self, steps: list[int]) -> list[Column]:
        """The columns of the outputs, if there is only one example."""
        if len(self.trainer.train) > 1:
            return []
        labels = self.trainer.network.names.labels(self.notation)
        columns = []
        for n, printed in enumerate(self._printed_outputs):
            points = self.curves.seen.outputs[n] if n < len(self.curves.seen.outputs) else ()
            values = {step: value for step in steps if (value := _at(points, step)) is not None}
            if self._seen[0] in steps:
                values[self._seen[0]] = self._seen[1][n]
            name = labels.text(Quantity(Kind.A, len(self.trainer.network.layers) - 1, n))
            columns.append(self._column(name, steps, values, printed))
        return columns

    def _column(
        self, name: str, steps: list[int], values: Mapping[int, float], printed: Mapping[int, PrintedFigure]
    ) -> Column:
        """A number, and the source's figure with a mark whether both agree."""
        decimals = min(max((each.decimals for each in printed.values()), default=DECIMALS), MOST_DECIMALS)
        width, known = decimals + 5, [values.get(step) for step in steps]
        texts = ["·" if value is None else plain(value, decimals) for value in known]
        cells = [[_number(text, width, is_known=text != "·")] for text in texts]
        return self._beside_figures((name.rjust(width), cells), steps, known, printed)

    def _beside_figures(
        self, column: Column, steps: list[int], values: Sequence[float | None], printed: Mapping[int, PrintedFigure]
    ) -> Column:
        """A column with the source's figures and marks, if there are any."""
        if not printed:
            return column
        heading, cells = column
        width = max(*(len(each.text) for each in printed.values()), LEAST_FIGURE) + 2
        beside = []
        for step, value, cell in zip(steps, values, cells, strict=True):
            figure = printed.get(step)
            beside.append([*cell, label((figure.text if figure else "").rjust(width)), _verdict(figure, value)])
        return heading + self.printed.heading.rjust(width) + "  ", beside

    def _accuracies(self, steps: list[int]) -> list[Column]:
        """The column of the batch's accuracy, if there are classes and several examples."""
        if len(self.trainer.train) == 1 or self.trainer.classes is None:
            return []
        shares = [_at(self.curves.seen.batch_accuracy, step) for step in steps]
        texts = ["·" if share is None else percent(share) for share in shares]
        width = 10 if self.trainer.is_full_batch else 18
        cells = [[_number(text, width, is_known=text != "·")] for text in texts]
        heading = "correct" if self.trainer.is_full_batch else "correct in batch"
        return [(heading.rjust(width), cells)]

    def _losses(self, steps: list[int], width: int) -> list[Column]:
        """The column of losses beside the source's figures, and without them; a narrow one has few digits."""
        decimals = MOST_DECIMALS if width >= MORE_ROOM else DECIMALS
        values = [self._loss(step) for step in steps]
        known = np.array([value for value in values if value is not None])
        columns: list[Column] = []
        for room in (decimals + 5, decimals + 7):
            form = form_of(known, decimals, room, 2)
            texts = ["·" if value is None else form.text(value).removeprefix("+") for value in values]
            columns.insert(0, ("loss".rjust(room), [[_number(text, room, is_known=text != "·")] for text in texts]))
            if not form.has_exponent:
                break
        return [*(self._beside_figures(each, steps, values, self._printed_losses) for each in columns), *columns]

    def _loss(self, step: int) -> float | None:
        """The loss of a step's batch."""
        if step == self._seen[0] and self._seen[2] is not None:
            return self._seen[2]
        return _at(self.curves.train, step)

    def _add_bars(self, rows: list[list[Span]], steps: list[int], room: int) -> None:
        if room < LEAST_BAR:
            return
        values = [self._loss(step) for step in steps]
        largest = max((value for value in values if value is not None and np.isfinite(value)), default=0.0)
        for row, value in zip(rows, values, strict=True):
            row += [Span("  "), *bar_of_size(value or 0.0, largest, room, "second")]


def _at(points: Sequence[Point], step: int) -> float | None:
    """The value at a step; None if it is not known."""
    steps = points.steps if isinstance(points, Series) else [each for each, _ in points]
    place = bisect_left(steps, step)
    return points[place][1] if place < len(steps) and steps[place] == step else None


def _number(text: str, width: int, *, is_known: bool) -> Span:
    return Span(text.rjust(width), ("value",) if is_known else ("label",))


def _verdict(figure: PrintedFigure | None, value: float | None) -> Span:
    if figure is None or value is None:
        return Span("  ")
    return Span(f" {figure.mark(value)}", (figure.style(value),))
