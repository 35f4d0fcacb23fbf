"""What can be altered: the parameter, input or target that a number on the screen belongs to."""

from typing import NamedTuple

from ...core.debugger.snapshot import Snapshot
from ...core.functions.formula import Name
from ...core.naming import match
from ...core.notation import Labels
from ...core.quantity import Quantity
from ...core.training.trainer import Trainer
from ...core.worker.inbox import Nudge
from .numbers import signed


class Editable(NamedTuple):
    """A number that can be altered."""

    what: str
    """Its name; an example is counted in the whole data."""
    value: float
    row: int | None = None
    """The row in the data of an input or a target."""


def editable(trainer: Trainer, snapshot: Snapshot, quantity: str) -> Editable:
    """What altering a number on the screen alters: of a gradient, its parameter.

    Raises:
        ValueError: it follows from others, and which can be altered; or it was of a larger batch.
    """
    form = match(quantity.removeprefix("d").partition("@")[0])
    kind = (form["name"] or form["data"]) if form else ""
    if kind not in ("w", "b", "x", "y"):
        raise ValueError(
            "expected a weight, a bias, an input or a target under the cursor: other numbers follow from them"
        )
    if kind in ("w", "b"):
        name = quantity.removeprefix("d").partition("@")[0]
        found = Quantity.parse(name)
        arrays = snapshot.state.W if kind == "w" else snapshot.state.b
        return Editable(name, float(arrays[found.layer][found.index]))
    name, _, row = quantity.partition("@")
    state = snapshot.backward.forward.state
    examples = trainer.batches.examples_of(state.epoch, state.position)
    if int(row or 1) > len(examples):
        raise ValueError(f"expected one of the {len(examples)} examples of this batch, got number {row}")
    example = int(examples[int(row or 1) - 1])
    row_of_data = int(trainer.rows(state)[int(row or 1) - 1])
    return Editable(f"{name}@{example + 1}", Quantity.parse(quantity).of(snapshot.backward), row_of_data)


def nudge_text(nudge: Nudge, labels: Labels, decimals: int) -> str:
    """What came of a nudge, in a line."""
    by, predicted, actual = (signed(each, decimals).strip() for each in (nudge.by, nudge.predicted, nudge.actual))
    return f"{labels.text(Name(nudge.what))} {by}: loss predicted {predicted}, actual {actual}"
