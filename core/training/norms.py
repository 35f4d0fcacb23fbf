"""Lengths: how large a gradient is, and how large a change beside what it changes."""

from math import nan

import numpy as np

from ..functions.arrays import Array
from .events import BackwardPass, Updated


def gradient_norms(backward: BackwardPass) -> list[float]:
    """‖∂L/∂W‖ of each layer."""
    return [_length(dW) for dW in backward.dW]


def update_ratios(update: Updated) -> list[float]:
    """‖ΔW‖ / ‖W‖ of each layer; not a number where W is 0."""
    before = update.backward.state.W
    return [_length(new - old) / (_length(old) or nan) for new, old in zip(update.state.W, before, strict=True)]


def _length(array: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.sqrt(np.square(array).sum()))
