"""NumPy's .npz: the weights and biases under the names that PyTorch gives them."""

from collections.abc import Mapping
from io import BytesIO

import numpy as np

from ...core.functions.arrays import Array
from .export_format import Contents, ExportFormat, tensors


def npz(named: Mapping[str, Array]) -> bytes:
    """The arrays as NumPy's .npz."""
    file = BytesIO()
    np.savez(file, **dict(named))  # type: ignore[arg-type]  # newer ones have allow_pickle too, which no array is named
    return file.getvalue()


FORMAT = ExportFormat(
    name="npz",
    title="npz",
    ending=".npz",
    contents=Contents.WEIGHTS,
    help="the weights and biases for NumPy, with PyTorch's names",
    is_text=False,
    write_step=lambda step: [npz(tensors(step.backward.state))],
)
