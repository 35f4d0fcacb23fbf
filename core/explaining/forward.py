"""The forward pass explained: each z, each a, and the loss."""

from typing import Any

from ..quantities.formula import (
    ONE,
    Difference,
    Equation,
    Function,
    Node,
    Number,
    Product,
    Quotient,
    Term,
    agrees,
    letter,
    product,
    share,
    total,
)
from ..quantities.quantity import Kind
from ..quantities.symbols import Applied
from ..steps.values import value_of
from .explanation import Explanation
from .step import Step

BY_Z = "a prediction is so close to 0 or 1 that its logarithm is not exact: this is the same loss, computed from z"


def explained(step: Step, term: Term, *forms: Node, **more: Any) -> Explanation:
    """An explanation with equations for the number itself first, and then with others."""
    assert term.quantity is not None  # only quantities with a name are asked for
    others = more.pop("others", ())
    return Explanation(
        quantity=term.quantity,
        value=term.value,
        network=step.network,
        step=step.backward.step,
        equations=(*(Equation(term.symbol, form, term.value) for form in forms), *others),
        **more,
    )


def leaf(step: Step, term: Term, note: str) -> Explanation:
    """The explanation of a given number."""
    return explained(step, term, note=note)


def explain_input(step: Step, example: int, i: int) -> Explanation:
    """An input, which is read from the data."""
    return leaf(step, step.x(example, i), _row(step, example))


def explain_target(step: Step, example: int, i: int) -> Explanation:
    """A target, which is read from the data."""
    return leaf(step, step.y(example, i), _row(step, example))


def _row(step: Step, example: int) -> str:
    return f"row {step.rows[example]} of the data"


def explain_z(step: Step, example: int, layer: int, i: int) -> Explanation:
    """z: the sum over the connections, and the bias."""
    return explained(step, step.z(example, layer, i), _sum_of_inputs(step, example, layer, i))


def _sum_of_inputs(step: Step, example: int, layer: int, i: int) -> Node:
    parts: list[Node] = [
        Product((step.w(layer, i, j), step.a(example, layer - 1, j))) for j in range(step.inputs(layer))
    ]
    if step.state.b[layer].size:
        bias = step.b(layer, i)
        parts.append(Product((bias, ONE)) if step.network.letters.bias_neurons else bias)
    return total(parts)


def explain_a(step: Step, example: int, layer: int, i: int) -> Explanation:
    """a: the activation of z, or the sum itself if that is z."""
    a = step.a(example, layer, i)
    if step.is_folded(layer):
        return explained(step, a, _sum_of_inputs(step, example, layer, i))
    neurons = step.together(layer, i)
    z = [step.z(example, layer, n) for n in neurons]
    form = step.network.layers[layer].activation.write(z, neurons.index(i))
    if not step.network.letters.activation or len(neurons) > 1:
        return explained(step, a, form)
    of = step.quantity(Kind.Z, layer, i, example=example)
    f = Term(Applied(of), a.value, of)
    return explained(step, a, form, f)


def explain_loss(step: Step) -> Explanation:
    """The loss: the mean or the sum over the examples, and the penalty."""
    losses = [_loss_of(step, example) for example in range(step.batch)]
    note = ""
    if step.batch == 1:
        form, note = _example_form(step, 0)
        form = product(weight(step, 0), form)
    else:
        form = _reduced(step, losses)
    if step.trainer.penalty.is_in_loss:
        form = total([form, _penalty(step)])
    return explained(step, step.term(step.quantity(Kind.LOSS), step.backward.forward.loss), form, note=note)


def explain_example_loss(step: Step, example: int) -> Explanation:
    """The loss of an example, by its predictions and targets."""
    form, note = _example_form(step, example)
    return explained(step, _loss_of(step, example), form, note=note)


