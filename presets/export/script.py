"""A script that trains the same network without nn-tui: its numbers, its batches and what its last line asserts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from ...core.functions.arrays import Array
from ...core.functions.optimizer import NO_CLIPPING
from ...core.functions.schedules import Constant
from ...core.network.network import Bias
from ...core.steps.state import State
from ...core.training.trainer import Trainer
from ..errors import PresetError
from ..visible import escape_invisible
from .export_format import StepExport

MOST_NUMBERS = 20_000
"""Most numbers of data, weights and learning rates together, so that the script can be read."""
LONG = 1_000
"""After this many updates, sums in another order can differ in more than the last digits."""
WRITTEN = {
    "network",
    "output",
    "optimizer",
    "batches",
    "train",
    "test",
    "schedule",
    "penalty",
    "clipping",
    "class_weights",
    "sequential",
}
"""The settings of a training that every script expresses."""
UNWRITTEN = {"watched", "arithmetic"}
"""Settings that change no number before the stop, or only its last digits."""
NAMED = re.compile(r"(?P<name>[a-z-]+)(\((?P<number>[^)]+)\))?")
"""The name of an activation, with its number."""

SETTINGS = {
    "sgd": (),
    "momentum": ("momentum",),
    "nesterov": ("momentum",),
    "adagrad": ("epsilon",),
    "adadelta": ("rho", "epsilon"),
    "rmsprop": ("alpha", "epsilon"),
    "adam": ("beta_1", "beta_2", "epsilon"),
    "adamw": ("beta_1", "beta_2", "epsilon", "weight_decay"),
}
"""The settings that each optimizer has in a script."""


class TrainingScript(NamedTuple):
    """The training that a script expresses."""

    step: StepExport
    form: str
    """The name of its format, for messages."""

    @property
    def trainer(self) -> Trainer:
        """The training."""
        return self.step.trainer

    @property
    def start(self) -> State:
        """Where the script begins."""
        return self.step.start or self.step.backward.state

    @property
    def updates(self) -> int:
        """How many the script makes."""
        return self.step.backward.step - self.start.step

    @property
    def has_bias(self) -> bool:
        """Whether layers have biases."""
        return self.trainer.network.bias is not Bias.NONE

    @property
    def layers(self) -> range:
        """The number of each layer, from 1."""
        return range(1, len(self.trainer.network.layers) + 1)

    @property
    def is_narrow(self) -> bool:
        """Whether it computes with float32."""
        return bool(self.start.parameters.dtype == np.float32)

    @property
    def first_batch(self) -> int:
        """The index of the batch of the first update, from the start of the training."""
        return self.start.epoch * self.trainer.batches.per_epoch + self.start.position

    def refuse(self, what: str) -> PresetError:
        """The error for a training that the script cannot express."""
        return PresetError(f"--format {self.form}", what)

    def check(self) -> None:
        """Refuse a training that the script cannot express.

        Raises:
            PresetError: the script cannot express the training, or it has too many numbers.
        """
        for field in fields(self.trainer):
            value = getattr(self.trainer, field.name)
            if field.name not in WRITTEN | UNWRITTEN and value != field.default:
                raise self.refuse(f"expected a training without {field.name.replace('_', ' ')}")
        if self.trainer.sequential and self.trainer.penalty.is_in_update:
            raise self.refuse('expected update = "simultaneous" with this penalty')
        count = self.trainer.train.X.size + self.trainer.train.y.size + self.start.parameters.size + len(self.rates)
        if count > MOST_NUMBERS:
            what = f"expected at most {MOST_NUMBERS:,} numbers of data and weights, got {count:,}"
            raise self.refuse(f"{what}; --format npz has the weights")

    @property
    def counts(self) -> Array | None:
        """The weight of each example, (examples,); None if all have the same weight."""
        return self.trainer.weights_of(self.trainer.train)

    @property
    def batch_names(self) -> str:
        """What the arrays of a batch are called."""
        return "X, y" if self.counts is None else "X, y, counts"

    def mean(self, losses: str, size: str) -> tuple[str, str]:
        """The code of the loss of a batch, and of the share of an example in it.

        Args:
            losses: the code of the loss of each example, (batch,).
            size: that of the number of all targets of a batch.
        """
        head, by_outputs = (
            self.trainer.output,
            {7: "len(X)", 77: size, 91: "counts.sum()", 1001: "(counts.sum() * y.shape[1])"},
        )
        if self.counts is None:
            divisor = round(head.divisor(7, 11))  # with numbers that distinguish examples from outputs
            by = f" / {by_outputs[divisor]}" if divisor > 1 else ""
            return (f"{losses}.mean()" if divisor == 7 else f"{losses}.sum(){by}"), by
        divisor = round(replace(head, weights=np.full(7, 13.0)).divisor(7, 11))
        by = f" / {by_outputs[divisor]}" if divisor > 1 else ""
        return f"(counts * {losses}).sum(){by}", f" * counts[:, None]{by}"

    def price_slope(self, one: str, sign: str) -> str:
        """The code of what the penalty adds to the gradient of an array; `sign` is the function of that name."""
        usual = self.trainer.penalty.in_usual_form
        parts = [f"{usual.l1!r} * {sign}({one})"] if usual.l1 else []
        return " + ".join(parts + ([f"{usual.l2!r} * {one}"] if usual.l2 else []))

    @property
    def rates(self) -> list[float]:
        """The learning rate of each epoch, or of each update where it changes with them; one where it never changes."""
        trainer, schedule = self.trainer, self.trainer.schedule
        if isinstance(schedule, Constant):
            return [trainer.optimizer.learning_rate]
        first = self.start.step if schedule.by_update else self.start.epoch
        last = self.step.backward.step if schedule.by_update else self.step.backward.state.epoch
        return [trainer.optimizer.learning_rate * schedule.factor(time) for time in range(first, last + 1)]

    def head(self, library: str) -> Iterator[str]:
        """The first lines: what the script does, and how to run it."""
        name = escape_invisible(self.step.preset.name, lambda each: f"\\u{ord(each):04x}")[:80]
        last = self.step.backward.step
        steps = f"steps {self.start.step} to {last}" if self.updates else f"step {last}"
        yield f"# {name} in {library}: {steps}, with the same start and the same figures as in nn-tui."

    def rate_lines(self) -> Iterator[str]:
        """What sets `rate` in the loop; nothing if it never changes."""
        if len(self.rates) > 1:
            time = "update" if self.trainer.schedule.by_update else "(first + update) // per_epoch"
            start = "" if self.trainer.schedule.by_update or not self.start.epoch else f" - {self.start.epoch}"
            yield f"rate = rates[{time}{start}]"

    def batch_lines(self, rows: str) -> Iterator[str]:
        """The function that finds the examples of a batch, where there are several; `rows` makes an index of them."""
        batches = self.trainer.batches
        if batches.per_epoch == 1 and len(self.rates) < 2:
            return
        yield f"first, per_epoch = {self.first_batch}, {batches.per_epoch}  # of the batches"
        if batches.per_epoch == 1:
            return
        yield ""
        yield ""
        yield "def batch(n):"
        yield '    """The examples of batch number n."""'
        yield "    epoch, position = divmod(n, per_epoch)"
        place = f"[{batches.size} * position : {batches.size} * (position + 1)]"
        if batches.shuffle:
            yield f"    order = np.random.default_rng([{batches.seed}, epoch]).permutation(len(X))"
            yield f"    rows = {rows.format('order' + place)}"
        else:
            yield f"    rows = slice({batches.size} * position, {batches.size} * (position + 1))"
        yield f"    return {', '.join(f'{each}[rows]' for each in self.batch_names.split(', '))}"

    def examples(self, number: str) -> str:
        """The name of a batch in the code."""
        return self.batch_names if self.trainer.batches.per_epoch == 1 else f"*batch(first + {number})"

    def figures(self) -> list[float]:
        """The numbers that the last line asserts: loss, ŷ of the first example, and norm of each layer's ∂L/∂W."""
        backward = self.step.backward
        norms = [sqrt(float((dW.astype(np.float64) ** 2).sum())) for dW in backward.dW]
        return [float(backward.forward.loss), *map(float, backward.forward.y_hat[0]), *norms]

    @property
    def tolerance(self) -> float:
        """The relative tolerance of the assertions."""
        return 1e-4 if self.is_narrow else 1e-9 if self.updates <= LONG else 1e-6


