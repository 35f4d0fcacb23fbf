"""What is wrong with a preset that has the right tables: each fault with its place."""

from collections.abc import Iterator
from itertools import pairwise
from math import isfinite

from msgspec.structs import asdict

from ..core.functions.activations import ACTIVATIONS, activation_of
from ..core.functions.losses import LOSSES, loss_of
from ..core.functions.output_head import activations_fault, pair_fault, target_fault
from ..core.functions.penalty import Penalty
from ..core.quantities.quantity import Quantity
from ..core.suggestions import suggestion
from .data_budget import USUAL_BUDGET, DataBudget
from .rule_tables import optimizer_of, schedule_of
from .schema import DataTable, NetworkTable, Preset, TrainingTable

Fault = tuple[str, str]
"""Each fault: the place in the file, what is wrong, and what would be right."""
EITHER = 'expected weights or init, one of the two; init = { scheme = "xavier", seed = 1 } makes random weights'
"""Keys with the initial weights."""
MOST_PARAMETERS = 500_000


FEW = 10
"""The most outputs whose targets a message writes out."""


def faults(preset: Preset) -> Iterator[Fault]:
    """Everything that is wrong in a preset, in the order of the file."""
    yield from _network_faults(preset.network)
    yield from _loss_faults(preset.training.loss)
    yield from _function_faults(preset.training)
    yield from _pair_faults(preset)
    yield from _data_faults(preset)
    for n, figure in enumerate(preset.published):
        try:
            Quantity.parse(figure.quantity)
        except ValueError as error:
            yield f"published[{n}].quantity", str(error)


