"""Conditions: the layers and trainings in which a cause can act."""

from __future__ import annotations

from .cause import Applies
from .update_inputs import UpdateInputs


def is_hidden(setting: UpdateInputs, layer: int) -> bool:
    """Not of the output layer."""
    return layer < setting.layers


def output(setting: UpdateInputs, layer: int) -> bool:
    """Of the output layer alone."""
    return layer == setting.layers


def not_first(setting: UpdateInputs, layer: int) -> bool:
    """Of a layer that another one feeds."""
    return layer > 1


def square(setting: UpdateInputs, layer: int) -> bool:
    """Of a layer with as many inputs as neurons, more than one."""
    n_out, n_in = setting.W[layer - 1].shape
    return bool(n_out == n_in > 1)


def has_bias(setting: UpdateInputs, layer: int) -> bool:
    """Of a layer that has biases."""
    return setting.b[layer - 1].size > 0


def has_activation(*names: str) -> Applies:
    """Of a layer with one of these activations."""
    return lambda setting, layer: setting.activation(layer) in names


def bends(setting: UpdateInputs, layer: int) -> bool:
    """Of a layer whose activation changes something, each neuron by itself."""
    return setting.activation(layer) not in ("identity", "softmax")


def several_examples(setting: UpdateInputs, layer: int) -> bool:
    """Of a batch of several examples."""
    return setting.batch > 1


def several_outputs(setting: UpdateInputs, layer: int) -> bool:
    """Of a network with several outputs."""
    return setting.outputs > 1


def is_mean(setting: UpdateInputs, layer: int) -> bool:
    """Of a loss that is the mean over several examples."""
    return setting.batch > 1 and setting.trainer.output.reduction == "mean"


def is_sum(setting: UpdateInputs, layer: int) -> bool:
    """Of a loss that is the sum over several examples."""
    return setting.batch > 1 and setting.trainer.output.reduction == "sum"


def has_loss(*names: str) -> Applies:
    """Of a network with one of these losses."""
    return lambda setting, layer: setting.trainer.output.loss.name in names


def has_penalty(setting: UpdateInputs, layer: int) -> bool:
    """Of a training with a penalty."""
    return setting.trainer.penalty.is_in_loss


def has_optimizer(*rules: type) -> Applies:
    """Of a training with one of these optimizers."""
    return lambda setting, layer: type(setting.trainer.optimizer) in rules


def corrects_bias(setting: UpdateInputs, layer: int) -> bool:
    """Of a training with an Adam that corrects m and v."""
    return bool(getattr(setting.trainer.optimizer, "bias_correction", False))


def trains_bias(setting: UpdateInputs, layer: int) -> bool:
    """Of a layer whose biases are trained."""
    return has_bias(setting, layer) and setting.trainer.network.train_bias


def is_not(*names: str) -> Applies:
    """Of a layer with an activation other than these."""
    return lambda setting, layer: setting.activation(layer) not in names


def next_bends(setting: UpdateInputs, layer: int) -> bool:
    """Of a hidden layer that feeds one with an activation."""
    return layer < setting.layers and setting.activation(layer + 1) != "identity"


def feeds_square(setting: UpdateInputs, layer: int) -> bool:
    """Of a hidden layer whose next layer is square."""
    return layer < setting.layers and square(setting, layer + 1)


def feeds_same_shape(setting: UpdateInputs, layer: int) -> bool:
    """Of a hidden layer whose next layer has a W of the same shape."""
    return layer < setting.layers and setting.W[layer].shape == setting.W[layer - 1].shape


def feeds_several(setting: UpdateInputs, layer: int) -> bool:
    """Of a hidden layer that feeds several neurons."""
    return layer < setting.layers and len(setting.W[layer]) > 1


def feeds_from_the_input(setting: UpdateInputs, layer: int) -> bool:
    """Of a later layer that has as many inputs as the network."""
    return layer > 1 and setting.W[layer - 1].shape[1] == setting.x.shape[1]


def several_biases(setting: UpdateInputs, layer: int) -> bool:
    """Of a layer with more than one bias."""
    return setting.b[layer - 1].size > 1


def is_sequential(setting: UpdateInputs, layer: int) -> bool:
    """Of a training that updates the output layer first."""
    return setting.trainer.sequential


def is_simultaneous(setting: UpdateInputs, layer: int) -> bool:
    """Of a training that updates all layers at once."""
    return not setting.trainer.sequential


def both(*conditions: Applies) -> Applies:
    """Where all hold."""
    return lambda setting, layer: all(each(setting, layer) for each in conditions)


SQUARED = has_loss("sse", "half-sse", "mse")
