"""safetensors: the weights and biases under the names that PyTorch gives them."""

import json
from collections.abc import Mapping

import numpy as np

from ...core.functions.arrays import Array
from .export_format import Contents, ExportFormat, tensors

DTYPES = {"float64": "F64", "float32": "F32"}
"""What safetensors calls them."""
ALIGNMENT = 8
"""Bytes by which a header's length can be divided, so that numbers lie where a program can read them in place."""


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


FORMAT = ExportFormat(
    name="safetensors",
    title="safetensors",
    ending=".safetensors",
    contents=Contents.WEIGHTS,
    help="the weights and biases, with the names of PyTorch's Sequential(Linear, activation, Linear, …)",
    is_text=False,
    write_step=lambda step: [safetensors(tensors(step.backward.state))],
)
