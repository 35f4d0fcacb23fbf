"""The short explanation of a number: the few lines that follow the cursor."""

from ...core.debugger.snapshot import Snapshot
from ...core.quantities.notation import Notation
from ...core.quantities.quantity import Quantity
from ...core.training.trainer import Trainer
from .explanation import explanation_page
from .resolve import explain_shown
from .spans import Lines


def brief(trainer: Trainer, snapshot: Snapshot, quantity: Quantity, notation: Notation, decimals: int) -> Lines:
    """Where a number comes from, in lines for the screen."""
    try:
        explanation = explain_shown(trainer, snapshot, quantity)
    except (ValueError, IndexError):
        return Lines([])
    return Lines([line for line in explanation_page(explanation, notation, decimals).lines[2:] if line])
