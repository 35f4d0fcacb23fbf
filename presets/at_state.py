"""The preset that begins where a training stands: with its settings, its examples and its parameters."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from ..core.functions.optimizer import Optimizer
from ..core.functions.optimizers import OPTIMIZERS
from ..core.training.dataset import Dataset
from ..core.training.state import State
from ..core.training.trainer import Trainer
from .examples import examples, with_inline_data
from .function_tables import OptimizerTable
from .schema import DataTable, Preset


def at_state(preset: Preset, folder: Path, state: State) -> Preset:
    """The preset with a state's parameters, and the examples of its file in it.

    The optimizer's memory and the place in the epoch are no part of a preset, nor are figures of its source.

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
    """Its name, and what else it says where that is not what goes without saying."""
    if optimizer == OPTIMIZERS[optimizer.name](learning_rate=optimizer.learning_rate):
        return optimizer.name
    said = {key: value for key, value in asdict(optimizer).items() if key != "learning_rate"}
    return msgspec.convert({"name": optimizer.name, **said}, OptimizerTable)


def _data(preset: Preset, folder: Path, trainer: Trainer) -> DataTable:
    """The preset's own data, or where a number of it was altered the examples themselves, as they are shown."""
    train, _ = examples(preset, folder)
    if _are_equal(train, trainer.train):
        return preset.data
    every = [trainer.train, *([trainer.test] if trainer.test else [])]
    return DataTable(
        inputs=np.concatenate([each.X for each in every]).tolist(),
        targets=np.concatenate([each.y for each in every]).tolist(),
        classes=list(trainer.train.class_names) or None,
        input_names=list(trainer.train.input_names) or None,
        target_names=list(trainer.train.target_names) or None,
        origin=trainer.train.origin or None,
        train_rows=len(trainer.train) if trainer.test else None,
    )


def _are_equal(one: Dataset, other: Dataset) -> bool:
    return np.array_equal(one.X, other.X) and np.array_equal(one.y, other.y)
