"""Routes: every way of the gradient from the outputs back to a number, each a product of the chain rule's factors."""

from collections.abc import Iterator

from ..functions.formula import Product, Sum, Term, agrees
from .explanation import Connection, Route
from .step import Step

MOST_ROUTES = 256
"""Routes multiply with the layers: more are not listed."""


def routes_to_z(step: Step, example: int, layer: int, i: int) -> Iterator[Route]:
    """From ∂L/∂ŷ to ∂L/∂z of a neuron, one route for each way."""
    if layer == step.last and not walk_is_exact(step, example, i):
        yield Route((step.dz(example, layer, i),), ())
        return
    for of in range(step.outputs(layer)) if step.is_vector(layer) else (i,):
        slope = step.slope(example, layer, of, i)
        for route in routes_to_a(step, example, layer, of):
            yield longer(route, slope)


def routes_to_a(step: Step, example: int, layer: int, i: int) -> Iterator[Route]:
    """From ∂L/∂ŷ to ∂L/∂a of a neuron."""
    if layer == step.last:
        yield Route((step.da(example, layer, i),), ())
        return
    for to in range(step.outputs(layer + 1)):
        along = step.z_by_a(example, layer + 1, to, i)
        for route in routes_to_z(step, example, layer + 1, to):
            yield longer(route, along, (layer + 1, to, i))


def longer(route: Route, factor: Term, *connections: Connection) -> Route:
    """A route with one factor more."""
    return Route((*route.factors, factor), (*route.connections, *connections))


def count_to_z(step: Step, layer: int) -> int:
    """How many routes lead to a z of a layer."""
    return (step.outputs(layer) if step.is_vector(layer) else 1) * count_to_a(step, layer)


def count_to_a(step: Step, layer: int) -> int:
    """How many routes lead to an a of a layer."""
    return 1 if layer == step.last else step.outputs(layer + 1) * count_to_z(step, layer + 1)


def walk_is_exact(step: Step, example: int, i: int) -> bool:
    """Whether ∂L/∂ŷ · ∂ŷ/∂z comes to ∂L/∂z of an output, which the engine may compute directly."""
    return agrees(output_walk(step, example, i), step.dz(example, step.last, i).value, step.exact)


def output_walk(step: Step, example: int, i: int) -> Product | Sum:
    """∂L/∂z of an output as ∂L/∂ŷ · ∂ŷ/∂z; for a softmax, the sum over all ŷ that z moves."""
    n = step.last
    if not step.is_vector(n):
        return Product((step.da(example, n, i), step.slope(example, n, i, i)))
    return Sum(
        tuple(Product((step.da(example, n, of), step.slope(example, n, of, i))) for of in range(step.outputs(n)))
    )
