"""Slips in da and dz, the gradients of neurons."""

from __future__ import annotations

import numpy as np

from .cause import Applies, Cause, Scope, Vary, always
from .conditions import (
    SQUARED,
    bends,
    both,
    feeds_same_shape,
    feeds_several,
    feeds_square,
    has_activation,
    has_loss,
    is_hidden,
    is_mean,
    is_not,
    is_sequential,
    is_simultaneous,
    next_bends,
    output,
    several_examples,
    several_outputs,
)
from .forward_slips import slip
from .variations import (
    count_of_examples,
    da_by,
    da_of_every_pair,
    da_of_z,
    error,
    error_with_slope,
    loss_of_every_pair,
    per_example,
    per_output,
    slope_at_a,
    slope_of,
    squared_error_da,
    times,
)

DA, DZ = "da = dz_next @ W_of_the_next_layer", "dz = da * {slope}"
"""The right lines."""


def of_output(words: str, vary: Vary, applies: Applies = always, source: str = "") -> Cause:
    """A slip in ∂L/∂ŷ."""
    return slip(f"da of the output {words}", f"da{{layer}} {words}", {"da": vary}, both(output, applies), "", source)


def of_output_scale(words: str, factor: Vary, applies: Applies = always, source: str = "") -> Cause:
    """A factor in ∂L/∂ŷ, which ∂L/∂z of the output then has too."""
    sentence = f"da{{layer}}, and so dz{{layer}}, {words}"
    return slip(f"da of the output {words}", sentence, {"da": factor}, both(output, applies), "", source)


def of_hidden(name: str, words: str, vary: Vary, applies: Applies = always, source: str = "") -> Cause:
    """A slip in da of a hidden layer."""
    return slip(name, f"da{{layer}} {words}", {"da": vary}, both(is_hidden, applies), DA, source)


def of_dz(name: str, words: str, vary: Vary, applies: Applies = always, right: str = DZ, source: str = "") -> Cause:
    """A slip in dz."""
    return slip(name, f"dz{{layer}} {words}", {"dz": vary}, applies, right, source)


def of_slope(name: str, words: str, vary: Vary, applies: Applies = always, right: str = DZ, source: str = "") -> Cause:
    """A slip in the derivative that dz is computed with."""
    return slip(name, f"dz{{layer}} {words}", {"slope": vary}, applies, right, source)


OUTPUT_SLIPS = (
    of_output_scale("has the opposite sign: y − ŷ for ŷ − y", times(-1.0)),
    of_output_scale("has a factor 2 that the loss does not give", times(2.0)),
    of_output_scale("has a factor ½ that the loss does not give", times(0.5)),
    of_output_scale("is not divided by the number of examples", times(count_of_examples), is_mean),
    of_output_scale(
        "is divided by the number of examples once too often",
        times(per_example),
        several_examples,
        "SkalskiP/ILearnDeepLearning.py#29",
    ),
    of_output_scale("is divided by the number of outputs", times(per_output), several_outputs),
    of_output(
        "is ŷ − y, as for the squared error, where the loss is cross-entropy",
        squared_error_da,
        has_loss("bce", "cross-entropy"),
    ),
    of_output("is computed from z in place of a", da_of_z),
)

