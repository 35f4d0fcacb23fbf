"""What another program needs to use the weights: names of the data, its scaling, and held-out rows."""

from typing import Any

import numpy as np

from ...core.data.scaling import Scale
from ...core.functions.arrays import Array
from ..errors import PresetError
from ..user_arrays.named_arrays import FACTS, FOLDED
from .export_format import StepExport, tensors


def data_facts(step: StepExport) -> dict[str, Any]:
    """What is known of the data: lists of names, arrays, and the rows that were held out, from 1."""
    data, test = step.trainer.train, step.trainer.test
    scale, target_scale = (None, None) if step.fold else (data.scale, data.target_scale)
    known = {
        "input_names": list(data.input_names) or None,
        "target_names": list(data.target_names) or None,
        "class_names": list(data.class_names) or None,
        "mean": scale.mean if scale else None,
        "deviation": scale.deviation if scale else None,
        "target_mean": target_scale.mean if target_scale else None,
        "target_deviation": target_scale.deviation if target_scale else None,
        "fill": data.fill,
        "test_rows": test.rows_of(np.arange(len(test))) if test else None,
        FOLDED: True if step.fold and (data.scale or data.target_scale) else None,
    }
    return {name: known[name] for name in FACTS if known[name] is not None}


def model_tensors(step: StepExport) -> dict[str, Array]:
    """The weights and biases; with fold, for inputs that are not standardized.

    Raises:
        PresetError: the scale of the target cannot be folded into the last layer.
    """
    named = tensors(step.backward.state)
    data, output = step.trainer.train, step.trainer.network.layers[-1].activation.name
    if step.fold and data.scale:
        _fold_inputs(named, data.scale)
    if step.fold and data.target_scale:
        if output != "identity":
            what = f"expected the activation identity in the last layer, as the target is standardized, got {output}"
            raise PresetError("--fold", what)
        _fold_targets(named, data.target_scale, len(step.trainer.network.layers) - 1)
    return named


def _fold_inputs(named: dict[str, Array], scale: Scale) -> None:
    """W (x − mean) / deviation + b is W′ x + b′."""
    W = named["0.weight"] / scale.deviation
    b = named.get("0.bias", np.zeros(len(W))) - W @ scale.mean
    named |= {"0.weight": W.astype(named["0.weight"].dtype), "0.bias": b.astype(named["0.weight"].dtype)}


def _fold_targets(named: dict[str, Array], scale: Scale, last: int) -> None:
    """(W a + b) · deviation + mean is W′ a + b′."""
    weight, bias = f"{2 * last}.weight", f"{2 * last}.bias"
    W, b = named[weight], named.get(bias, np.zeros(len(named[weight])))
    named |= {
        weight: (W * scale.deviation[:, np.newaxis]).astype(W.dtype),
        bias: (b * scale.deviation + scale.mean).astype(W.dtype),
    }
