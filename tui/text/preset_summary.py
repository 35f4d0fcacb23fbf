"""A preset in a few words: its layers, how it learns, and from what."""

from itertools import pairwise

from ...presets.schema import DataTable, NetworkTable, Preset, tag_of
from .numbers import count, short
from .safe import safe


def summary(preset: Preset) -> str:
    """Everything in a sentence without an end."""
    return "; ".join(f"{name} {value}" for name, value in facts(preset))


def facts(preset: Preset) -> list[tuple[str, str]]:
    """What there is to know of a preset, by name."""
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
    """How many numbers are learnt, or could be."""
    biases = {"per-neuron": sum(network.layers[1:]), "shared": len(network.layers) - 1, "none": 0}[network.bias]
    return sum(n_in * n_out for n_in, n_out in pairwise(network.layers)) + biases


def data_text(data: DataTable) -> str:
    """Where the examples come from, and how many there are where that is known without a look into a file."""
    if data.dataset:
        noise = f", noise {short(data.dataset.noise)}" if data.dataset.noise else ""
        return f"{data.dataset.name}, {_examples(data.dataset.samples)}{noise}"
    if data.file:
        return f"the file {safe(data.file)}"
    return _examples(len(data.inputs or ())) + (f" from {safe(data.origin)}" if data.origin else "")


def _examples(number: int) -> str:
    return f"{count(number)} example{'s' * (number != 1)}"


def optimizer_name(preset: Preset) -> str:
    """What a preset file calls its optimizer."""
    optimizer = preset.training.optimizer
    return optimizer if isinstance(optimizer, str) else tag_of(optimizer)
