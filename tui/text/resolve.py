"""What is asked for: the explanation of a number on the screen, whichever step it is of."""

from ...core.debugger.snapshot import Freshness, Snapshot
from ...core.explaining.explain import explain
from ...core.explaining.explanation import Explanation
from ...core.naming import match, moved
from ...core.training.trainer import Trainer


def explained(trainer: Trainer, snapshot: Snapshot, quantity: str) -> Explanation:
    """Where a number that a moment shows comes from.

    Raises:
        ValueError: no quantity has such a name.
        IndexError: the network has no such layer, neuron or example.
    """
    name = quantity if quantity.startswith("last-") else resolve(snapshot, quantity)
    return explain(trainer, snapshot.backward, name, snapshot.before)


def resolve(snapshot: Snapshot, quantity: str) -> str:
    """The full name of a number that a moment shows: of this step, or of the last one where it is older."""
    if moved(quantity) and not quantity.startswith("next-"):
        return f"next-{quantity}" if snapshot.updated else quantity
    if snapshot.updated:
        return quantity
    return f"last-{quantity}" if _freshness(snapshot, quantity) is Freshness.STALE else quantity


def _freshness(snapshot: Snapshot, quantity: str) -> Freshness:
    form = match(quantity.removeprefix("penalty-"))
    if form is None:
        return snapshot.loss_freshness
    name, layer = form["name"] or form["data"], int(form["layer"] or 0) - 1
    if name in ("z", "a") and layer >= 0:
        return snapshot.forward_freshness(layer)
    return snapshot.backward_freshness(max(layer, 0)) if name.startswith("d") else Freshness.CURRENT
