"""What is asked for: the name under which a number on the screen can be explained."""

from ...core.naming import match, moved
from ...core.running.moment import Age, Moment


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
