"""From a preset to the experiment that it describes."""

from math import inf
from pathlib import Path

import numpy as np
from msgspec.structs import asdict

from ..core.functions.activations import ACTIVATIONS
from ..core.functions.arrays import Array, array_of
from ..core.functions.initializers import INITIALIZERS
from ..core.functions.loss import Penalty
from ..core.functions.losses import LOSSES
from ..core.functions.optimizer import Clipping
from ..core.functions.output_head import OutputHead
from ..core.network.network import Bias, Layer, Network
from ..core.training.dataset import Batches
from ..core.training.stop import Stop
from ..core.training.trainer import Trainer
from ..core.training.training import Experiment
from .checks import activation_names
from .examples import examples
from .function_tables import optimizer_of, schedule_of
from .schema import Preset, TrainingTable


def build(preset: Preset, folder: Path) -> Experiment:
    """The experiment of a preset.

    Args:
        preset: what to build.
        folder: where the data file that it may name is found.

    Raises:
        PresetError: the data file cannot be used.
    """
    network = network_of(preset)
    train, test = examples(preset, folder)
    trainer = Trainer(
        network=network,
        output=OutputHead(network.layers[-1].activation, LOSSES[preset.training.loss], preset.training.reduction),
        optimizer=optimizer_of(preset.training.optimizer, preset.training.learning_rate),
        batches=_batches(preset.training, len(train)),
        train=train,
        test=test,
        schedule=schedule_of(preset.training.schedule),
        penalty=Penalty(**asdict(preset.training.penalty)),
        clipping=Clipping(preset.training.clip.norm or inf, preset.training.clip.value or inf),
        sequential=preset.training.update == "sequential",
    )
    stop = preset.training.stop
    return Experiment(
        trainer=trainer,
        start=trainer.start(_weights(preset), _biases(preset, network)),
        stop=Stop(steps=stop.steps, epochs=stop.epochs, loss=stop.loss),
    )


def network_of(preset: Preset) -> Network:
    """The network of a preset, without its numbers."""
    sizes = preset.network.layers
    names = activation_names(preset.network)
    return Network(
        layers=tuple(
            Layer(n_in, n_out, ACTIVATIONS[name]) for n_in, n_out, name in zip(sizes, sizes[1:], names, strict=False)
        ),
        bias=Bias(preset.network.bias),
        train_bias=preset.network.train_bias,
    )


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
