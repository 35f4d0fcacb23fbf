"""How well predictions do, beyond the loss."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Evaluation:
    """A network's result on a set of examples."""

    loss: float
    accuracy: float | None
    """Share of examples that are classified correctly; None where the outputs are numbers, or of a single example."""
