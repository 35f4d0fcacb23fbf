"""Weights and biases under the names that PyTorch's Sequential(Linear, activation, Linear, …) gives them."""

import json
from collections.abc import Mapping
from io import BytesIO

import numpy as np

from ...core.functions.arrays import Array
from ...core.training.state import State

DTYPES = {"float64": "F64", "float32": "F32"}
"""What safetensors calls them."""
ALIGNMENT = 8
"""Bytes by which a header's length can be divided, so that numbers lie where a program can read them in place."""


def tensors(state: State) -> dict[str, Array]:
    """Each layer's "0.weight", "0.bias", "2.weight" …; a shared bias is told to every neuron, none is left out."""
    named: dict[str, Array] = {}
    for n, (W, b) in enumerate(zip(state.W, state.b, strict=True)):
        named[f"{2 * n}.weight"] = W
        if b.size:
            named[f"{2 * n}.bias"] = np.broadcast_to(b, (len(W),))
    return named


def npz(named: Mapping[str, Array]) -> bytes:
    """The arrays as NumPy's .npz."""
    file = BytesIO()
    np.savez(file, **dict(named))  # type: ignore[arg-type]  # newer ones have allow_pickle too, which no array is named
    return file.getvalue()


def safetensors(named: Mapping[str, Array]) -> bytes:
    """The arrays as .safetensors.

    Source: https://github.com/huggingface/safetensors#format
    """
    header: dict[str, object] = {}
    data = b""
    for name, array in named.items():
        content = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
        header[name] = {
            "dtype": DTYPES[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(content)],
        }
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % ALIGNMENT)
    return len(text).to_bytes(8, "little") + text + data
