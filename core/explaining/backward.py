"""The backward pass explained: ∂L/∂a and ∂L/∂z by the chain rule, factor by factor and route by route."""

from collections.abc import Iterator
from dataclasses import replace

from ..quantities.formula import Equation, Node, Product, Sum, Term, agrees, product, total
from ..quantities.quantity import Kind
from ..steps.values import value_of
from .explanation import Connection, Explanation, Route
from .forward import explained, weight
from .step import Step

MOST_ROUTES = 256
"""The most routes that are listed; their number multiplies with each layer."""


def routes_to_z(step: Step, example: int, layer: int, i: int) -> Iterator[Route]:
    """The routes from ∂L/∂ŷ to ∂L/∂z of a neuron."""
    if layer == step.last and not walk_is_exact(step, example, i):
        yield Route((step.dz(example, layer, i),), ())
        return
    if step.is_folded(layer):
        yield from routes_to_a(step, example, layer, i)
        return
    for of in range(step.outputs(layer)) if step.is_vector(layer) else (i,):
        slope = step.slope(example, layer, of, i)
        for route in routes_to_a(step, example, layer, of):
            yield longer(route, slope)


def routes_to_a(step: Step, example: int, layer: int, i: int) -> Iterator[Route]:
    """The routes from ∂L/∂ŷ to ∂L/∂a of a neuron."""
    if layer == step.last:
        yield Route((step.da(example, layer, i),), ())
        return
    for to in range(step.outputs(layer + 1)):
        along = step.z_by_a(example, layer + 1, to, i)
        for route in routes_to_z(step, example, layer + 1, to):
            yield longer(route, along, (layer + 1, to, i))


def longer(route: Route, factor: Term, *connections: Connection) -> Route:
    """A route with one more factor."""
    return Route((*route.factors, factor), (*route.connections, *connections))


def count_to_z(step: Step, layer: int) -> int:
    """The number of routes to a z of a layer."""
    return (step.outputs(layer) if step.is_vector(layer) else 1) * count_to_a(step, layer)


def count_to_a(step: Step, layer: int) -> int:
    """The number of routes to an a of a layer."""
    return 1 if layer == step.last else step.outputs(layer + 1) * count_to_z(step, layer + 1)


def walk_is_exact(step: Step, example: int, i: int) -> bool:
    """Whether ∂L/∂ŷ · ∂ŷ/∂z equals ∂L/∂z of an output, which the engine may compute directly."""
    return agrees(output_walk(step, example, i), step.dz(example, step.last, i).value, step.exact)


def output_walk(step: Step, example: int, i: int) -> Node:
    """∂L/∂z of an output as ∂L/∂ŷ · ∂ŷ/∂z; for a softmax, the sum over all ŷ that depend on z."""
    n = step.last
    if step.is_folded(n):
        return step.da(example, n, i)
    if not step.is_vector(n):
        return Product((step.da(example, n, i), step.slope(example, n, i, i)))
    return Sum(
        tuple(Product((step.da(example, n, of), step.slope(example, n, of, i))) for of in range(step.outputs(n)))
    )


NOT_EXACT = "ŷ is so close to 0 or 1 that ∂L/∂ŷ · ∂ŷ/∂z is not exact: ∂L/∂z is computed directly"


def explain_da(step: Step, example: int, layer: int, i: int) -> Explanation:
    """∂L/∂a: at the output the derivative of the loss, in other layers the sum over the next neurons."""
    if layer == step.last:
        slope = step.trainer.output.loss.slope(step.a(example, layer, i), step.y(example, i), step.outputs(layer))
        da = step.da(example, layer, i)
        return explained(step, da, product(weight(step, example), slope), factors=(da,), routes=(Route((da,), ()),))
    if layer == -1:
        return _explain_input_gradient(step, example, i)
    form = da_form(step, example, layer, i)
    routes, note = listed(step, routes_to_a(step, example, layer, i), count_to_a(step, layer))
    return explained(step, step.da(example, layer, i), form, factors=only(routes), routes=routes, note=note)


