"""Explaining: from the name of any number of a step to where it comes from."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from re import Match

from ..functions.clipping import NO_CLIPPING
from ..functions.formula import agrees
from ..naming import EXPECTED_OF_A_STEP, FORMER, is_quantity, moved
from ..quantity import Quantity
from ..training.events import BackwardPass, Updated
from ..training.trainer import Trainer
from . import backward as neurons
from . import forward as values
from . import parameter_gradients as gradients
from .bounds import check
from .clipping import explain_clipped, parameters
from .explanation import Explanation
from .forward import explained, given
from .step import Step
from .updates import ParameterUpdate, needed, update_equations

OTHER_SETTINGS = "the last update was made under other settings"


def explain(trainer: Trainer, backward: BackwardPass, quantity: str, before: Updated | None = None) -> Explanation:
    """Where a number of a step comes from.

    Args:
        trainer: under which the step is made.
        backward: the step's gradients.
        quantity: its name; "last-" before it means the step before.
        before: the update that led to this step; None at the start.

    Raises:
        ValueError: no quantity has such a name.
        IndexError: the network has no such layer, neuron or example.
    """
    if not quantity.startswith(FORMER):
        return _explain(Step(trainer, backward), quantity, before)
    if before is None:
        raise ValueError(f"{quantity}: expected a step with one before it, but nothing is updated yet")
    former = Step(trainer.as_of(before.backward), before.backward, before, FORMER)
    return _explain(former, quantity.removeprefix(FORMER), None)


def quantities(trainer: Trainer, backward: BackwardPass) -> Iterator[str]:
    """The name of every number of a step that can be explained, in the order in which they are computed."""
    step = Step(trainer, backward)
    layers, examples = range(len(step.network.layers)), range(step.batch)
    yield from parameters(step)
    for k in examples:
        yield from (step.name("x", -1, i, example=k) for i in range(step.inputs(0)))
        yield from (step.name("y", 0, i, example=k) for i in range(step.outputs(step.last)))
        for n in layers:
            yield from (step.name(kind, n, i, example=k) for kind in "za" for i in range(step.outputs(n)))
    yield from (f"loss@{k + 1}" for k in examples)
    yield from ("loss", "mean-abs-error", "penalty")
    for k in examples:
        for n in reversed(layers):
            yield from (step.name(kind, n, i, example=k) for kind in ("da", "dz") for i in range(step.outputs(n)))
        yield from (step.name("da", -1, i, example=k) for i in range(step.inputs(0)))
    for name in parameters(step):
        yield from _moved_names(step, name)


def _moved_names(step: Step, parameter: str) -> Iterator[str]:
    """All that has to do with the update of a parameter."""
    yield f"d{parameter}"
    yield from (f"d{parameter}@{k + 1}" for k in range(step.batch))
    if parameter[0] == "w" and step.trainer.penalty:
        yield f"penalty-d{parameter}"
    if _is_trained(step, parameter):
        if step.trainer.clipping != NO_CLIPPING:
            yield f"clipped-d{parameter}"
        for slot in step.trainer.optimizer.slot_names:
            yield from (f"{slot}-{parameter}", f"next-{slot}-{parameter}")
    yield f"next-{parameter}"


def _explain(step: Step, name: str, before: Updated | None) -> Explanation:
    if form := moved(name):
        return _explain_moved(step, name, form, before)
    if not is_quantity(name):
        raise ValueError(f"no quantity is named {name!r}: {EXPECTED_OF_A_STEP}")
    quantity = Quantity.parse(name)
    check(step, name, quantity)
    if quantity.name == "loss" and quantity.index:
        return values.explain_example_loss(step, quantity.index[0])
    if whole := WHOLE.get(quantity.name):
        return whole(step)
    if quantity.name in PARAMETER_GRADIENTS:
        return _explain_gradient(step, quantity)
    example, i = quantity.index
    if quantity.name in DATA:
        return DATA[quantity.name](step, example, i)
    return NEURON[quantity.name](step, example, quantity.layer, i)


def _explain_gradient(step: Step, quantity: Quantity) -> Explanation:
    if quantity.name == "penalty-dw":
        return gradients.explain_penalty_dw(step, quantity.layer, *quantity.index)
    if quantity.example is None:
        explain = gradients.explain_dw if quantity.name == "dw" else gradients.explain_db
        return explain(step, quantity.layer, *quantity.index)
    explain_of = gradients.explain_dw_of if quantity.name == "dw" else gradients.explain_db_of
    return explain_of(step, quantity.example, quantity.layer, *quantity.index)


def _explain_moved(step: Step, name: str, form: Match[str], before: Updated | None) -> Explanation:
    """A parameter, what the optimizer remembers of it, or its clipped gradient; now, or after the update."""
    parameter, slot = form["parameter"], form["slot"]
    quantity = Quantity.parse(parameter)
    check(step, name, quantity)
    move = ParameterUpdate(step, _canonical(parameter), _place(step, quantity))
    if slot and slot not in step.trainer.optimizer.slot_names:
        known = " or ".join(f'"{each}-{parameter}"' for each in step.trainer.optimizer.slot_names) or "none"
        raise ValueError(f"no quantity is named {name!r}: of what the optimizer remembers, expected {known}")
    if (slot or form["prefix"]) and not _is_trained(step, parameter):
        raise IndexError(f"{name}: biases are fixed, expected a weight")
    if form["prefix"] and not slot:
        return explain_clipped(step, move.name, move.place)
    if form["when"]:
        return _explain_next(move, slot)
    return _explain_now(move, slot, before)


def _explain_next(move: ParameterUpdate, slot: str | None) -> Explanation:
    """What the coming update makes of a parameter or a slot."""
    term = move.new_slot(slot) if slot else move.new
    if not _is_trained(move.step, move.name):
        return explained(move.step, term, move.old, note="fixed: updates do not move it")
    return explained(move.step, term, others=needed(update_equations(move), term))


def _explain_now(move: ParameterUpdate, slot: str | None, before: Updated | None) -> Explanation:
    """What the last update made of a parameter or a slot."""
    now = move.slot(slot) if slot else move.old
    if not _is_trained(move.step, move.name):
        return given(move.step, now, "given, and fixed: updates do not move it")
    if before is None:
        began = "0 at the start" if slot else "given"
        return given(move.step, now, began if move.step.state.step == 0 else "as the update before it left it")
    if len(before.backward.state.slots) != len(move.step.trainer.optimizer.slot_names):
        return given(move.step, now, OTHER_SETTINGS)
    former = Step(move.step.trainer.as_of(before.backward), before.backward, before, FORMER)
    last = ParameterUpdate(former, move.name, move.place)
    left = last.new_slot(slot) if slot else last.new
    if left.value != now.value:
        return given(move.step, now, "changed by hand since the last update")
    found = explained(last.step, now, others=needed(update_equations(last), left))
    main = found.equations[0]
    if not agrees(main.expression, main.value, move.step.exact):
        return given(move.step, now, OTHER_SETTINGS)
    return replace(found, step=move.step.state.step)


def _is_trained(step: Step, parameter: str) -> bool:
    return parameter[0] == "w" or step.network.train_bias


def _canonical(parameter: str) -> str:
    """The name without leading zeros."""
    quantity = Quantity.parse(parameter)
    return f"{quantity.name}{quantity.layer + 1}[{','.join(str(i + 1) for i in quantity.index)}]"


def _place(step: Step, quantity: Quantity) -> int:
    """Where a parameter lies in the vector of all."""
    layers = len(step.network.layers)
    begin, _, shape = step.network.layout.places[quantity.layer + (layers if quantity.name == "b" else 0)]
    return begin + (quantity.index[0] * shape[1] + quantity.index[1] if quantity.name == "w" else quantity.index[0])


WHOLE: dict[str, Callable[[Step], Explanation]] = {
    "loss": values.explain_loss,
    "mean-abs-error": values.explain_mean_abs_error,
    "penalty": values.explain_penalty,
}
PARAMETER_GRADIENTS = ("dw", "db", "penalty-dw")
DATA: dict[str, Callable[[Step, int, int], Explanation]] = {
    "x": values.explain_input,
    "y": values.explain_target,
}
NEURON: dict[str, Callable[[Step, int, int, int], Explanation]] = {
    "z": values.explain_z,
    "a": values.explain_a,
    "da": neurons.explain_da,
    "dz": neurons.explain_dz,
}
