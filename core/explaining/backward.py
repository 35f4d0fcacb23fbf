"""The backward pass explained: each gradient by the chain rule, factor by factor and route by route."""

from collections.abc import Iterator
from itertools import chain

from ..quantity import Quantity
from .activation_forms import slope_form as activation_slope_form
from .activation_forms import softmax_slope_form
from .explanation import Contribution, Equation, Explanation, Route
from .expression import Function, Node, Number, Product, Term
from .forward import explained, given, weight
from .loss_forms import pair_slope_form, product, slope_form, total
from .routes import (
    MOST_ROUTES,
    count_to_a,
    count_to_z,
    longer,
    output_walk,
    routes_to_a,
    routes_to_z,
    walk_is_exact,
)
from .step import Step

NOT_EXACT = "ŷ is so near to 0 or 1 that ∂L/∂ŷ · ∂ŷ/∂z is not exact: ∂L/∂z is taken directly"


def explain_da(step: Step, example: int, layer: int, i: int) -> Explanation:
    """∂L/∂a is that of the loss at the output, and before it the sum over what a is given to."""
    if layer == step.last:
        name, outputs = step.trainer.output.loss.name, step.outputs(layer)
        slope = slope_form(name, step.a(example, layer, i), step.y(example, i), outputs)
        da = step.da(example, layer, i)
        return explained(step, da, product(weight(step), slope), factors=(da,), routes=(Route((da,), ()),))
    if layer == -1:
        return _explain_input_gradient(step, example, i)
    form = _da_form(step, example, layer, i)
    routes, note = _listed(step, routes_to_a(step, example, layer, i), count_to_a(step, layer))
    return explained(step, step.da(example, layer, i), form, factors=_only(routes), routes=routes, note=note)


def explain_dz(step: Step, example: int, layer: int, i: int) -> Explanation:
    """∂L/∂z is ∂L/∂a through the activation."""
    dz = step.dz(example, layer, i)
    routes, note = _listed(step, routes_to_z(step, example, layer, i), count_to_z(step, layer))
    return explained(
        step,
        dz,
        *_dz_forms(step, example, layer, i),
        others=_slopes(step, example, layer, i),
        factors=_only(routes) or _chain(step, example, layer, i),
        routes=routes,
        note=note,
    )


def explain_dw(step: Step, layer: int, to: int, source: int) -> Explanation:
    """∂L/∂w is the sum of what the examples and the penalty add."""
    dw = step.term(step.name("dw", layer, to, source), step.backward.dW[layer][to, source])
    if step.batch == 1 and not step.trainer.penalty:
        return _explain_weight_share(step, dw, 0, layer, to, source)
    examples = range(step.batch)
    parts: list[Node] = [Product((step.dz(k, layer, to), step.a(k, layer - 1, source))) for k in examples]
    names = [step.name("dw", layer, to, source, example=k) for k in examples]
    ledger = _ledger(step, names, [part.value for part in parts])
    if step.trainer.penalty:
        price = _penalty_share(step, layer, to, source)
        parts.append(price)
        ledger = (*ledger, Contribution(None, None, price.value, price.quantity or ""))
    return explained(step, dw, total(parts), ledger=ledger)


def explain_dw_of(step: Step, example: int, layer: int, to: int, source: int) -> Explanation:
    """What one example adds to ∂L/∂w."""
    share = _found(step, step.name("dw", layer, to, source, example=example))
    return _explain_weight_share(step, share, example, layer, to, source)


def explain_penalty_dw(step: Step, layer: int, to: int, source: int) -> Explanation:
    """What the penalty adds to ∂L/∂w: l1 sign(w) + l2 w."""
    w, penalty = step.w(layer, to, source), step.trainer.penalty
    parts: list[Node] = []
    if penalty.l1:
        parts.append(Product((Number(penalty.l1), Function("sign", (w,)))))
    if penalty.l2:
        parts.append(Product((Number(penalty.l2), w)))
    share = _penalty_share(step, layer, to, source)
    return explained(step, share, total(parts)) if parts else given(step, share, "there is no penalty")


def explain_db(step: Step, layer: int, i: int) -> Explanation:
    """∂L/∂b is the sum of what the examples add."""
    db = step.term(step.name("db", layer, i), step.backward.db[layer][i])
    if step.batch == 1:
        return _explain_bias_share(step, db, 0, layer, i)
    examples = range(step.batch)
    shares = [[step.dz(k, layer, n) for n in _neurons(step, layer, i)] for k in examples]
    names = [step.name("db", layer, i, example=k) for k in examples]
    ledger = _ledger(step, names, [sum(dz.value for dz in share) for share in shares])
    return explained(step, db, total(list(chain(*shares))), ledger=ledger)


def explain_db_of(step: Step, example: int, layer: int, i: int) -> Explanation:
    """What one example adds to ∂L/∂b."""
    share = _found(step, step.name("db", layer, i, example=example))
    return _explain_bias_share(step, share, example, layer, i)


def _found(step: Step, name: str) -> Term:
    return step.term(name, Quantity.parse(name).of(step.backward))


def _explain_input_gradient(step: Step, example: int, i: int) -> Explanation:
    term = _found(step, step.name("da", -1, i, example=example))
    return explained(step, term, _da_form(step, example, -1, i))