def slope_note(step: Step, example: int, layer: int, i: int) -> str:
    """The reason why a relu's slope is 0, if it is."""
    z = step.z(example, layer, i).value
    if not step.network.layers[layer].activation.can_die or z > 0.0:
        return ""
    return "∂a/∂z = 0, because z = " + (f"{z:.3g} < 0".replace("-", "−") if z else "0")


def explain_dz(step: Step, example: int, layer: int, i: int) -> Explanation:
    """∂L/∂z by the chain rule through the activation; if z is a, both are the same."""
    dz = step.dz(example, layer, i)
    if step.is_folded(layer):
        same = explain_da(step, example, layer, i)
        main = Equation(dz.symbol, same.equations[0].expression, dz.value)
        return replace(same, quantity=step.quantity(Kind.DZ, layer, i, example=example), equations=(main,))
    routes, note = listed(step, routes_to_z(step, example, layer, i), count_to_z(step, layer))
    return explained(
        step,
        dz,
        *_dz_forms(step, example, layer, i),
        others=slopes(step, example, layer, i),
        factors=only(routes) or chain_of(step, example, layer, i),
        routes=routes,
        note=note or slope_note(step, example, layer, i),
    )


def da_form(step: Step, example: int, layer: int, i: int) -> Node:
    """∂L/∂a as the sum of w ∂L/∂z over the next layer."""
    after = layer + 1
    return total(
        [Product((step.w_back(after, to, i), step.dz(example, after, to))) for to in range(step.outputs(after))]
    )


def chain_of(step: Step, example: int, layer: int, i: int) -> tuple[Term, ...]:
    """∂L/∂z in its own factors: ∂L/∂a · ∂a/∂z, or ∂L/∂z itself if it is a sum."""
    if step.is_vector(layer) or (layer == step.last and not walk_is_exact(step, example, i)):
        return (step.dz(example, layer, i),)
    if step.is_folded(layer):
        return (step.da(example, layer, i),)
    return step.da(example, layer, i), step.slope(example, layer, i, i)


def slopes(step: Step, example: int, layer: int, i: int) -> Iterator[Equation]:
    """The equation of each ∂a/∂z that is a factor of a neuron's ∂L/∂z."""
    if step.is_folded(layer):
        return
    activation, neurons = step.network.layers[layer].activation, step.together(layer, i)
    z, a = [step.z(example, layer, n) for n in neurons], [step.a(example, layer, n) for n in neurons]
    for n, of in enumerate(neurons):
        slope = step.slope(example, layer, of, i)
        yield Equation(slope.symbol, activation.write_slope(z, a, n, neurons.index(i)), slope.value)


def listed(step: Step, routes: Iterator[Route], count: int) -> tuple[tuple[Route, ...], str]:
    """The routes if they are few enough, and remarks on them."""
    if count > MOST_ROUTES:
        return (), f"{count} routes lead here, too many to list: ∂L/∂a is the sum of w · ∂L/∂z over the next layer"
    known = tuple(routes)
    return known, NOT_EXACT if any(_begins_at_dz(route) for route in known) else ""


def _begins_at_dz(route: Route) -> bool:
    first = route.factors[0].quantity
    return first is not None and first.kind is Kind.DZ


def only(routes: tuple[Route, ...]) -> tuple[Term, ...]:
    """The factors of the only route; empty if there are several."""
    return routes[0].factors if len(routes) == 1 else ()


def _explain_input_gradient(step: Step, example: int, i: int) -> Explanation:
    dx = step.quantity(Kind.DA, -1, i, example=example)
    return explained(step, step.term(dx, value_of(dx, step.backward)), da_form(step, example, -1, i))


def _dz_forms(step: Step, example: int, layer: int, i: int) -> Iterator[Node]:
    """∂L/∂z by the chain rule, and directly if the engine computes it so."""
    if layer != step.last:
        if step.network.letters.error and not step.is_vector(layer):
            yield Product((da_form(step, example, layer, i), step.slope(example, layer, i, i)))
        yield Product(chain_of(step, example, layer, i))
        return
    if walk_is_exact(step, example, i):
        yield output_walk(step, example, i)
    if fused := step.trainer.output.fused:
        targets = [step.y(example, n) for n in range(step.outputs(layer))]
        yield product(weight(step, example), fused.slope(step.a(example, layer, i), targets, i))
