"""Compatibility: which activations, losses and targets go together, as the functions themselves say."""

from collections.abc import Sequence

from .activation import VectorActivation
from .activations import ACTIVATIONS
from .losses import LOSSES


def activations_fault(activations: Sequence[str], outputs: int) -> str | None:
    """What is wrong with the activations of all layers, the last of so many outputs; None where nothing is."""
    vector = next((name for name in activations if isinstance(ACTIVATIONS[name], VectorActivation)), None)
    if activations[-1] == vector and outputs == 1:
        return (
            f"{vector} needs several outputs: of one it is always 1, and nothing is learned; "
            'expected "sigmoid" for the last layer, with the loss "bce"'
        )
    if vector in activations[:-1]:
        return f"{vector} is for the last layer only, as it weighs its outputs against each other"
    return None


def pair_fault(loss: str, output: str) -> str | None:
    """What is wrong with a loss of an output's activation, and would be right; None where nothing is."""
    needed = LOSSES[loss].outputs
    if needed is None or output in needed.activations:
        return None
    expected = " or ".join(f'"{name}"' for name in needed.activations)
    return f'{loss} needs {needed.why}: expected {expected} for the last layer, got "{output}"'


def target_fault(loss: str, target: float) -> str | None:
    """What is wrong with a target under a loss, and would be right; None where nothing is."""
    targets = LOSSES[loss].targets
    if targets is None or targets.takes(target):
        return None
    return f"expected {targets.expected}, as the loss is {loss}, got {target:g}"