def _explain_weight_share(step: Step, term: Term, example: int, layer: int, to: int, source: int) -> Explanation:
    """The chain rule for one weight and one example."""
    given_to = step.z_by_w(example, layer, to, source)
    found = (longer(each, given_to, (layer, to, source)) for each in routes_to_z(step, example, layer, to))
    routes, note = _listed(step, found, count_to_z(step, layer))
    factors = _only(routes) or (*_chain(step, example, layer, to), given_to)
    direct = Product((step.dz(example, layer, to), step.a(example, layer - 1, source)))
    others = _parts(step, example, layer, to, routes)
    return explained(step, term, Product(factors), direct, others=others, factors=factors, routes=routes, note=note)


def _explain_bias_share(step: Step, term: Term, example: int, layer: int, i: int) -> Explanation:
    """The chain rule for one bias and one example; a shared bias gathers all neurons of its layer."""
    neurons = _neurons(step, layer, i)
    found = (
        longer(each, step.z_by_b(example, layer, n)) for n in neurons for each in routes_to_z(step, example, layer, n)
    )
    routes, note = _listed(step, found, len(neurons) * count_to_z(step, layer))
    direct = total([step.dz(example, layer, n) for n in neurons])
    if len(neurons) > 1:
        return explained(step, term, direct, factors=_only(routes), routes=routes, note=note)
    factors = _only(routes) or (*_chain(step, example, layer, i), step.z_by_b(example, layer, i))
    others = _parts(step, example, layer, i, routes)
    return explained(step, term, Product(factors), direct, others=others, factors=factors, routes=routes, note=note)


def _neurons(step: Step, layer: int, i: int) -> range:
    """The neurons that have bias number i."""
    shared = step.state.b[layer].size < step.outputs(layer)
    return range(step.outputs(layer)) if shared else range(i, i + 1)


def _da_form(step: Step, example: int, layer: int, i: int) -> Node:
    """∂L/∂a as the sum of w ∂L/∂z over the next layer."""
    after = layer + 1
    return total(
        [Product((step.w_back(after, to, i), step.dz(example, after, to))) for to in range(step.outputs(after))]
    )


def _dz_forms(step: Step, example: int, layer: int, i: int) -> Iterator[Node]:
    """∂L/∂z by the chain rule, and directly where the engine does so."""
    if layer != step.last:
        yield Product(_chain(step, example, layer, i))
        return
    if walk_is_exact(step, example, i):
        yield output_walk(step, example, i)
    if step.trainer.output.pair:
        targets = [step.y(example, n) for n in range(step.outputs(layer))]
        name = step.trainer.output.loss.name
        yield product(weight(step), pair_slope_form(name, step.a(example, layer, i), targets, i))


def _chain(step: Step, example: int, layer: int, i: int) -> tuple[Term, ...]:
    """∂L/∂z in as many factors as it has by itself: ∂L/∂a · ∂a/∂z, or ∂L/∂z where it is a sum."""
    if step.is_vector(layer) or (layer == step.last and not walk_is_exact(step, example, i)):
        return (step.dz(example, layer, i),)
    return step.da(example, layer, i), step.slope(example, layer, i, i)


def _parts(step: Step, example: int, layer: int, i: int, routes: tuple[Route, ...]) -> Iterator[Equation]:
    """The equations of the slope, and of ∂L/∂a where it is a sum over routes."""
    if step.is_vector(layer):
        return
    if layer != step.last and len(routes) != 1:
        da = step.da(example, layer, i)
        yield Equation(da.symbol, _da_form(step, example, layer, i), da.value)
    yield from _slopes(step, example, layer, i)


def _slopes(step: Step, example: int, layer: int, i: int) -> Iterator[Equation]:
    """The equation of each ∂a/∂z that goes into ∂L/∂z of a neuron."""
    own = step.a(example, layer, i)
    for of in range(step.outputs(layer)) if step.is_vector(layer) else (i,):
        slope = step.slope(example, layer, of, i)
        if step.is_vector(layer):
            form = softmax_slope_form(step.a(example, layer, of), own, same=of == i)
        else:
            form = activation_slope_form(step.network.layers[layer].activation.name, step.z(example, layer, i), own)
        yield Equation(slope.symbol, form, slope.value)


def _penalty_share(step: Step, layer: int, to: int, source: int) -> Term:
    shares = step.backward.penalty_dW
    name = step.name("dw", layer, to, source)
    return step.term(f"penalty-{name}", shares[layer][to, source] if shares else 0.0)


def _ledger(step: Step, names: list[str], values: list[float]) -> tuple[Contribution, ...]:
    return tuple(
        Contribution(row, example, value, step.prefix + name)
        for row, (example, value, name) in enumerate(zip(step.examples, values, names, strict=True))
    )


def _listed(step: Step, routes: Iterator[Route], count: int) -> tuple[tuple[Route, ...], str]:
    """The routes, where they are few enough, and what is to be said of them."""
    if count > MOST_ROUTES:
        return (), f"{count} routes lead here, too many to list: ∂L/∂a is the sum of w · ∂L/∂z over the next layer"
    found = tuple(routes)
    direct = f"{step.prefix}dz"
    return found, NOT_EXACT if any((route.factors[0].quantity or "").startswith(direct) for route in found) else ""


def _only(routes: tuple[Route, ...]) -> tuple[Term, ...]:
    """The factors of the only route; none where there are several."""
    return routes[0].factors if len(routes) == 1 else ()