DZ_SLIPS = (
    slip(
        "ŷ − y of every pair",
        "ŷ − y is (m, m): y has the shape (m,) and ŷ (m, 1), so that every ŷ is compared with every y",
        {"loss": loss_of_every_pair, "da": da_of_every_pair},
        both(output, SQUARED, is_mean, lambda setting, layer: setting.outputs == 1),
        "y = y.reshape(-1, 1)",
        "StackOverflow 53457270",
        Scope.OUTPUT,
    ),
    of_slope(
        "derivative left out",
        "is da{layer}: the derivative of the activation is missing",
        slope_of(lambda z, a: np.ones_like(z)),
        is_not("identity"),
        source="Bot-Academy/NeuralNetworkFromScratch#3",
    ),
    of_slope(
        "a(1 − a) of z",
        "has a(1 − a) computed with z in place of a",
        slope_of(lambda z, a: z * (1.0 - z)),
        has_activation("sigmoid"),
        "dz = da * a * (1 - a)",
        "shiffman/Neural-Network-p5#22",
    ),
    of_slope(
        "1 − a² of z",
        "has 1 − a² computed with z in place of a",
        slope_of(lambda z, a: 1.0 - z * z),
        has_activation("tanh"),
        "dz = da * (1 - a**2)",
    ),
    of_slope(
        "derivative taken at a",
        "takes the derivative at a{layer}, which went through the activation already",
        slope_at_a,
        both(bends, is_not("relu", "leaky-relu")),
        source="davidrmiller/neural2d#40",
    ),
    of_slope("derivative twice", "is multiplied by the derivative twice", lambda run, layer, base: base() ** 2, bends),
    of_slope(
        "a(1 − a) of another activation",
        "uses a(1 − a), the derivative of sigmoid, and this layer is {activation}",
        slope_of(lambda z, a: a * (1.0 - a)),
        has_activation("tanh", "relu", "leaky-relu", "softmax"),
    ),
    of_slope(
        "1 − a² of another activation",
        "uses 1 − a², the derivative of tanh, and this layer is {activation}",
        slope_of(lambda z, a: 1.0 - a * a),
        has_activation("sigmoid", "relu", "leaky-relu"),
    ),
    of_slope(
        "1 − a as the derivative",
        "uses 1 − a as the derivative",
        slope_of(lambda z, a: 1.0 - a),
        has_activation("sigmoid", "tanh"),
    ),
    of_slope(
        "a as the derivative",
        "uses a itself as the derivative",
        slope_of(lambda z, a: a),
        has_activation("sigmoid", "tanh", "relu"),
    ),
    of_slope(
        "relu′ where z is negative",
        "keeps the gradient where z is negative, and drops it where z is positive",
        slope_of(lambda z, a: (z < 0.0).astype(z.dtype)),
        has_activation("relu"),
        "dz = da * (z > 0)",
    ),
    of_slope(
        "relu′ of the gradient",
        "asks whether the gradient is positive; it should ask whether z is",
        lambda run, layer, base: (run.get("da", layer) > 0.0).astype(np.float64),
        has_activation("relu"),
        "dz = da * (z > 0)",
    ),
    of_slope(
        "leak left out",
        "is 0 where z is negative: the slope of leaky-relu is missing",
        slope_of(lambda z, a: (z > 0.0).astype(z.dtype)),
        has_activation("leaky-relu"),
    ),
    of_dz(
        "ŷ − y times ŷ(1 − ŷ)",
        "is (ŷ − y) ŷ(1 − ŷ): for this loss ŷ − y is dz already",
        error_with_slope,
        both(output, has_activation("softmax"), has_loss("bce", "cross-entropy")),
        "dz = y_hat - y",
    ),
    of_dz(
        "ŷ − y for the squared error",
        "is ŷ − y, as for cross-entropy, where the loss is a squared error",
        error,
        both(output, SQUARED, bends),
    ),
)

HIDDEN_SLIPS = (
    of_hidden(
        "W not transposed",
        "is passed back by the next layer's W the wrong way round (transposed)",
        da_by(lambda run, layer: run.get("W", layer).T),
        feeds_square,
        "kadu-ymd/ann-deeplearning",
    ),
    of_hidden(
        "updated W",
        "is passed back by weights that are updated already; keep the old ones until all gradients are known",
        da_by(lambda run, layer: run.get("W_next", layer)),
        is_simultaneous,
        "kim-marcel/basic_neural_network#7",
    ),
    of_hidden(
        "old W",
        "is passed back by the weights before their update",
        da_by(lambda run, layer: run.get("W", layer)),
        is_sequential,
    ),
    of_hidden(
        "W of its own layer",
        "is passed back by W of its own layer in place of the next one's",
        da_by(lambda run, layer: run.get("W", layer - 1)),
        feeds_same_shape,
        "joelgrus/data-science-from-scratch#31",
    ),
    of_hidden(
        "W left out",
        "leaves out the weights of the next layer",
        lambda run, layer, base: run.get("dz", layer + 1).sum(axis=1, keepdims=True) + np.zeros_like(base()),
    ),
    of_hidden(
        "da passed back in place of dz",
        "is computed from da of the next layer in place of its dz",
        da_by(lambda run, layer: run.get("W", layer), "da"),
        next_bends,
    ),
    of_hidden(
        "first neuron only",
        "comes from the first neuron of the next layer alone; add up all of them",
        lambda run, layer, base: np.outer(run.get("dz", layer + 1)[:, 0], run.get("W", layer + 1)[0]),
        feeds_several,
    ),
    of_hidden(
        "last neuron only",
        "comes from the last neuron of the next layer alone; add up all of them",
        lambda run, layer, base: np.outer(run.get("dz", layer + 1)[:, -1], run.get("W", layer + 1)[-1]),
        feeds_several,
    ),
    of_hidden(
        "mean over the neurons",
        "is the mean over the neurons of the next layer; it should be the sum",
        lambda run, layer, base: base() / len(run.setting.W[layer]),
        feeds_several,
    ),
    of_hidden("da turned round", "has the opposite sign", times(-1.0)),
)
