"""Weights and biases from a file of another program, as the initial parameters of a preset."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from ...core.network.network import Bias
from ..csv.table import name_list
from ..errors import PresetError
from ..schema import NetworkTable, Preset
from .named_arrays import FOLDED, NamedArrays, name_of, read_named_arrays

LAYOUTS = ("out-in", "in-out")
"""How W is laid out: (n_out, n_in) as in PyTorch, or (n_in, n_out) as in Keras and scikit-learn."""
WEIGHT = re.compile(r"weight|kernel|coef|(^|[._ ])w\d*($|[._ ])", re.IGNORECASE)
BIAS = re.compile(r"bias|intercept|(^|[._ ])b\d*($|[._ ])", re.IGNORECASE)
UNNAMED = re.compile(r"arr_\d+")
"""NumPy's names of arrays that were saved without a name."""
IN_OUT = re.compile(r"kernel|coef|arr_\d+", re.IGNORECASE)
"""Names from programs that use (n_in, n_out)."""
OUT_IN = re.compile(r"\.weight$")
"""Names from PyTorch."""
FEW_NAMES = 8
"""Names of arrays that a message lists."""
Arrays = Sequence[npt.NDArray[Any]]


def with_weights(preset: Preset, path: Path, layout: str | None = None) -> Preset:
    """The preset with the weights and biases of a file.

    Args:
        preset: the preset whose network they are for.
        path: a file that `named_arrays` reads.
        layout: the layout of W, one of LAYOUTS; detected if it is None.

    Raises:
        PresetError: the file cannot be read, or its arrays do not fit the network.
    """
    try:
        arrays = read_named_arrays(path)
        if FOLDED in arrays and (preset.data.standardize or preset.data.standardize_target):
            what = "the standardization is folded into these weights: expected data that is not standardized"
            raise PresetError(str(path), what)
        network = network_with(preset.network, arrays, layout)
    except PresetError:
        raise
    except ValueError as error:
        raise PresetError(name_of(path), str(error)) from None
    return replace(preset, network=network)


def network_with(network: NetworkTable, arrays: NamedArrays, layout: str | None = None) -> NetworkTable:
    """The network with the weights, (n_out, n_in), and biases, (n_out,), among these arrays.

    Raises:
        ValueError: they do not fit the network, or nothing says how a square W is laid out.
    """
    arrays = {name: np.ma.filled(array, np.nan) for name, array in arrays.items()}
    weights, biases = _by_role(arrays)
    layers = list(zip(network.layers, network.layers[1:], strict=False))
    names = name_list(list(arrays), FEW_NAMES)
    if len(weights) != len(layers):
        raise ValueError(f"expected the weights of {len(layers)} layers, got {len(weights)} among {names}")
    layout = layout or _layout(arrays, weights, layers)
    W = [_fitting(array, n, shape, layout) for n, (array, shape) in enumerate(zip(weights, layers, strict=True), 1)]
    if not biases and network.bias != "none":
        biases = [np.zeros(Bias(network.bias).size(n_out)) for _, n_out in layers]
    if network.bias == "none":
        if any(each.any() for each in biases):
            raise ValueError("expected no biases, as the network has none")
        return replace(network, weights=[each.tolist() for each in W], biases=None, init=None)
    if len(biases) != len(layers):
        raise ValueError(f"expected the biases of {len(layers)} layers, got {len(biases)} among {names}")
    rows = [
        _bias(each, n, n_out, network.bias) for n, (each, (_, n_out)) in enumerate(zip(biases, layers, strict=True), 1)
    ]
    return replace(network, weights=[each.tolist() for each in W], biases=rows, init=None)


def _by_role(arrays: NamedArrays) -> tuple[Arrays, Arrays]:
    """The weights and the biases, in the order of the numbers in their names."""
    weights: list[npt.NDArray[Any]] = []
    biases: list[npt.NDArray[Any]] = []
    for name in sorted(arrays, key=_number):
        array = arrays[name]
        parts = list(array) if array.ndim == 3 else [array]
        for part in parts:
            is_bias = bool(BIAS.search(name)) if not UNNAMED.fullmatch(name) else part.ndim < 2
            if is_bias and part.ndim == 2 and array.ndim == 2 and 1 not in part.shape:
                biases += list(part)  # a row for each layer of the same size
            elif is_bias:
                biases.append(part.ravel())
            elif WEIGHT.search(name) or UNNAMED.fullmatch(name):
                weights.append(np.atleast_2d(part))
    return weights, biases


def _number(name: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", name)) or (0,)


def _layout(arrays: NamedArrays, weights: Arrays, layers: Sequence[tuple[int, int]]) -> str:
    """How W is laid out, by the shapes, else by the names."""
    pairs = list(zip(weights, layers, strict=True))
    out_in = any(W.shape == (n_out, n_in) and n_in != n_out for W, (n_in, n_out) in pairs)
    in_out = any(W.shape == (n_in, n_out) and n_in != n_out for W, (n_in, n_out) in pairs)
    if out_in != in_out:
        return "out-in" if out_in else "in-out"
    if not out_in and all(1 in W.shape for W in weights):
        return "out-in"
    named_out_in = any(OUT_IN.search(name) for name in arrays)
    named_in_out = any(IN_OUT.search(name) for name in arrays)
    if named_out_in != named_in_out:
        return "out-in" if named_out_in else "in-out"
    raise ValueError(
        "every W is square, so nothing says how it is laid out: expected --layout out-in, as in PyTorch, "
        "or --layout in-out, as in Keras; in a preset, layout beside weights"
    )


def _fitting(array: npt.NDArray[Any], layer: int, shape: tuple[int, int], layout: str) -> npt.NDArray[Any]:
    n_in, n_out = shape
    W = array if layout == "out-in" else array.T
    if W.shape != (n_out, n_in):
        expected = (n_out, n_in) if layout == "out-in" else (n_in, n_out)
        raise ValueError(
            f"W of layer {layer}: expected {expected[0]} × {expected[1]}, got {array.shape[0]} × {array.shape[1]}"
        )
    return W


def _bias(array: npt.NDArray[Any], layer: int, n_out: int, kind: str) -> list[float]:
    size = Bias(kind).size(n_out)
    if kind == "shared" and array.size == n_out and len(set(array.tolist())) == 1:
        array = array[:1]
    if array.size != size:
        raise ValueError(f"b of layer {layer}: expected {size} numbers, got {array.size}")
    return [float(each) for each in array]