def size_fault(network: NetworkTable, examples: int, budget: DataBudget = USUAL_BUDGET) -> str | None:
    """What is wrong with a network and this many examples; empty if nothing is."""
    weights = sum(n_in * n_out for n_in, n_out in pairwise(network.layers))
    most = max(1, (budget.numbers - 2 * weights) // sum(network.layers))
    if examples <= most:
        return None
    return f"expected at most {most:,} examples for a network of this size, got {examples:,}{budget.advice}"


def activation_names(network: NetworkTable) -> list[str]:
    """One activation for each layer after the inputs."""
    layers = len(network.layers) - 1
    return [network.activations] * layers if isinstance(network.activations, str) else list(network.activations)


def are_class_indices(preset: Preset) -> bool:
    """Whether each target is the number of a class, from 0, instead of one number for each output.

    As in PyTorch's cross-entropy and Keras's sparse one.
    """
    targets, n_out = preset.data.targets or (), preset.network.layers[-1]
    return loss_of(preset.training.loss).takes_class_numbers and n_out > 1 and all(len(row) == 1 for row in targets)


def _network_faults(network: NetworkTable) -> Iterator[Fault]:
    n = len(network.layers) - 1
    yield from _activation_faults(network)
    if len(activation_names(network)) != n:
        yield (
            "network.activations",
            f"expected {n}, one for each layer after the inputs, got {len(network.activations)}",
        )
    if sum(n_in * n_out for n_in, n_out in pairwise(network.layers)) > MOST_PARAMETERS:
        yield "network.layers", f"expected at most {MOST_PARAMETERS:,} weights"
    if (network.weights is None) == (network.init is None):
        yield "network", EITHER
    if network.weights is not None:
        yield from _weight_faults(network.weights, network.layers)
    if network.biases is not None:
        yield from _bias_faults(network.biases, network)


def _activation_faults(network: NetworkTable) -> Iterator[Fault]:
    named = network.activations
    names = {"": named} if isinstance(named, str) else {f"[{index}]": name for index, name in enumerate(named)}
    for place, name in names.items():
        try:
            activation_of(name)
        except ValueError as error:
            yield f"network.activations{place}", f"{error}{suggestion(name, ACTIVATIONS)}"


def _weight_faults(weights: list[list[list[float]]], layers: list[int]) -> Iterator[Fault]:
    if len(weights) != len(layers) - 1:
        yield "network.weights", f"expected {len(layers) - 1} layers of weights, got {len(weights)}"
        return
    for n, (rows, n_in, n_out) in enumerate(zip(weights, layers, layers[1:], strict=False)):
        place = f"network.weights[{n}]"
        if len(rows) != n_out:
            yield place, f"expected {n_out} rows, one for each neuron of layer {n + 1}, got {len(rows)}"
        yield from _row_faults(place, rows, n_in, f"one for each neuron of layer {n}")


def _bias_faults(biases: list[list[float]], network: NetworkTable) -> Iterator[Fault]:
    sizes = {"per-neuron": network.layers[1:], "shared": [1] * (len(network.layers) - 1)}.get(network.bias)
    if sizes is None:
        yield "network.biases", 'expected none, as network.bias is "none"'
    elif len(biases) != len(sizes):
        yield "network.biases", f"expected {len(sizes)} layers of biases, got {len(biases)}"
    else:
        for n, (row, size) in enumerate(zip(biases, sizes, strict=True)):
            yield from _row_faults(
                "network.biases", [row], size, f"for a {network.bias} bias of layer {n + 1}", first=n
            )


def _loss_faults(loss: str) -> Iterator[Fault]:
    try:
        loss_of(loss)
    except ValueError as error:
        yield "training.loss", f"{error}{suggestion(loss, LOSSES)}"


def _function_faults(training: TrainingTable) -> Iterator[Fault]:
    """Settings that a table may have but no function, such as a learning rate of infinity."""
    try:
        optimizer_of(training.optimizer, training.learning_rate)
        schedule_of(training.schedule)
        Penalty(**asdict(training.penalty))
    except ValueError as error:
        yield "training", str(error)
    if training.stop.watch is not None and training.stop.patience is None:
        yield "training.stop.watch", "expected patience with it"


def _pair_faults(preset: Preset) -> Iterator[Fault]:
    names, loss = activation_names(preset.network), preset.training.loss
    if fault := activations_fault(names, preset.network.layers[-1]):
        yield "network.activations", fault
    if fault := pair_fault(loss, names[-1]):
        yield "training.loss", fault
    if preset.training.update == "sequential" and preset.training.clip.norm is not None:
        yield (
            "training.clip.norm",
            'expected value instead, because update is "sequential": '
            "the last layer is updated before the norm of all gradients is known",
        )
    limit = preset.network.layers[-1] if are_class_indices(preset) else None
    for row, targets in enumerate(preset.data.targets or ()):
        for column, target in enumerate(targets):
            if fault := target_fault(loss, target) if limit is None else _index_fault(target, limit):
                yield f"data.targets[{row}][{column}]", fault


def _index_fault(target: float, classes: int) -> str | None:
    """What is wrong with the number of a class."""
    if target in range(classes):
        return None
    return f"expected the number of a class, from 0 to {classes - 1}, or one number for each output, got {target:g}"


def _data_faults(preset: Preset) -> Iterator[Fault]:
    data, network = preset.data, preset.network
    sources = (data.inputs is not None or data.targets is not None, data.dataset is not None, data.file is not None)
    if sum(sources) != 1 or (data.inputs is None) != (data.targets is None):
        yield "data", "expected inputs and targets, or dataset, or file"
    yield from _name_faults(data, network.layers)
    yield from _weight_list_faults(preset)
    if data.train_rows is not None and data.test is not None:
        yield "data", "expected train_rows or test, got both"
    if data.standardize_target and loss_of(preset.training.loss).classes:
        loss = preset.training.loss
        yield (
            "data.standardize_target",
            f"expected a loss of numbers, such as mse, got {loss}, whose targets are classes",
        )
    if data.rows is not None and len(data.rows) != len(data.inputs or ()):
        yield "data.rows", f"expected {len(data.inputs or ())} rows, one for each row of inputs, got {len(data.rows)}"
    if data.inputs is not None and data.targets is not None:
        yield from _example_faults(preset, data.inputs, data.targets)


def _weight_list_faults(preset: Preset) -> Iterator[Fault]:
    """What is wrong with the weights of examples and of classes."""
    data, weights = preset.data, preset.training.class_weights
    classes = max(2, preset.network.layers[-1])
    if data.weights is not None:
        if data.inputs is None:
            yield "data.weights", "expected inputs and targets with them"
        elif len(data.weights) != len(data.inputs):
            yield "data.weights", f"expected {len(data.inputs)}, one for each row of inputs, got {len(data.weights)}"
    if weights is not None and len(weights) != classes:
        yield "training.class_weights", f"expected {classes}, one for each class, got {len(weights)}"
    for place, each in (("data.weights", data.weights), ("training.class_weights", weights)):
        if each is not None and not (all(map(isfinite, each)) and any(each)):
            yield place, "expected finite numbers, one of them above 0"


def _name_faults(data: DataTable, layers: list[int]) -> Iterator[Fault]:
    named = {
        "classes": (data.classes, max(2, layers[-1])),
        "input_names": (data.input_names, layers[0]),
        "target_names": (data.target_names, layers[-1]),
    }
    for key, (names, expected) in named.items():
        if names is not None and data.inputs is None:
            yield f"data.{key}", "expected inputs and targets with them"
        elif names is not None and len(names) != expected:
            yield f"data.{key}", f"expected {expected} names, got {len(names)}"


def _example_faults(preset: Preset, inputs: list[list[float]], targets: list[list[float]]) -> Iterator[Fault]:
    sizes = preset.network.layers
    if not inputs:
        yield "data.inputs", "expected at least one example, got none"
    if len(inputs) != len(targets):
        yield "data.targets", f"expected {len(inputs)} rows, one for each row of inputs, got {len(targets)}"
    yield from _row_faults("data.inputs", inputs, sizes[0], "one for each input")
    if not are_class_indices(preset):
        for place, fault in _row_faults("data.targets", targets, sizes[-1], "one for each output"):
            yield place, fault + _one_hot_advice(targets, sizes[-1])


def _one_hot_advice(targets: list[list[float]], n_out: int) -> str:
    """Suggests the row of one-hot targets for a class number."""
    if not all(len(row) == 1 and row[0] in range(min(n_out, FEW)) for row in targets):
        return ""
    number = int(targets[0][0])
    return f"; class {number} is {[int(n == number) for n in range(n_out)]}" if n_out <= FEW else ""


def _row_faults(place: str, rows: list[list[float]], length: int, why: str, first: int = 0) -> Iterator[Fault]:
    for index, row in enumerate(rows, first):
        if len(row) != length:
            yield f"{place}[{index}]", f"expected {length} numbers, {why}, got {len(row)}"
        for column, number in enumerate(row):
            if not isfinite(number):
                yield f"{place}[{index}][{column}]", f"expected a finite number, got {number}"
