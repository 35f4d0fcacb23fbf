"""What is asked for: the explanation of a number on the screen, whichever step it is of."""

from ...core.explaining.explain import explain
from ...core.explaining.explanation import Explanation
from ...core.naming import match, moved
from ...core.running.moment import Age, Moment
from ...core.training.trainer import Trainer


def explained(trainer: Trainer, moment: Moment, quantity: str) -> Explanation:
    """Where a number that a moment shows comes from.

    Raises:
        ValueError: no quantity has such a name.
        IndexError: the network has no such layer, neuron or example.
    """
    name = quantity if quantity.startswith("last-") else asked(moment, quantity)
    return explain(trainer, moment.backward, name, moment.before)


def asked(moment: Moment, quantity: str) -> str:
    """The full name of a number that a moment shows: of this step, or of the last one where it is older."""
    if moved(quantity) and not quantity.startswith("next-"):
        return f"next-{quantity}" if moment.updated else quantity
    if moment.updated:
        return quantity
    return f"last-{quantity}" if _age(moment, quantity) is Age.STALE else quantity


def _age(moment: Moment, quantity: str) -> Age:
    form = match(quantity.removeprefix("penalty-"))
    if form is None:
        return moment.loss_age
    name, layer = form["name"] or form["data"], int(form["layer"] or 0) - 1
    if name in ("z", "a") and layer >= 0:
        return moment.forward_age(layer)
    return moment.backward_age(max(layer, 0)) if name.startswith("d") else Age.CURRENT
