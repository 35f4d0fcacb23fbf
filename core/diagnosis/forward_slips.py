"""Slips in the forward pass, in the order of the operations that they change."""

from __future__ import annotations

import numpy as np

from ..functions.arrays import Array
from .cause import Applies, Cause, Scope, Vary, always
from .computation import a_prev, bias
from .conditions import both, has_activation, has_bias, has_loss, is_not, not_first, several_examples, square
from .variations import activated_by, sloped_by

Z, A = "z = a_prev @ W.T + b", "a = f(z)"
"""The right lines."""


def slip(
    name: str,
    sentence: str,
    at: dict[str, Vary],
    applies: Applies = always,
    right: str = "",
    source: str = "",
    scope: Scope = Scope.EACH,
) -> Cause:
    """A slip that can be made in every layer, in some, or in one."""
    return Cause(name=name, sentence=sentence, at=at, applies=applies, right=right, source=source, scope=scope)


def other_activation(name: str) -> Cause:
    """A layer that uses another activation, in both passes."""
    at = {"a": activated_by(name), "slope": sloped_by(name)}
    return slip(f"{name} in place of the activation", f"layer {{layer}} uses {name}", at, is_not(name, "softmax"), A)


def softmax_of_columns(z: Array) -> Array:
    """Softmax over the examples, (batch, n_out)."""
    powers = np.exp(z - z.max(axis=0, keepdims=True))
    result: Array = powers / powers.sum(axis=0, keepdims=True)
    return result


FORWARD_SLIPS = (
    slip(
        "target turned round",
        "the target is 1 − y",
        {"y": lambda run, layer, base: 1.0 - base()},
        has_loss("bce", "cross-entropy"),
        scope=Scope.WHOLE,
    ),
    Cause(
        name="layer read as (in, out)",
        sentence="W{layer} is used as (in, out), so it is transposed",
        at={
            "z": lambda run, layer, base: a_prev(run, layer).dot(run.get("W", layer)) + bias(run, layer),
            "da": lambda run, layer, base: run.get("dz", layer + 1).dot(run.get("W", layer + 1).T),
        },
        above=frozenset({"da"}),
        applies=square,
        right=Z,
        source="glouw/tinn#22",
    ),
    slip(
        "bias left out",
        "z{layer} leaves the bias out",
        {"z": lambda run, layer, base: base() - run.get("b", layer)},
        has_bias,
        Z,
    ),
    slip(
        "bias subtracted",
        "z{layer} subtracts the bias",
        {"z": lambda run, layer, base: base() - 2.0 * run.get("b", layer)},
        has_bias,
        Z,
    ),
    slip(
        "z of the layer before",
        "z{layer} is computed from the z of the layer before: its activation is missing",
        {"z": lambda run, layer, base: run.get("z", layer - 1).dot(run.get("W", layer).T) + bias(run, layer)},
        not_first,
        Z,
    ),
    slip(
        "activation left out",
        "a{layer} is z{layer}: the activation is missing",
        {"a": lambda run, layer, base: run.get("z", layer)},
        is_not("identity"),
        A,
    ),
    slip(
        "activation twice",
        "a{layer} went through the activation twice",
        {"a": lambda run, layer, base: run.setting.trainer.network.layers[layer - 1].activation(base())},
        is_not("identity", "relu"),
        A,
    ),
    slip(
        "sigmoid of −z",
        "a{layer} has e^z where e^−z belongs",
        {"a": lambda run, layer, base: 1.0 - base()},
        has_activation("sigmoid"),
        "a = 1 / (1 + np.exp(-z))",
    ),
    slip(
        "softmax over the examples",
        "a{layer} adds up to 1 over the examples and not over the outputs: the axis of softmax is wrong",
        {"a": lambda run, layer, base: softmax_of_columns(run.get("z", layer))},
        both(has_activation("softmax"), several_examples),
        "a = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)",
        "ethanfetaya/NRI#25",
    ),
    *(other_activation(name) for name in ("sigmoid", "tanh", "relu", "leaky-relu", "identity")),
)
