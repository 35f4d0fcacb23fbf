"""A preset in a few words: its layers, its training, its data, and the settings that only a preset can change."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

from ...presets.rule_tables import tag_of
from ...presets.schema import DataTable, NetworkTable, Preset
from .numbers import count, short
from .safe import safe

if TYPE_CHECKING:
    from ...core.training.trainer import Trainer


def summary(preset: Preset) -> str:
    """The facts of a preset in one line."""
    return "; ".join(f"{name} {value}" for name, value in facts(preset))


def facts(preset: Preset) -> list[tuple[str, str]]:
    """The facts of a preset, by name."""
    network, training = preset.network, preset.training
    activations = network.activations if isinstance(network.activations, str) else ", ".join(network.activations)
    return [
        ("layers", size(network)),
        ("activations", activations),
        ("bias", network.bias if network.train_bias else f"{network.bias}, fixed"),
        ("loss", training.loss),
        ("optimizer", f"{optimizer_name(preset)}, learning rate {short(training.learning_rate)}"),
        ("batch size", str(training.batch_size)),
        ("data", data_text(preset.data)),
    ]


def size(network: NetworkTable) -> str:
    """The layers, and the number of parameters."""
    return f"{'-'.join(map(str, network.layers))}, {count(parameter_count(network))} parameters"


def parameter_count(network: NetworkTable) -> int:
    """The number of parameters."""
    biases = {"per-neuron": sum(network.layers[1:]), "shared": len(network.layers) - 1, "none": 0}[network.bias]
    return sum(n_in * n_out for n_in, n_out in pairwise(network.layers)) + biases


def data_text(data: DataTable) -> str:
    """The source of the examples, and their number if it is known without reading a file."""
    if data.dataset:
        noise = f", noise {short(data.dataset.noise)}" if data.dataset.noise else ""
        return f"{data.dataset.name}, {_examples(data.dataset.samples)}{noise}"
    if data.file:
        return f"the file {safe(data.file)}"
    return _examples(len(data.inputs or ())) + (f" from {safe(data.origin)}" if data.origin else "")


def _examples(number: int) -> str:
    return f"{count(number)} example{'s' * (number != 1)}"


def optimizer_name(preset: Preset) -> str:
    """The name of the optimizer in a preset file."""
    optimizer = preset.training.optimizer
    return optimizer if isinstance(optimizer, str) else tag_of(optimizer)


def other_settings(trainer: "Trainer") -> Iterator[tuple[str, str]]:
    """Settings that only a preset can change and that differ from the defaults, by name."""
    from ...core.functions.optimizer import NO_CLIPPING
    from ...core.functions.schedules import Constant
    from ...core.steps.stop import Watched

    penalty, schedule, clipping = trainer.penalty, trainer.schedule, trainer.clipping
    if trainer.output.reduction != "mean":
        yield "reduction", trainer.output.reduction
    if trainer.class_weights:
        yield "class weights", ", ".join(map(short, trainer.class_weights))
    if trainer.train.weights is not None:
        yield "weights", "one for each example"
    if not isinstance(schedule, Constant):
        settings = {each.name: getattr(schedule, each.name) for each in fields(schedule)}
        yield "schedule", ", ".join([schedule.name, *_numbers(settings)])
    if penalty:
        yield "penalty", ", ".join([*_numbers({"l1": penalty.l1, "l2": penalty.l2}), penalty.form])
        yield "penalty is for", "weights and biases" if penalty.biases else "weights"
        yield "penalty acts on", penalty.acts_on
    if clipping != NO_CLIPPING:
        yield "clipping", ", ".join(_numbers({"norm": clipping.norm, "value": clipping.value}))
    if trainer.sequential:
        yield "update", "sequential"
    if trainer.watched is not Watched.NOTHING:
        yield "early stopping", f"on the {trainer.watched.words} loss"


def _numbers(settings: Mapping[str, float]) -> list[str]:
    """Settings with their values, without those that are 0 or infinite."""
    return [f"{name} {short(value)}" for name, value in settings.items() if 0 < value < inf]
