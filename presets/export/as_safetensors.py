"""safetensors: the weights and biases under the names that PyTorch gives them, and metadata of the data."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from ...core.functions.arrays import Array
from .data_facts import data_facts, model_tensors
from .export_format import Contents, ExportFormat

DTYPES = {"float64": "F64", "float32": "F32"}
"""Names of the types in safetensors."""
ALIGNMENT = 8
"""A header's length is a multiple of this many bytes, so that programs can map the numbers."""


def safetensors(named: Mapping[str, Array], facts: Mapping[str, Any] = MappingProxyType({})) -> bytes:
    """The arrays as .safetensors, with facts as metadata, each a text of JSON.

    Source: https://github.com/huggingface/safetensors#format
    """
    texts = {name: json.dumps(value, default=np.ndarray.tolist, ensure_ascii=False) for name, value in facts.items()}
    header: dict[str, object] = {"__metadata__": texts} if texts else {}
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
    help="the same for PyTorch's Sequential(Linear, activation, Linear, …); what is known of the data is metadata",
    can_fold=True,
    is_text=False,
    write_step=lambda step: [safetensors(model_tensors(step), data_facts(step))],
)
