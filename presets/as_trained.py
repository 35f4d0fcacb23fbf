"""A preset with the settings and the examples that a training has come to, whatever was changed in it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from ..core.functions.optimizer import Optimizer
from ..core.functions.optimizers import OPTIMIZERS
from ..core.training.dataset import Dataset
from ..core.training.trainer import Trainer
from .examples import examples
from .function_tables import OptimizerTable
from .schema import DataTable, Preset


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
        origin=trainer.train.origin or None,
        train_rows=len(trainer.train) if trainer.test else None,
    )


def _are_equal(one: Dataset, other: Dataset) -> bool:
    return np.array_equal(one.X, other.X) and np.array_equal(one.y, other.y)