def explain_output_loss(step: Step, example: int, i: int) -> Explanation:
    """The share of one output in the loss of an example."""
    quantity = step.quantity(Kind.OUTPUT_LOSS, to=i, example=example)
    term = step.term(quantity, value_of(quantity, step.backward))
    loss, y = step.trainer.output.loss, step.y(example, i)
    form: Node = loss.formula([step.a(example, step.last, i)], [y])
    if loss.is_mean_over_outputs:
        form = product(share(step.outputs(step.last)), form)
    if (fused := step.trainer.output.fused) and not agrees(form, term.value, step.exact):
        z = [step.z(example, step.last, n) for n in step.together(step.last, i)]
        targets = [y if len(z) == 1 or n == i else letter("0", "0", 0.0) for n in range(len(z))]
        return explained(step, term, fused.formula(z, targets), note=BY_Z)
    return explained(step, term, form)


def explain_penalty(step: Step) -> Explanation:
    """The penalty: a price for each weight."""
    penalty = step.trainer.penalty
    if penalty.is_in_update:
        return leaf(step, _penalty(step), f"the penalty acts on the {penalty.acts_on}, not on the loss")
    if not penalty:
        return leaf(step, _penalty(step), "there is none")
    return explained(step, _penalty(step), penalty.formula(_penalized(step)))


def explain_mean_abs_error(step: Step) -> Explanation:
    """The mean of |ŷ − y| over examples and outputs."""
    errors = [
        Function("abs", (Difference(step.a(k, step.last, i), step.y(k, i)),))
        for k in range(step.batch)
        for i in range(step.outputs(step.last))
    ]
    error = step.quantity(Kind.MEAN_ABS_ERROR)
    return explained(step, step.term(error, value_of(error, step.backward)), product(share(len(errors)), total(errors)))


def weight(step: Step, example: int) -> Node:
    """The factor of an example in the loss of the batch."""
    return product(*_shared(step), *_own(step, example))


def _reduced(step: Step, losses: list[Term]) -> Node:
    """The loss of a batch, from the losses of its examples."""
    return product(*_shared(step), total([product(*_own(step, k), loss) for k, loss in enumerate(losses)]))


def _shared(step: Step) -> tuple[Node, ...]:
    """The common factor of all examples: 1 / their number, or 1 / the sum of their weights."""
    divisor = step.backward.output.divisor(step.batch, step.outputs(step.last))
    return () if divisor == 1.0 else (Quotient(ONE, Number(divisor)),)


def _own(step: Step, example: int) -> tuple[Node, ...]:
    """The weight of an example, if it has one."""
    weights = step.backward.forward.weights
    return () if weights is None or weights[example] == 1.0 else (Number(float(weights[example])),)


def _loss_of(step: Step, example: int) -> Term:
    return step.term(step.quantity(Kind.LOSS, example=example), step.backward.forward.losses[example])


def _penalty(step: Step) -> Term:
    return step.term(step.quantity(Kind.PENALTY), step.backward.forward.penalty)


def _penalized(step: Step) -> list[Term]:
    """All weights, and the biases if they are penalized too."""
    layers = range(len(step.network.layers))
    weights = [step.w(n, i, j) for n in layers for i in range(step.outputs(n)) for j in range(step.inputs(n))]
    if not step.trainer.penalty.biases:
        return weights
    return weights + [step.b(n, i) for n in layers for i in range(step.state.b[n].size)]


def _example_form(step: Step, example: int) -> tuple[Node, str]:
    """The loss of an example by its predictions; by z if a prediction is rounded to 0 or 1."""
    outputs = range(step.outputs(step.last))
    y = [step.y(example, i) for i in outputs]
    form = step.trainer.output.loss.formula([step.a(example, step.last, i) for i in outputs], y)
    fused = step.trainer.output.fused
    if not fused or agrees(form, _loss_of(step, example).value, step.exact):
        return form, ""
    return fused.formula([step.z(example, step.last, i) for i in outputs], y), BY_Z
