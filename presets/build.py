"""From a preset to the experiment that it describes, and from a training back to a preset."""

import dataclasses
from math import inf
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import asdict, replace

from ..core.data.dataset import Batches, Dataset
from ..core.engine.arithmetic import Arithmetic, arithmetic_for, arithmetic_named
from ..core.functions.activations import activation_of
from ..core.functions.arrays import Array, array_of
from ..core.functions.initializers import INITIALIZERS
from ..core.functions.losses import loss_of
from ..core.functions.optimizer import Clipping, Optimizer
from ..core.functions.optimizers import OPTIMIZERS
from ..core.functions.output_head import OutputHead
from ..core.functions.penalty import Penalty
from ..core.network.network import Bias, Layer, Network
from ..core.notation.notation import USUAL, Letters
from ..core.steps.state import State
from ..core.steps.stop import Stop, Watched
from ..core.training.trainer import Trainer
from ..core.training.training import Experiment
from .data_budget import MOST_MIB, USUAL_BUDGET, DataBudget
from .data_reference import refers
from .errors import PresetError
from .examples import examples, with_inline_data
from .preset_faults import activation_names
from .rule_tables import optimizer_of, schedule_of
from .schema import DataTable, OptimizerTable, Preset, TrainingTable


def build(preset: Preset, folder: Path, arithmetic: str = "", budget: DataBudget = USUAL_BUDGET) -> Experiment:
    """The experiment of a preset.

    Args:
        preset: what to build.
        folder: where the data file that it may name is found.
        arithmetic: the name of the one to compute with; without one, that of a new training.
        budget: memory for examples.

    Raises:
        PresetError: the data file cannot be used.
        ValueError: no arithmetic is called so.
    """
    network = network_of(preset)
    train, test = examples(preset, folder, budget)
    batches = _batches(preset.training, len(train))
    trainer = Trainer(
        network=network,
        output=OutputHead(network.layers[-1].activation, loss_of(preset.training.loss), preset.training.reduction),
        optimizer=optimizer_of(preset.training.optimizer, preset.training.learning_rate),
        batches=batches,
        train=train,
        test=test,
        schedule=schedule_of(preset.training.schedule),
        penalty=Penalty(**asdict(preset.training.penalty), examples=len(train)),
        clipping=Clipping(preset.training.clip.norm or inf, preset.training.clip.value or inf),
        class_weights=None if (weights := preset.training.class_weights) is None else tuple(weights),
        watched=_watched(preset, test),
        sequential=preset.training.update == "sequential",
        arithmetic=arithmetic_named(arithmetic)
        if arithmetic
        else arithmetic_for(network, batches.size, preset.training.dtype),
    )
    if trainer.class_weights and trainer.classes is None:
        raise PresetError(preset.name, "training.class_weights", "expected classes, but the targets are numbers")
    stop = preset.training.stop
    return Experiment(
        trainer=trainer,
        start=trainer.start(_weights(preset), _biases(preset, network)),
        stop=Stop(
            steps=stop.steps, epochs=stop.epochs, loss=stop.loss, patience=stop.patience, watched=trainer.watched
        ),
    )


def _watched(preset: Preset, test: Dataset | None) -> Watched:
    """The loss that an early stop watches."""
    stop = preset.training.stop
    if stop.watch == "test" and test is None:
        raise PresetError(preset.name, "training.stop.watch", 'expected "train", because no examples are held out')
    if stop.patience is None:
        return Watched.NOTHING
    return Watched.TEST if test and stop.watch != "train" else Watched.TRAIN


def arithmetic_of(preset: Preset, folder: Path) -> Arithmetic:
    """The arithmetic of a new training of a preset.

    Raises:
        PresetError: the data file cannot be used.
    """
    return build(preset, folder).trainer.arithmetic


def network_of(preset: Preset) -> Network:
    """The network of a preset, without its numbers."""
    sizes = preset.network.layers
    names = activation_names(preset.network)
    return Network(
        layers=tuple(
            Layer(n_in, n_out, activation_of(name)) for n_in, n_out, name in zip(sizes, sizes[1:], names, strict=False)
        ),
        bias=Bias(preset.network.bias),
        train_bias=preset.network.train_bias,
        letters=letters_of(preset),
    )


