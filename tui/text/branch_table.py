"""The comparison of two branches: their changes, their results, and the parameters by the size of their difference."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from ...core.network.layout import parameter_at
from ...core.notation.labels import Labels
from ...core.notation.notation import Notation
from ...core.quantities.quantity import Kind, Quantity
from ...core.steps.values import parameter_of
from ...core.timeline.branch import ComparedBranch, Comparison
from ...core.training.changes import Change
from ...core.training.training import Training
from .chart import Curves, chart
from .data_names import DataNames
from .numbers import count, percent, plain, short, signed
from .plot import spans_of
from .spans import Line, Span

Changes: TypeAlias = Sequence[tuple[int, Change]]
"""The changes of a branch, with their steps."""
NAME = 14
"""Columns of the name in a row."""
DECIMALS = 6
GAP = 8
"""Columns of a number before and behind its decimals."""
CHART = 8
"""Rows of the chart of both losses."""
LEAST_BAR, MOST_BAR = 4, 16
"""Columns of the bar of a difference."""
MOST_WORK = 20_000_000
"""The most examples times parameters; above it only the batch is evaluated, not all examples."""
MOST_OUTPUTS = 4
"""The most predictions of the first example that are compared."""
UNEDITED = "unedited"
"""In place of a value, if a branch does not edit a weight or a bias: that changes at every step."""
WORDS = {"learning_rate": "learning rate", "batch_size": "batch size", "loss": "loss function"}
SHORT = {"learning_rate": "η ", "batch_size": "batch "}
"""The beginning of a branch's name for these settings; for others, the name is the value alone."""


