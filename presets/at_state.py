"""A preset that begins where a training stands."""

from pathlib import Path

from msgspec.structs import replace

from ..core.training.state import State
from .examples import with_inline_data
from .schema import Preset


def at_state(preset: Preset, folder: Path, state: State) -> Preset:
    """The preset with a state's parameters, and the examples of its file in it.

    The optimizer's memory and the place in the epoch are no part of a preset, nor are figures of its source.

    Raises:
        PresetError: the data file cannot be used.
    """
    weights = [W.tolist() for W in state.W]
    biases = None if preset.network.bias == "none" else [b.tolist() for b in state.b]
    network = replace(preset.network, init=None, weights=weights, biases=biases)
    return replace(with_inline_data(preset, folder), network=network, published=[])
