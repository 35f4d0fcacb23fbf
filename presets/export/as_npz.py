"""NumPy's .npz: the weights and biases under the names that PyTorch gives them, and facts of the data."""

from collections.abc import Mapping
from io import BytesIO

import numpy as np
import numpy.typing as npt

from .data_facts import data_facts, model_tensors
from .export_format import Contents, ExportFormat


def npz(named: Mapping[str, npt.ArrayLike]) -> bytes:
    """The arrays as NumPy's .npz."""
    file = BytesIO()
    np.savez(file, **dict(named))  # type: ignore[arg-type]  # newer ones have allow_pickle too, which no array is named
    return file.getvalue()


FORMAT = ExportFormat(
    name="npz",
    title="npz",
    ending=".npz",
    contents=Contents.WEIGHTS,
    help="the weights and biases for NumPy, with PyTorch's names, and the names and scaling of the data",
    can_fold=True,
    is_text=False,
    write_step=lambda step: [npz(model_tensors(step) | data_facts(step))],
)
