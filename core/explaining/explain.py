"""Explaining: the explanation of any number of a step."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from math import inf
from typing import assert_never

import numpy as np

from ..functions.optimizer import NO_CLIPPING
from ..network.layout import place_of
from ..quantities.formula import Equation, agrees
from ..quantities.quantity import CHANGE, UNBIASED, Kind, Quantity, When
from ..steps.events import BackwardPass, Updated
from ..training.trainer import Trainer
from . import backward as neurons
from . import forward as values
from . import parameter_gradients as gradients
from .derived import explain_accuracy, explain_change, explain_minus_dz, explain_slope, explain_unbiased
from .explanation import Explanation
from .forward import explained, leaf
from .step import Step, check
from .updates import ParameterUpdate, explain_clipped, needed, parameters, update_equations

OTHER_SETTINGS = "the last update used other settings"


def explain(trainer: Trainer, backward: BackwardPass, quantity: Quantity, before: Updated | None = None) -> Explanation:
    """The explanation of a number of a step.

    Args:
        trainer: the trainer of the step.
        backward: the step's gradients.
        quantity: a quantity of this step, of the previous one, or of the next.
        before: the update that led to this step; None at the start.

    Raises:
        ValueError: there is no such step, or the optimizer has no such slot.
        IndexError: the network has no such layer, neuron or example.
    """
    return Explanations(trainer, backward, before).of(quantity)


class Explanations:
    """The explanations of a step's numbers, each computed once."""

    def __init__(self, trainer: Trainer, backward: BackwardPass, before: Updated | None = None) -> None:
        """Explain a step, and the update that led to it."""
        self._step = Step(trainer, backward)
        self._before = before
        self._known: dict[Quantity, Explanation] = {}

    def of(self, quantity: Quantity) -> Explanation:
        """The explanation of a number.

        Raises:
            ValueError: there is no such step, or the optimizer has no such slot.
            IndexError: the network has no such layer, neuron or example.
        """
        known = self._known.get(quantity)
        if known is None:
            step, before = self._step_of(quantity), None if quantity.when is When.LAST else self._before
            now = quantity.at(When.NOW) if quantity.when is When.LAST else quantity
            known = self._known[quantity] = _explain(step, now, before)
        return known

    def slopes(self, dz: Quantity) -> tuple[Equation, ...]:
        """The equation of each ∂a/∂z that is a factor of a neuron's ∂L/∂z."""
        return tuple(neurons.slopes(self._step_of(dz), dz.row, dz.layer, dz.to))

    def _step_of(self, quantity: Quantity) -> Step:
        if quantity.when is not When.LAST:
            return self._step
        if self._before is None:
            raise ValueError(f"{quantity}: expected a step after an update, but there is no update yet")
        return self._former

    @cached_property
    def _former(self) -> Step:
        """The previous step."""
        before = self._before
        assert before is not None  # only _step_of asks for it
        return Step(self._step.trainer.as_of(before.backward), before.backward, before, When.LAST)


def quantities(trainer: Trainer, backward: BackwardPass) -> Iterator[Quantity]:
    """Every number of a step that can be explained, in the order of computation."""
    step = Step(trainer, backward)
    layers, examples, quantity = range(len(step.network.layers)), range(step.batch), step.quantity
    yield from parameters(step)
    for k in examples:
        yield from (quantity(Kind.X, to=i, example=k) for i in range(step.inputs(0)))
        yield from (quantity(Kind.Y, to=i, example=k) for i in range(step.outputs(step.last)))
        for n in layers:
            yield from (quantity(kind, n, i, example=k) for kind in (Kind.Z, Kind.A) for i in range(step.outputs(n)))
    yield from (Quantity(Kind.LOSS, example=k) for k in examples)
    yield from map(quantity, (Kind.LOSS, Kind.MEAN_ABS_ERROR, Kind.PENALTY))
    for k in examples:
        for n in reversed(layers):
            yield from (quantity(kind, n, i, example=k) for kind in (Kind.DA, Kind.DZ) for i in range(step.outputs(n)))
        yield from (quantity(Kind.DA, -1, i, example=k) for i in range(step.inputs(0)))
    for parameter in parameters(step):
        yield from _of_update(step, parameter)


def _of_update(step: Step, parameter: Quantity) -> Iterator[Quantity]:
    """All quantities of a parameter's update."""
    yield parameter.gradient
    yield from (parameter.gradient.of_example(k) for k in range(step.batch))
    if step.trainer.penalty.is_in_loss and (parameter.kind is Kind.W or step.trainer.penalty.biases):
        yield gradients.penalty_share_of(parameter)
    if _is_trained(step, parameter):
        if step.trainer.clipping != NO_CLIPPING:
            yield replace(parameter, kind=Kind.CLIPPED_DW if parameter.kind is Kind.W else Kind.CLIPPED_DB)
        for slot in map(parameter.remembered_as, step.trainer.optimizer.slot_names):
            yield from (slot, slot.at(When.NEXT))
    yield parameter.at(When.NEXT)


