"""Weights and biases under the names that PyTorch's Sequential(Linear, activation, Linear, …) gives them."""

import numpy as np

from ...core.functions.arrays import Array
from ...core.training.state import State


def tensors(state: State) -> dict[str, Array]:
    """Each layer's "0.weight", "0.bias", "2.weight" …; a shared bias is given to every neuron, none is left out."""
    named: dict[str, Array] = {}
    for n, (W, b) in enumerate(zip(state.W, state.b, strict=True)):
        named[f"{2 * n}.weight"] = W
        if b.size:
            named[f"{2 * n}.bias"] = np.broadcast_to(b, (len(W),))
    return named
