"""The gradients of parameters explained: by the chain rule for one example, by contributions for several."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from ..quantities.formula import Equation, Node, Product, Term, total
from ..quantities.quantity import Kind, Quantity
from ..steps.values import value_of
from ..training.dead_units import dead_in_training, dead_units
from .backward import chain_of, count_to_z, da_form, listed, longer, only, routes_to_z, slope_note, slopes
from .explanation import Contribution, Explanation, Route
from .forward import explained, leaf
from .step import Step


def explain_dw(step: Step, layer: int, to: int, source: int) -> Explanation:
    """∂L/∂w: the sum of the contributions of the examples and the penalty."""
    dw = step.term(step.quantity(Kind.DW, layer, to, source), step.backward.dW[layer][to, source])
    if step.batch == 1 and not step.trainer.penalty.is_in_loss:
        return _explain_weight_share(step, dw, 0, layer, to, source)
    examples = range(step.batch)
    parts: list[Node] = [Product((step.dz(k, layer, to), step.a(k, layer - 1, source))) for k in examples]
    shares = [step.quantity(Kind.DW, layer, to, source, example=k) for k in examples]
    contributions = _contributions(step, shares, [part.value for part in parts])
    if step.trainer.penalty.is_in_loss:
        contributions = (*contributions, _add_penalty(step, parts, step.w(layer, to, source)))
    if note := _dead_note(step, layer, to):
        return explained(step, dw, total(parts), note=note)
    return explained(step, dw, total(parts), contributions=contributions, note=_delta_rule(step))


def _dead_note(step: Step, layer: int, i: int) -> str:
    """The note that a relu neuron is dead, or inactive in this batch, instead of contributions that are all 0."""
    if i not in dead_units(step.network, step.backward.forward).get(layer, ()):
        return ""
    if i in dead_in_training(step.trainer, step.backward.forward).get(layer, ()):
        return f"neuron {i + 1} of layer {layer + 1} is dead: z ≤ 0 for every example"
    return f"neuron {i + 1} of layer {layer + 1} has z ≤ 0 for every example of this batch"


def explain_dw_of(step: Step, example: int, layer: int, to: int, source: int) -> Explanation:
    """The contribution of an example to ∂L/∂w."""
    share = step.quantity(Kind.DW, layer, to, source, example)
    return _explain_weight_share(step, _with_value(step, share), example, layer, to, source)


def explain_penalty_share(step: Step, parameter: Term) -> Explanation:
    """The contribution of the penalty to the gradient of a parameter, as l1 sign(w) + l2 w."""
    share, penalty = _penalty_share(step, parameter), step.trainer.penalty
    assert parameter.quantity is not None  # a parameter has a name
    if not penalty.is_in_loss:
        why = f"the penalty acts on the {penalty.acts_on}, not on the loss" if penalty else "there is no penalty"
        return leaf(step, share, why)
    if parameter.quantity.kind is Kind.B and not penalty.biases:
        return leaf(step, share, "the penalty is for weights, not for biases")
    return explained(step, share, penalty.slope(parameter))


def explain_db(step: Step, layer: int, i: int) -> Explanation:
    """∂L/∂b: the sum of the contributions of the examples, and of the penalty if it includes biases."""
    db = step.term(step.quantity(Kind.DB, layer, i), step.backward.db[layer][i])
    is_penalized = step.trainer.penalty.is_in_loss and step.trainer.penalty.biases
    if step.batch == 1 and not is_penalized:
        return _explain_bias_share(step, db, 0, layer, i)
    examples = range(step.batch)
    by_example = [[step.dz(k, layer, n) for n in _neurons(step, layer, i)] for k in examples]
    shares = [step.quantity(Kind.DB, layer, i, example=k) for k in examples]
    contributions = _contributions(step, shares, [sum(dz.value for dz in each) for each in by_example])
    parts: list[Node] = list(chain(*by_example))
    if is_penalized:
        contributions = (*contributions, _add_penalty(step, parts, step.b(layer, i)))
    if len(by_example[0]) == 1 and (note := _dead_note(step, layer, i)):
        return explained(step, db, total(parts), note=note)
    return explained(step, db, total(parts), contributions=contributions)


def explain_db_of(step: Step, example: int, layer: int, i: int) -> Explanation:
    """The contribution of an example to ∂L/∂b."""
    share = step.quantity(Kind.DB, layer, i, example=example)
    return _explain_bias_share(step, _with_value(step, share), example, layer, i)


def _explain_weight_share(step: Step, term: Term, example: int, layer: int, to: int, source: int) -> Explanation:
    """The chain rule for one weight and one example."""
    along = step.z_by_w(example, layer, to, source)
    ways = (longer(each, along, (layer, to, source)) for each in routes_to_z(step, example, layer, to))
    routes, note = listed(step, ways, count_to_z(step, layer))
    factors = only(routes) or (*chain_of(step, example, layer, to), along)
    direct = Product((step.dz(example, layer, to), step.a(example, layer - 1, source)))
    others = _parts(step, example, layer, to, routes)
    forms = (direct, Product(factors)) if step.network.letters.error else (Product(factors), direct)
    return explained(
        step,
        term,
        *forms,
        others=others,
        factors=factors,
        routes=routes,
        note=note or slope_note(step, example, layer, to) or _delta_rule(step),
    )


def _delta_rule(step: Step) -> str:
    """The rule in the words of sources with a letter for ∂L/∂z."""
    letters = step.network.letters
    if not letters.error:
        return ""
    return f"delta rule: Δ{letters.weight} = −η · {letters.error} · a, with {letters.error} = ∂L/∂z"


def _explain_bias_share(step: Step, term: Term, example: int, layer: int, i: int) -> Explanation:
    """The chain rule for one bias and one example; a shared bias adds up all neurons of its layer."""
    neurons = _neurons(step, layer, i)
    ways = (
        longer(each, step.z_by_b(example, layer, n)) for n in neurons for each in routes_to_z(step, example, layer, n)
    )
    routes, note = listed(step, ways, len(neurons) * count_to_z(step, layer))
    direct = total([step.dz(example, layer, n) for n in neurons])
    if len(neurons) > 1:
        return explained(step, term, direct, factors=only(routes), routes=routes, note=note)
    factors = only(routes) or (*chain_of(step, example, layer, i), step.z_by_b(example, layer, i))
    others = _parts(step, example, layer, i, routes)
    return explained(step, term, Product(factors), direct, others=others, factors=factors, routes=routes, note=note)


def _parts(step: Step, example: int, layer: int, i: int, routes: tuple[Route, ...]) -> Iterator[Equation]:
    """The equations of the slope, and of ∂L/∂a if it is a sum over routes."""
    if step.is_vector(layer):
        return
    if layer != step.last and len(routes) != 1:
        da = step.da(example, layer, i)
        yield Equation(da.symbol, da_form(step, example, layer, i), da.value)
    yield from slopes(step, example, layer, i)


def _neurons(step: Step, layer: int, i: int) -> range:
    """The neurons with bias number i."""
    shared = step.state.b[layer].size < step.outputs(layer)
    return range(step.outputs(layer)) if shared else range(i, i + 1)


def penalty_share_of(parameter: Quantity) -> Quantity:
    """The share of the penalty in the gradient of a parameter."""
    return replace(parameter, kind=Kind.PENALTY_DW if parameter.kind is Kind.W else Kind.PENALTY_DB)


def _penalty_share(step: Step, parameter: Term) -> Term:
    assert parameter.quantity is not None  # a parameter has a name
    return _with_value(step, penalty_share_of(parameter.quantity))


def _add_penalty(step: Step, parts: list[Node], parameter: Term) -> Contribution:
    """Add the contribution of the penalty to the gradient of a parameter."""
    share = _penalty_share(step, parameter)
    assert share.quantity is not None  # a share has a name
    parts.append(share)
    return Contribution(None, None, share.value, share.quantity)


def _with_value(step: Step, share: Quantity) -> Term:
    """The share of an example, with its value."""
    return step.term(share, value_of(share, step.backward))


def _contributions(step: Step, shares: list[Quantity], values: list[float]) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(example, row, value, share)
        for example, (row, value, share) in enumerate(zip(step.rows, values, shares, strict=True))
    )