def letters_of(preset: Preset) -> Letters:
    """The letters of a preset's source."""
    if preset.letters is None:
        return USUAL
    return Letters(**{key: value for key, value in asdict(preset.letters).items() if value is not None})


def _batches(training: TrainingTable, examples: int) -> Batches:
    size = examples if training.batch_size == "all" else min(training.batch_size, examples)
    return Batches(examples, size, training.shuffle, training.seed)


def _weights(preset: Preset) -> tuple[Array, ...]:
    dtype = preset.training.dtype
    if preset.network.weights is not None:
        return tuple(array_of(rows, dtype) for rows in preset.network.weights)
    init = preset.network.init
    assert init is not None  # the checks leave no other
    rng = np.random.default_rng(preset.training.seed if init.seed is None else init.seed)
    sizes = preset.network.layers
    initializer = INITIALIZERS[init.scheme]
    return tuple(
        array_of(initializer(rng, n_in, n_out, init.scale), dtype)
        for n_in, n_out in zip(sizes, sizes[1:], strict=False)
    )


def _biases(preset: Preset, network: Network) -> tuple[Array, ...]:
    biases = preset.network.biases or [[0.0] * network.bias.size(layer.n_out) for layer in network.layers]
    return tuple(array_of(row, preset.training.dtype) for row in biases)


def at_state(preset: Preset, folder: Path, state: State) -> Preset:
    """The preset with a state's parameters, and the examples of its file in it.

    A preset contains neither the optimizer's slots nor the position in the epoch, and printed numbers no longer apply.

    Raises:
        PresetError: the data file cannot be used.
    """
    weights = [W.tolist() for W in state.W]
    biases = None if preset.network.bias == "none" else [b.tolist() for b in state.b]
    network = replace(preset.network, init=None, weights=weights, biases=biases)
    return replace(with_inline_data(preset, folder), network=network, published=[])


def as_trained(preset: Preset, folder: Path, trainer: Trainer) -> Preset:
    """The preset from which this trainer would be built.

    Raises:
        PresetError: the data file cannot be used.
    """
    batches, names = trainer.batches, [layer.activation.name for layer in trainer.network.layers]
    training = replace(
        preset.training,
        loss=trainer.output.loss.name,
        optimizer=_optimizer(trainer.optimizer),
        learning_rate=trainer.optimizer.learning_rate,
        batch_size="all" if batches.size == batches.examples else batches.size,
    )
    network = replace(preset.network, activations=names)
    return replace(preset, network=network, training=training, data=_data(preset, folder, trainer))


def _optimizer(optimizer: Optimizer) -> Any:
    """The name of an optimizer, or a table with its settings if they are not the defaults."""
    if optimizer == OPTIMIZERS[optimizer.name](learning_rate=optimizer.learning_rate):
        return optimizer.name
    said = {key: value for key, value in dataclasses.asdict(optimizer).items() if key != "learning_rate"}
    return msgspec.convert({"name": optimizer.name, **said}, OptimizerTable)


def _data(preset: Preset, folder: Path, trainer: Trainer) -> DataTable:
    """The preset's own data, or the examples themselves if a number was edited."""
    # The examples of a training have fitted into memory.
    train, _ = examples(preset, folder, DataBudget(MOST_MIB) if refers(preset) else USUAL_BUDGET)
    if _are_equal(train, trainer.train):
        return preset.data
    every = [trainer.train, *([trainer.test] if trainer.test else [])]
    return DataTable(
        inputs=np.concatenate([each.X for each in every]).tolist(),
        targets=np.concatenate([each.y for each in every]).tolist(),
        weights=_sample_weights(every),
        classes=list(trainer.train.class_names) or None,
        input_names=list(trainer.train.input_names) or None,
        target_names=list(trainer.train.target_names) or None,
        origin=trainer.train.origin or None,
        train_rows=len(trainer.train) if trainer.test else None,
    )


def _sample_weights(every: list[Dataset]) -> list[float] | None:
    found = [each.weights for each in every if each.weights is not None]
    return np.concatenate(found).tolist() if found else None


def _are_equal(one: Dataset, other: Dataset) -> bool:
    return np.array_equal(one.X, other.X) and np.array_equal(one.y, other.y)