class ComparisonTable(Struct, frozen=True, eq=False, dict=True):
    """A page with the changes, the figures of both branches, and a line for each parameter."""

    comparison: Comparison
    notation: Notation
    decimals: int = DECIMALS
    room: int = 70
    """The available columns."""
    curves: Curves | None = None
    """The losses of both branches, if there is room for their chart."""

    @property
    def width(self) -> int:
        """Columns of the widest line."""
        return max(NAME + 3 * self._number + self._bar, *(sum(len(span.text) for span in line) for line in self._head))

    @property
    def height(self) -> int:
        """The results, and a line for each parameter."""
        return len(self._head) + len(self._order)

    def line(self, y: int) -> Line:
        """A result or a parameter."""
        return self._head[y] if y < len(self._head) else self._parameter(int(self._order[y - len(self._head)]))

    @cached_property
    def names(self) -> tuple[str, str]:
        """The names of the two branches: the setting that differs, as "η 2" and "η 0.5"."""
        return branch_names(self.comparison, self._labels)

    @property
    def _decimals(self) -> int:
        """The digits that have room."""
        return max(min(self.decimals, (self.room - NAME) // 3 - GAP), 1)

    @property
    def _number(self) -> int:
        return self._decimals + GAP

    @property
    def _bar(self) -> int:
        """Columns of a bar; 0 if there is no room."""
        free = self.room - NAME - 3 * self._number - 2
        return min(free, MOST_BAR) if free >= LEAST_BAR else 0

    @cached_property
    def _labels(self) -> Labels:
        return self.comparison.before.trainer.network.names.labels(self.notation)

    @cached_property
    def _head(self) -> list[Line]:
        """The heading over the parameters."""
        both = self._chart()
        return [*self._changes(), [], *both, self._headings(), *self._figures(), [], *self._parameter_heading()]

    def _chart(self) -> list[Line]:
        """The chart of both losses, and an empty line."""
        if self.curves is None or not self.curves.other:
            return []
        both = replace(self.curves, test=(), here=None, names=self.names)
        lines = map(spans_of, chart(both, self.room, CHART).lines)
        colours = {"train": ("accent",), "other": ("value",)}  # those of the headings
        return [*([Span(text, colours.get("".join(of), of)) for text, of, _ in line] for line in lines), []]

    def _changes(self) -> Iterator[Line]:
        """The changes of each branch."""
        sides = (self.comparison.ours, self.comparison.theirs)
        names = self.names
        width = max(map(len, names)) + 2
        for name, side in zip(names, sides, strict=True):
            texts = change_texts(self.comparison.before, side, self._labels) or ["no change"]
            for n, text in enumerate(texts):
                head = Span((name if not n else "").ljust(width), ("accent",) if side is sides[0] else ("value",))
                yield [head, Span(text)]

    def _headings(self) -> Line:
        ours, theirs = self.names
        # A name that is longer than its column would shift the others to the right.
        most = self._number - 2
        cells = [each if len(each) <= most else f"{each[: most - 1]}…" for each in (ours, theirs)]
        return [
            Span(" " * NAME),
            Span(cells[0].rjust(self._number), ("accent",)),
            Span(cells[1].rjust(self._number), ("value",)),
            Span("difference".rjust(self._number), ("second",)),
        ]

    def _figures(self) -> Iterator[Line]:
        """Step, loss, accuracy and predictions of both branches."""
        trainings = (self.comparison.ours.training, self.comparison.theirs.training)
        steps = [count(each.state.step) for each in trainings]
        yield self._texts("step", *steps)
        if self.comparison.ends_before:
            yield [Span(f"{self.names[1]} ends at step {steps[1]}", ("faint",))]
        is_all = all(len(each.trainer.train) * each.state.parameters.size <= MOST_WORK for each in trainings)
        trains = [each.trainer.evaluate(each.state, each.trainer.train) if is_all else None for each in trainings]
        losses = [
            found.loss if found else each.trainer.forward(each.state).loss
            for found, each in zip(trains, trainings, strict=True)
        ]
        yield self._numbers("loss" if is_all else "batch loss", *losses)
        yield from self._accuracies("accuracy", [found.accuracy if found else None for found in trains])
        if is_all and all(each.trainer.test for each in trainings):
            tests = [each.trainer.evaluate(each.state, each.trainer.test) for each in trainings if each.trainer.test]
            yield self._numbers("held-out loss", *(each.loss for each in tests))
            yield from self._accuracies("held-out acc.", [each.accuracy for each in tests])
        yield from self._predictions(*trainings)

    def _predictions(self, ours: Training, theirs: Training) -> Iterator[Line]:
        """The predictions of the first example."""
        names = DataNames.of(ours.trainer, self.notation)
        values = [_prediction(each) for each in (ours, theirs)]
        if len(ours.trainer.train) > 1:
            yield [Span("predictions for example 1", ("second",))]
        for n in range(min(len(values[0]), MOST_OUTPUTS)):
            yield self._numbers(names.output(n)[: NAME - 1], values[0][n], values[1][n])

    def _accuracies(self, name: str, values: list[float | None]) -> Iterator[Line]:
        if (ours := values[0]) is not None and (theirs := values[1]) is not None:
            yield self._texts(name, percent(ours), percent(theirs))

    def _parameter_heading(self) -> Iterator[Line]:
        at, number = self.comparison.parted_at, self.comparison.parted_in
        if at is None or number is None:
            yield [Span("All parameters are the same.", ("second",))]
            return
        first = f"   first: {self._label(number)} at step {count(at)}"
        yield [Span("Parameters by difference", ("second",)), Span(first, ("faint",))]

    def _texts(self, name: str, ours: str, theirs: str) -> Line:
        return [
            Span(name.ljust(NAME), ("second",)),
            Span(ours.rjust(self._number), ("value",)),
            Span(theirs.rjust(self._number), ("value",)),
        ]

    def _numbers(self, name: str, ours: float, theirs: float) -> Line:
        difference = signed(ours - theirs, self._decimals).rjust(self._number)
        return [*self._texts(name, plain(ours, self._decimals), plain(theirs, self._decimals)), Span(difference)]

    @cached_property
    def _differences(self) -> npt.NDArray[np.float64]:
        ours, theirs = self.comparison.ours.training.state, self.comparison.theirs.training.state
        with np.errstate(all="ignore"):
            return np.asarray(ours.parameters - theirs.parameters, dtype=np.float64)

    @cached_property
    def _order(self) -> npt.NDArray[np.int64]:
        """The numbers of the parameters, the greatest difference first; empty if all are equal."""
        size = np.abs(np.nan_to_num(self._differences, nan=np.inf))
        order = np.argsort(-size, kind="stable")
        return order if self.comparison.parted_at is not None else order[:0]

    def _parameter(self, place: int) -> Line:
        ours, theirs = (
            float(each.training.state.parameters[place]) for each in (self.comparison.ours, self.comparison.theirs)
        )
        difference, most = ours - theirs, float(np.abs(self._differences).max())
        sign = "plus-3" if difference > 0 else "minus-3"
        cells = round(abs(difference) / most * self._bar) if self._bar and 0 < most < np.inf else 0
        return [
            Span(self._label(place).ljust(NAME), ("second",)),
            *(Span(signed(each, self._decimals).rjust(self._number), ("value",)) for each in (ours, theirs)),
            Span(signed(difference, self._decimals).rjust(self._number)),
            Span(f"  {'━' * cells}", (sign,)),
        ]

    def _label(self, place: int) -> str:
        return self._labels.text(parameter_at(self.comparison.ours.training.state.layout, place))


def branch_names(comparison: Comparison, labels: Labels) -> tuple[str, str]:
    """The names of two branches: the first difference, or their numbers."""
    ours, theirs = comparison.ours, comparison.theirs
    found = names_by_changes(comparison.before, ours.changes, theirs.changes, labels)
    return found or (f"branch {ours.number}", f"branch {theirs.number}")


def names_by_changes(before: Training, ours: Changes, theirs: Changes, labels: Labels) -> tuple[str, str] | None:
    """The names of two branches by their first difference; None if they do not differ."""
    for what in dict.fromkeys(change.what for _, change in (*ours, *theirs)):
        values = [_value_at_end(before, changes, what) for changes in (ours, theirs)]
        if values[0] != values[1]:
            return _short_name(what, values[0], labels), _short_name(what, values[1], labels)
    return None


def change_texts(before: Training, side: ComparedBranch, labels: Labels) -> list[str]:
    """Each change of a branch, as "learning rate 0.5 → 2 at step 30"."""
    last: dict[str | Quantity, str] = {}
    texts = []
    for step, change in side.changes:
        what, value = change.what, _text(change.value)
        old = last.get(what) or _value_before(before, what)
        last[what] = value
        name = WORDS.get(what, what) if isinstance(what, str) else labels.text(what)
        texts.append(f"{name} {old} → {value} at step {count(step)}")
    return texts


def _value_at_end(before: Training, changes: Changes, what: str | Quantity) -> str:
    """The last value of a setting or a number that a branch changed."""
    made = [_text(change.value) for _, change in changes if change.what == what]
    if not made and isinstance(what, Quantity) and what.kind not in (Kind.X, Kind.Y):
        return UNEDITED
    return made[-1] if made else _value_before(before, what)


def _value_before(before: Training, what: str | Quantity) -> str:
    """The value of a setting or a number before any change."""
    trainer = before.trainer
    if isinstance(what, Quantity):
        return _number_before(before, what)
    activations = [layer.activation.name for layer in trainer.network.layers]
    match what:
        case "learning_rate":
            return short(trainer.optimizer.learning_rate)
        case "optimizer":
            return trainer.optimizer.name
        case "batch_size":
            return count(trainer.batches.size)
        case "loss":
            return trainer.output.loss.name
        case "activation":
            return ", ".join(dict.fromkeys(activations[:-1]))
        case _:
            return activations[int(what.removeprefix("activation")) - 1]


def _number_before(before: Training, what: Quantity) -> str:
    train, state = before.trainer.train, before.state
    match what.kind:
        case Kind.X:
            return _text(float(train.X[what.row, what.to]))
        case Kind.Y:
            return _text(float(train.y[what.row, what.to]))
        case _:
            return _text(parameter_of(what, state))


def _short_name(what: str | Quantity, value: str, labels: Labels) -> str:
    return f"{SHORT.get(what, '')}{value}" if isinstance(what, str) else f"{labels.text(what)} {value}"


def _text(value: float | int | str) -> str:
    return value if isinstance(value, str) else short(float(f"{value:.6g}"))


def _prediction(training: Training) -> list[float]:
    train = training.trainer.train
    found: list[float] = training.trainer.forward_on(training.state, train.X[:1], train.y[:1]).y_hat[0].tolist()
    return found
