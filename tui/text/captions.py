"""Captions: short descriptions of a snapshot, its batch and a gradient check."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...core.debugger.snapshot import Snapshot
from ...core.debugger.stage import WHOLE_BACKWARD
from ...core.quantities.quantity import Quantity
from ...core.training.dead_units import dead_in_training, dead_layers
from ...core.training.trainer import Trainer
from .data_names import DataNames
from .numbers import count, short

if TYPE_CHECKING:
    from ...core.gradient_check import Check

MOST_VALUES = 4
"""The most inputs or targets of an example in a line."""
WHOLE = 1000
"""Numbers from this on, such as prices, keep six digits; others have three."""


def batch_name(trainer: Trainer) -> str:
    """The word before loss and accuracy: "train" if a batch is all training examples, otherwise "batch"."""
    return "train" if trainer.is_full_batch else "batch"


def data_row(trainer: Trainer, snapshot: Snapshot, example: int) -> int | None:
    """The row, from 1, of an example, from 0; None if it equals its number in the batch."""
    rows = trainer.rows(snapshot.state)
    if example >= len(rows) or rows[example] == example + 1:
        return None
    return int(rows[example])


def example_values(snapshot: Snapshot, example: int, names: DataNames) -> str:
    """The inputs of an example of the batch, from 0, and its targets, as "x₁ 0  x₂ 1 → 1"."""
    x, y = snapshot.forward.X[example], snapshot.forward.y[example]
    if len(x) > MOST_VALUES or len(y) > MOST_VALUES:
        return ""
    inputs = "  ".join(f"{names.input(n)} {_rounded(value)}" for n, value in enumerate(x.tolist()))
    return f"{inputs} → {' '.join(map(_rounded, y.tolist()))}"


def _rounded(value: float) -> str:
    return short(float(f"{value:.{6 if abs(value) >= WHOLE else 3}g}"))


def stale_label(snapshot: Snapshot) -> str:
    """The step of the dim numbers, which are older than the snapshot; empty if there are none."""
    if snapshot.updated:
        return f"dim = from step {count(snapshot.backward.step)}"
    is_whole = (
        snapshot.stage == WHOLE_BACKWARD or snapshot.stage.layer == 0 and snapshot.stage.phase is WHOLE_BACKWARD.phase
    )
    return f"dim = from step {count(snapshot.before.backward.step)}" if snapshot.before and not is_whole else ""


def dead_text(trainer: Trainer, snapshot: Snapshot) -> str:
    """A sentence on the layers in which every ReLU is dead for all training examples; empty if there are none."""
    forward = trainer.forward(snapshot.state) if snapshot.updated else snapshot.forward
    layers = dead_layers(trainer.network, dead_in_training(trainer, forward))
    if not layers:
        return ""
    names = " and ".join(str(n + 1) for n in layers)
    which, whose = (f"layer {names}", "its") if len(layers) == 1 else (f"layers {names}", "their")
    return f"{which}: every ReLU is dead for every example; {whose} gradients stay 0"


def check_text(checks: "Mapping[Quantity, Check]", snapshot: Snapshot) -> str:
    """The number of gradients that agree with the slope of the loss, and during a check that of all checked ones."""
    total, verdicts = snapshot.backward.gradient.size, [each.verdict for each in checks.values()]
    if not verdicts:
        return ""
    if len(verdicts) < total:
        return f"checked {count(len(verdicts))} of {count(total)}"
    from ...core.gradient_check import Verdict

    wrong, kinks = verdicts.count(Verdict.WRONG), verdicts.count(Verdict.KINK)
    said = f"{count(verdicts.count(Verdict.AGREES))} of {count(total)} agree"
    return f"{'✗' if wrong else '✓'} {said}{f', {count(kinks)} at a kink' if kinks else ''}"
