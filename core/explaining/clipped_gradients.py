"""Clipping explained: what the bounds leave of a gradient."""

from math import inf

import numpy as np

from ..functions.formula import (
    TWO,
    Equation,
    Function,
    Letter,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Term,
    total,
)
from ..quantities.quantity import Kind, Quantity
from .explanation import Explanation
from .forward import explained
from .step import Step

NORM = Letter("‖∂L‖", r"\lVert \partial L \rVert")


def clipped(step: Step, parameter: Quantity, place: int) -> Term:
    """The gradient of a parameter, by its place in the vector of all, within the bounds."""
    gradient = step.trainer.clipping(step.backward.gradient[step.network.trained])
    kind = Kind.CLIPPED_DB if parameter.from_ is None else Kind.CLIPPED_DW
    return step.term(step.quantity(kind, parameter.layer, parameter.to, parameter.from_), gradient[place])


def explain_clipped(step: Step, parameter: Quantity, place: int) -> Explanation:
    """A gradient held within the bounds for each, and then within that for all together."""
    clipping, gradient = step.trainer.clipping, _gradient(step, parameter, place)
    form, note = _within(step, gradient), ""
    others: tuple[Equation, ...] = ()
    if clipping.norm < inf:
        norm = _norm(step)
        note = f"all gradients together are {norm.value:.6g} long; {clipping.norm:g} is the most"
        if norm.value > clipping.norm:
            form = Product((form, Quotient(Number(clipping.norm), Term(NORM, norm.value))))
            others = (norm,)
    return explained(step, clipped(step, parameter, place), form, others=others, note=note)


def _gradient(step: Step, parameter: Quantity, place: int) -> Term:
    return step.term(parameter.gradient.at(step.when), step.backward.gradient[place])


def _within(step: Step, gradient: Term) -> Node:
    """The gradient, or the bound that it passes."""
    bound = Number(step.trainer.clipping.value)
    if bound.value == inf:
        return gradient
    return Function("max", (Negative(bound), Function("min", (bound, gradient))))


def _norm(step: Step) -> Equation:
    """How long all gradients together are, those that are too large cut first."""
    squares = [
        Power(_within(step, _gradient(step, parameter, place)), TWO)
        for place, parameter in enumerate(parameters(step))
        if place < step.backward.gradient[step.network.trained].size
    ]
    bound = step.trainer.clipping.value
    gradient = np.clip(step.backward.gradient[step.network.trained], -bound, bound)
    return Equation(NORM, Function("sqrt", (total(squares),)), float(np.sqrt(gradient.dot(gradient))))


def parameters(step: Step) -> list[Quantity]:
    """All parameters, in the order of their vector."""
    layers, quantity = range(len(step.network.layers)), step.quantity
    W = [quantity(Kind.W, n, i, j) for n in layers for i in range(step.outputs(n)) for j in range(step.inputs(n))]
    return W + [quantity(Kind.B, n, i) for n in layers for i in range(step.state.b[n].size)]