def array_text(array: Array, indent: str = "") -> str:
    """The numbers of an array as nested lists, a row a line where there are several."""
    if array.ndim < 2 or len(array) == 1:
        return repr(array.tolist())
    rows = "".join(f"{indent}    {row!r},\n" for row in array.tolist())
    return f"[\n{rows}{indent}]"


def activation_code(script: TrainingScript, layer: int, table: Mapping[str, Any]) -> Any:
    """The entry of a table for the activation of a layer; `{number}` is replaced by the number in its name.

    Raises:
        PresetError: it has none.
    """
    name = script.trainer.network.layers[layer - 1].activation.name
    form = NAMED.fullmatch(name)
    code = table.get(form["name"]) if form else None
    if code is None or form is None:
        raise script.refuse(f"there is no code for the activation {name}")
    number = form["number"] or {"leaky-relu": "0.01", "elu": "1.0"}.get(form["name"], "")
    filled = [part and part.replace("{number}", number) for part in ([code] if isinstance(code, str) else code)]
    return filled[0] if isinstance(code, str) else filled


def code_of_loss(script: TrainingScript, table: Mapping[Any, Any], *more: str) -> Any:
    """The entry of a table for the loss, by its name and more; `{number}` is replaced by the number in its name."""
    form = NAMED.fullmatch(script.trainer.output.loss.name)
    if form is None:
        return None
    name = form["name"] + "(n)" * bool(form["number"])
    code = table.get((name, *more) if more else name)
    if code is None or not form["number"]:
        return code
    filled = [each.replace("{number}", form["number"]) for each in ([code] if isinstance(code, str) else code)]
    return filled[0] if isinstance(code, str) else tuple(filled)


def optimizer_settings(script: TrainingScript, *more: str) -> dict[str, float]:
    """The settings of the optimizer, which may be more than those that every script has.

    Raises:
        PresetError: it is another, or has others.
    """
    optimizer = script.trainer.optimizer
    settings = {each.name: getattr(optimizer, each.name) for each in fields(optimizer)}
    others = {each.name for each in fields(optimizer) if settings[each.name] != each.default}
    unknown = sorted(others - {"learning_rate", *SETTINGS.get(optimizer.name, ()), *more})
    if optimizer.name not in SETTINGS or unknown:
        what = f"{optimizer.name} with {unknown[0]}" if unknown else optimizer.name
        raise script.refuse(f"there is no code for the optimizer {what}")
    return settings


def has_clipping(script: TrainingScript) -> bool:
    """Whether gradients are clipped."""
    return script.trainer.clipping != NO_CLIPPING
