"""Editable numbers: the parameter, input or target that a number on the screen belongs to."""

from math import floor, isfinite, log10
from typing import NamedTuple

from ...core.debugger.facts import Nudge
from ...core.debugger.snapshot import Snapshot
from ...core.notation.labels import Labels
from ...core.quantities.quantity import Kind, Quantity
from ...core.steps.values import parameter_of, value_of
from ...core.training.trainer import Trainer
from .numbers import MINUS, signed


class Editable(NamedTuple):
    """A number that can be edited."""

    what: Quantity
    """The number; its example is counted in the whole data."""
    value: float
    row: int | None = None
    """The row of an input or a target in the data."""


def editable(trainer: Trainer, snapshot: Snapshot, quantity: Quantity) -> Editable:
    """The number that is edited for a number on the screen: for a gradient, its parameter.

    Raises:
        ValueError: the number is computed from others, which the message names; or it belongs to a larger batch.
    """
    match quantity.kind:
        case Kind.W | Kind.B | Kind.DW | Kind.DB:
            return Editable(quantity.parameter, parameter_of(quantity.parameter, snapshot.state))
        case Kind.X | Kind.Y:
            return _editable_data(trainer, snapshot, quantity)
        case _:
            raise ValueError("only weights, biases, inputs and targets can be edited")


def _editable_data(trainer: Trainer, snapshot: Snapshot, quantity: Quantity) -> Editable:
    """An input or a target of the batch, by its position in the whole data."""
    state = snapshot.backward.forward.state
    examples = trainer.batches.examples_of(state.epoch, state.position)
    if quantity.row >= len(examples):
        raise ValueError(f"expected one of the {len(examples)} examples of this batch, got number {quantity.row + 1}")
    what = quantity.of_example(int(examples[quantity.row]))
    return Editable(what, value_of(quantity, snapshot.backward), int(trainer.rows(state)[quantity.row]))


LEAST = 1e-9
"""The size below which numbers have an exponent."""


def nudge_text(nudge: Nudge, labels: Labels) -> str:
    """The result of a nudge, in a line."""
    by, predicted, actual = (_exact(each) for each in (nudge.by, nudge.predicted, nudge.actual))
    return f"{labels.text(nudge.what)} {by}: loss predicted {predicted}, actual {actual}"


def _exact(value: float) -> str:
    """A number with its sign, and with enough decimals for three digits, in the form of the numbers beside it."""
    size = abs(value)
    if not isfinite(value) or not LEAST <= size < 1e6:
        return signed(value).strip()
    decimals = max(2 - floor(log10(size)), 0)
    return f"{'+' if value > 0 else MINUS}{size:.{decimals}f}"
