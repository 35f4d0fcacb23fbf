"""Numbers that sources print in addition: −∂L/∂z, the slope of an activation, Δw, m̂, v̂ and the accuracy."""

from dataclasses import replace

from ..quantities.formula import Difference, Equation, Negative, Number, Quotient, Term
from ..quantities.quantity import CHANGE, UNBIASED, Kind, Quantity, When
from .backward import slopes
from .explanation import Explanation
from .forward import explained
from .step import Step
from .updates import ParameterUpdate, needed, update_equations


def explain_minus_dz(step: Step, example: int, layer: int, i: int) -> Explanation:
    """The error δ of some sources: the direction in which z should change."""
    dz = step.dz(example, layer, i)
    quantity = step.quantity(Kind.MINUS_DZ, layer, i, example=example)
    return explained(step, step.term(quantity, -dz.value), Negative(dz))


def explain_slope(step: Step, example: int, layer: int, i: int) -> Explanation:
    """∂a/∂z of a neuron, for a sigmoid as a(1 − a)."""
    slope = step.slope(example, layer, i, i)
    quantity = step.quantity(Kind.SLOPE, layer, i, example=example)
    own = [each for each in slopes(step, example, layer, i) if each.left == slope.symbol]
    return explained(step, step.term(quantity, slope.value), *(each.expression for each in own))


def explain_accuracy(step: Step) -> Explanation:
    """The share of the batch whose class is predicted correctly.

    Raises:
        ValueError: the outputs are no classes.
    """
    classes, forward = step.trainer.classes, step.backward.forward
    if classes is None:
        raise ValueError("accuracy: the outputs are numbers, expected classes")
    right = int((classes.of(forward.y_hat) == classes.of(forward.y)).sum())
    share = Quotient(Number(right), Number(step.batch))
    return explained(step, step.term(step.quantity(Kind.ACCURACY), share.value), share)


def explain_change(move: ParameterUpdate, quantity: Quantity) -> Explanation:
    """Δw of the coming update.

    Raises:
        ValueError: the quantity belongs to the update after this one.
    """
    if quantity.when is When.NEXT:
        raise ValueError(f"{quantity}: expected the change of this update, {quantity.at(When.NOW)}")
    form = Difference(move.new, move.old)
    change = move.step.term(move.parameter.remembered_as(CHANGE).at(move.step.when), form.value)
    return explained(move.step, change, form, others=needed(update_equations(move), move.new))


def explain_unbiased(move: ParameterUpdate, quantity: Quantity) -> Explanation:
    """m̂ or v̂ of the coming update of Adam.

    Raises:
        ValueError: the optimizer has none.
    """
    letter, equations = UNBIASED[quantity.slot], update_equations(move)
    found: Equation | None = next((each for each in equations if str(getattr(each.left, "text", "")) == letter), None)
    if found is None or quantity.when is When.NEXT:
        raise ValueError(f"no quantity is named '{quantity}': only an update of Adam has {letter}")
    term = move.step.term(replace(quantity, when=move.step.when), found.value)
    others = needed(equations, Term(found.left, found.value))[1:]
    return explained(move.step, term, found.expression, others=others)
