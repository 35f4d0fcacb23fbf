"""A step in sentences, for screen readers and for reading line by line."""

from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct

from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.debugger.stage import WHOLE_BACKWARD, Phase
from ...core.notation.labels import Labels
from ...core.notation.notation import Notation
from ...core.quantities.quantity import Kind, Quantity
from ...core.steps.events import BackwardPass, Updated
from ...core.steps.values import parameter_of, value_of
from ...core.training.trainer import Trainer
from .captions import batch_name, data_row
from .numbers import count, percent, plain, short

MOST = 24
"""The most numbers that a stage lists; the command show lists all."""


class Narration(Struct, frozen=True, eq=False):
    """The sentences about a step."""

    snapshot: Snapshot
    trainer: Trainer
    notation: Notation
    decimals: int
    example: int = 0
    """The example of the batch, from 0."""

    def stage(self) -> str:
        """The numbers of the stage, in a sentence."""
        snapshot = self.snapshot
        match snapshot.stage:
            case _ if snapshot.updated:
                return f"Update, to step {count(snapshot.step)}: {self._first(self._changes(snapshot.updated))}."
            case (Phase.FORWARD, int(layer)):
                return f"{self._place()}: {self._first(self._outputs(layer, snapshot.backward))}."
            case (Phase.BACKWARD, int(layer)):
                return f"{self._place()}: {self._first(self._gradients(layer, snapshot.backward))}."
            case (Phase.FORWARD, _):
                return f"{self._place()}: {self._first(self._predictions())}."
            case _:
                return f"{self._place()}: {self._first(self._predictions())}; {self._loss()}."

    def all(self) -> Iterator[str]:
        """Every known number, a sentence for each kind of each neuron."""
        for layer, W in enumerate(self.snapshot.state.W):
            for neuron in range(len(W)):
                yield from self._neuron(layer, neuron)
        if self.snapshot.loss is not None:
            yield f"Step {count(self.snapshot.step)}: {self._loss()}{_of(self.snapshot.loss_freshness)}."

    def loss(self) -> Iterator[str]:
        """The loss of the batch, unless that is all examples, and of the training and held-out examples."""
        state, trainer, freshness = self.snapshot.state, self.trainer, self.snapshot.loss_freshness
        if self.snapshot.loss is not None and not (trainer.is_full_batch and freshness is not Freshness.STALE):
            yield f"{self._loss_name().capitalize()}{_of(freshness)}: {plain(self.snapshot.loss, self.decimals)}."
        for name, data in (("Train", trainer.train), ("Held-out", trainer.test)):
            if data:
                found = trainer.evaluate(state, data)
                share = "" if found.accuracy is None else f"; {name.lower()} accuracy: {percent(found.accuracy)}"
                yield f"{name} loss, step {count(state.step)}: {plain(found.loss, self.decimals)}{share}."

    @property
    def _labels(self) -> Labels:
        return self.trainer.network.names.labels(self.notation)

    @property
    def _row(self) -> int | None:
        """The example, as a part of a quantity; None if there is only one."""
        rows = len(self.snapshot.forward.X)
        return self.example % rows if rows > 1 else None

    def _place(self) -> str:
        """The stage, the step, and the example if there are several."""
        snapshot = self.snapshot
        stage = "Complete" if snapshot.stage == WHOLE_BACKWARD else snapshot.stage.text.capitalize()
        words = [stage, f"step {count(snapshot.step)}", f"epoch {count(snapshot.state.epoch)}"]
        return ", ".join([*words, *self._example_words()])

    def _example_words(self) -> Iterator[str]:
        """The number of the example if there are several, and its row in the data if that differs."""
        examples = len(self.snapshot.forward.X)
        if examples > 1:
            yield f"example {self.example % examples + 1} of {count(examples)}"
        if row := data_row(self.trainer, self.snapshot, self.example % examples):
            yield f"row {count(row)} of the data"

    def _number(self, quantity: Quantity, backward: BackwardPass) -> str:
        return self._equation(quantity, value_of(quantity, backward))

    def _equation(self, quantity: Quantity, value: float) -> str:
        return f"{self._labels.text(quantity)} = {plain(value, self.decimals)}"

    def _first(self, numbers: Iterable[str]) -> str:
        """The numbers; of very many, only the first."""
        numbers = iter(numbers)
        first = list(islice(numbers, MOST))
        more = sum(1 for _ in numbers)
        return ", ".join(first) + (f", and {count(more)} more; show lists all" if more else "")

    def _outputs(self, layer: int, backward: BackwardPass) -> Iterator[str]:
        for i in range(backward.network.layers[layer].n_out):
            yield from self._output(layer, i, backward)

    def _output(self, layer: int, i: int, backward: BackwardPass) -> Iterator[str]:
        for kind in backward.network.names.named_kinds(layer, Kind.Z, Kind.A):
            yield self._number(Quantity(kind, layer, i, example=self._row), backward)

    def _gradients(self, layer: int, backward: BackwardPass) -> Iterator[str]:
        for i in range(backward.network.layers[layer].n_out):
            yield from self._gradients_of(layer, i, backward)

    def _gradients_of(self, layer: int, i: int, backward: BackwardPass) -> Iterator[str]:
        for kind in backward.network.names.named_kinds(layer, Kind.DA, Kind.DZ):
            yield self._number(Quantity(kind, layer, i, example=self._row), backward)
        for parameter in self._parameters(layer, i):
            yield self._number(parameter.gradient, backward)

    def _parameters(self, layer: int, i: int) -> Iterator[Quantity]:
        """A neuron's weights and bias; a shared bias is named with the first."""
        state = self.snapshot.state
        yield from (Quantity(Kind.W, layer, i, j) for j in range(state.W[layer].shape[1]))
        if i < state.b[layer].size:
            yield Quantity(Kind.B, layer, i)

    def _value(self, parameter: Quantity) -> float:
        return parameter_of(parameter, self.snapshot.state)

    def _changes(self, updated: Updated) -> Iterator[str]:
        for layer, W in enumerate(updated.state.W):
            for parameter in (parameter for i in range(len(W)) for parameter in self._parameters(layer, i)):
                value, before = self._value(parameter), value_of(parameter, updated.backward)
                yield f"{self._equation(parameter, value)} (by {plain(value - before, self.decimals)})"

    def _predictions(self) -> Iterator[str]:
        """Each prediction beside its target."""
        forward, row = self.snapshot.forward, self.example % len(self.snapshot.forward.X)
        for i, target in enumerate(forward.y[row]):
            y_hat = Quantity(Kind.A, self.snapshot.layers - 1, i, example=self._row)
            yield f"{self._number(y_hat, self.snapshot.backward)}, target {short(float(target))}"

    def _loss(self) -> str:
        loss = self.snapshot.loss if self.snapshot.loss is not None else float("nan")
        return f"{self._loss_name()} {self._equation(Quantity(Kind.LOSS), loss)}"

    def _loss_name(self) -> str:
        return f"{batch_name(self.trainer)} loss"

    def _neuron(self, layer: int, i: int) -> Iterator[str]:
        snapshot, place = self.snapshot, f"Layer {layer + 1}, neuron {i + 1}"
        yield f"{place}: {', '.join(self._equation(each, self._value(each)) for each in self._parameters(layer, i))}."
        if forward := snapshot.forward_of(layer):
            of_step = snapshot.backward if forward is snapshot.forward else snapshot.before and snapshot.before.backward
            assert of_step  # an older forward pass belongs to the previous step
            yield f"{place}{_of(snapshot.forward_freshness(layer))}: {', '.join(self._output(layer, i, of_step))}."
        if backward := snapshot.backward_of(layer):
            numbers = self._gradients_of(layer, i, backward)
            yield f"{place}{_of(snapshot.backward_freshness(layer))}: {', '.join(numbers)}."


def _of(freshness: Freshness) -> str:
    """The words for numbers of an earlier moment."""
    return ", before the last update" if freshness is Freshness.STALE else ""
