"""Pairs: which activations, losses and targets go together."""

from collections.abc import Sequence

NEEDS = (
    ("bce", ("sigmoid", "softmax"), "predictions between 0 and 1"),
    ("cross-entropy", ("softmax",), "shares that add up to 1"),
)
"""Losses that not every output can have: the loss, the outputs that it can be of, and what it needs."""


def activations_fault(activations: Sequence[str], outputs: int) -> str | None:
    """What is wrong with the activations of all layers, the last of so many outputs; None where nothing is."""
    if activations[-1] == "softmax" and outputs == 1:
        return (
            "softmax needs several outputs: of one it is always 1, and nothing is learned; "
            'expected "sigmoid" for the last layer, with the loss "bce"'
        )
    if "softmax" in activations[:-1]:
        return "softmax is for the last layer only, as it weighs its outputs against each other"
    return None


def pair_fault(loss: str, output: str) -> str | None:
    """What is wrong with a loss of an output's activation, and would be right; None where nothing is."""
    for needing, outputs, why in NEEDS:
        if loss == needing and output not in outputs:
            expected = " or ".join(f'"{name}"' for name in outputs)
            return f'{loss} needs {why}: expected {expected} for the last layer, got "{output}"'
    return None


def target_fault(loss: str, target: float) -> str | None:
    """What is wrong with a target under a loss, and would be right; None where nothing is."""
    if loss in ("bce", "cross-entropy") and not 0 <= target <= 1:
        return f"expected a number from 0 to 1, as the loss is {loss}, got {target:g}"
    if loss == "hinge" and target not in (-1, 1):
        return f"expected -1 or 1, as the loss is hinge, got {target:g}"
    return None