def _explain(step: Step, quantity: Quantity, before: Updated | None) -> Explanation:
    """The explanation of a number of a step, or of its update."""
    check(step, quantity)
    layer, to, example = quantity.layer, quantity.to, quantity.row
    match quantity.kind:
        case Kind.X:
            return values.explain_input(step, example, to)
        case Kind.Y:
            return values.explain_target(step, example, to)
        case Kind.Z:
            return values.explain_z(step, example, layer, to)
        case Kind.A:
            return values.explain_a(step, example, layer, to)
        case Kind.LOSS if quantity.example is not None:
            return values.explain_example_loss(step, example)
        case Kind.LOSS:
            return values.explain_loss(step)
        case Kind.OUTPUT_LOSS:
            return values.explain_output_loss(step, example, to)
        case Kind.MEAN_ABS_ERROR:
            return values.explain_mean_abs_error(step)
        case Kind.ACCURACY:
            return explain_accuracy(step)
        case Kind.PENALTY:
            return values.explain_penalty(step)
        case Kind.MINUS_DZ:
            return explain_minus_dz(step, example, layer, to)
        case Kind.SLOPE:
            return explain_slope(step, example, layer, to)
        case Kind.DZ:
            return neurons.explain_dz(step, example, layer, to)
        case Kind.DA:
            return neurons.explain_da(step, example, layer, to)
        case Kind.DW if quantity.example is not None:
            return gradients.explain_dw_of(step, example, layer, *quantity.index)
        case Kind.DW:
            return gradients.explain_dw(step, layer, *quantity.index)
        case Kind.DB if quantity.example is not None:
            return gradients.explain_db_of(step, example, layer, to)
        case Kind.DB:
            return gradients.explain_db(step, layer, to)
        case Kind.PENALTY_DW:
            return gradients.explain_penalty_share(step, step.w(layer, *quantity.index))
        case Kind.PENALTY_DB:
            return gradients.explain_penalty_share(step, step.b(layer, to))
        case Kind.CLIPPED_DW | Kind.CLIPPED_DB:
            move = _move(step, quantity)
            return explain_clipped(step, move.parameter, move.place)
        case Kind.SLOT if quantity.slot == CHANGE:
            return explain_change(_move(step, quantity), quantity)
        case Kind.SLOT if quantity.slot in UNBIASED:
            return explain_unbiased(_move(step, quantity), quantity)
        case Kind.W | Kind.B | Kind.SLOT if quantity.when is When.NEXT:
            return _explain_next(_move(step, quantity), quantity.slot)
        case Kind.W | Kind.B | Kind.SLOT:
            return _explain_now(_move(step, quantity), quantity.slot, before)
        case other:
            assert_never(other)


def _move(step: Step, quantity: Quantity) -> ParameterUpdate:
    """The parameter that a quantity is or belongs to."""
    parameter, slots = quantity.parameter, step.trainer.optimizer.slot_names
    if quantity.slot and quantity.slot not in (*slots, CHANGE, *UNBIASED):
        known = " or ".join(f'"{parameter.remembered_as(each)}"' for each in slots) or "none"
        raise ValueError(f"no quantity is named '{quantity}': the optimizer's state is {known}")
    if quantity.kind not in (Kind.W, Kind.B) and not _is_trained(step, parameter):
        raise IndexError(f"{quantity}: biases are fixed, expected a weight")
    return ParameterUpdate(step, parameter, place_of(step.network.layout, parameter))


def _word(parameter: Quantity) -> str:
    return "weight" if parameter.kind is Kind.W else "bias"


def _explain_next(move: ParameterUpdate, slot: str) -> Explanation:
    """The new value of a parameter or a slot by the coming update."""
    term = move.new_slot(slot) if slot else move.new
    if not _is_trained(move.step, move.parameter):
        return explained(move.step, term, move.old, note="fixed: updates do not change it")
    return explained(move.step, term, others=needed(update_equations(move), term))


def _explain_now(move: ParameterUpdate, slot: str, before: Updated | None) -> Explanation:
    """The current value of a parameter or a slot by the last update."""
    now = move.slot(slot) if slot else move.old
    if not _is_trained(move.step, move.parameter):
        return leaf(move.step, now, f"initial {_word(move.parameter)}, fixed: updates do not change it")
    if before is None:
        began = "0 at the start" if slot else f"initial {_word(move.parameter)}"
        return leaf(move.step, now, began if move.step.state.step == 0 else "the value after the last update")
    if len(before.backward.state.slots) != len(move.step.trainer.optimizer.slot_names):
        return leaf(move.step, now, OTHER_SETTINGS)
    trainer = move.step.trainer.as_of(before.backward)
    former = Step(_at_its_learning_rate(trainer, before), before.backward, before, When.LAST)
    last = ParameterUpdate(former, move.parameter, move.place)
    left = last.new_slot(slot) if slot else last.new
    if left.value != now.value:
        return leaf(move.step, now, "edited since the last update")
    by_update = explained(last.step, now, others=needed(update_equations(last), left))
    main = by_update.equations[0]
    if not agrees(main.expression, main.value, move.step.exact):
        return leaf(move.step, now, OTHER_SETTINGS)
    return replace(by_update, step=move.step.state.step)


def _at_its_learning_rate(trainer: Trainer, done: Updated) -> Trainer:
    """The training at the learning rate of an update; the same one if no other rate gives exactly its bits."""
    begin, end = done.backward.state.parameters, done.state.parameters
    if np.array_equal(made := trainer.update(done.backward).state.parameters, end):
        return trainer
    with np.errstate(all="ignore"):
        ratio = (end - begin).dot(made - begin) / (made - begin).dot(made - begin)
        rate = float(f"{trainer.optimizer.learning_rate * ratio:.6g}")
    if not 0 < rate < inf:
        return trainer
    other = trainer.with_learning_rate(rate)
    return other if np.array_equal(other.update(done.backward).state.parameters, end) else trainer


def _is_trained(step: Step, parameter: Quantity) -> bool:
    return parameter.kind is Kind.W or step.network.train_bias
