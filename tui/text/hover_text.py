"""The text for the number under the mouse or the cursor: name and value; for a neuron, also its sum."""

from ...core.debugger.snapshot import Freshness
from ...core.quantities.quantity import Kind, Quantity
from ...core.steps.events import ForwardPass
from .network.network_values import NetworkValues
from .numbers import plain, short

DECIMALS, DECIMALS_OF_ONE = 3, 6
"""The decimals in a sum, and of a single number."""


def hover_text(figures: NetworkValues, quantity: Quantity, width: int, decimals: int | None = None) -> str:
    """One line of at most this width; empty if nothing fits."""
    if quantity.kind is Kind.A or figures.gradients and quantity.kind in (Kind.DZ, Kind.DA):
        texts = (_neuron if quantity.kind is Kind.A else _gradient)(figures, quantity, decimals or DECIMALS)
        return next((text for text in texts if len(text) <= width), "")
    value = _value(figures, quantity)
    return f"{figures.label(quantity)} = {'·' if value is None else plain(value, decimals or DECIMALS_OF_ONE)}"[:width]


def _value(figures: NetworkValues, quantity: Quantity) -> float | None:
    if quantity.kind is Kind.W:
        return float(figures.snapshot.state.W[quantity.layer][quantity.index])
    if quantity.kind is Kind.DW:
        backward = figures.snapshot.backward_of(quantity.layer)
        return float(backward.dW[quantity.layer][quantity.index]) if backward else None
    return float((figures.values[0] if quantity.kind is Kind.X else figures.targets)[quantity.to])


def _neuron(figures: NetworkValues, quantity: Quantity, decimals: int) -> list[str]:
    """The sum and the output of a neuron, the longest text first."""
    layer, k = quantity.layer, quantity.to
    forward = figures.snapshot.forward_of(layer)
    a_label = figures.label(Quantity(Kind.A, layer, k))
    if forward is None or figures.snapshot.forward_freshness(layer) is Freshness.ABSENT:
        return [f"{a_label} = ·"]
    row = min(figures.row, len(forward.X) - 1)
    z, a = float(forward.z[layer][row, k]), float(forward.a[layer][row, k])
    z_label = figures.label(Quantity(Kind.Z, layer, k))
    ends = f"{plain(z, decimals)}, {a_label} = {plain(a, decimals)}"
    sums = (_sum(forward, layer, k, row, decimals), "Σ w·a + b" if layer else "Σ w·x + b")
    return [
        *(f"{z_label} = {each} = {ends}" for each in sums),
        f"{z_label} = {ends}",
        f"{a_label} = {plain(a, decimals)}",
    ]


def _gradient(figures: NetworkValues, quantity: Quantity, decimals: int) -> list[str]:
    """The sum and the gradient of a neuron or an input, the longest text first."""
    layer, k = quantity.layer, quantity.to
    backward = figures.snapshot.backward_of(max(layer, 0))
    if backward is None:
        return [f"{figures.label(quantity)} = ·"]
    row = min(figures.row, len(backward.forward.X) - 1)
    end = f"{figures.label(quantity)} = {plain(float(figures.values[layer + 1][k]), decimals)}"
    a_label = figures.label(Quantity(Kind.DA, layer, k))
    if layer >= 0:
        end = f"{a_label} = {plain(float(backward.da[layer][row, k]), decimals)}, {end}"
    if layer + 1 == len(backward.dz):
        return [end, end.partition(", ")[2]]
    weights, dz = backward.state.W[layer + 1][:, k].tolist(), backward.dz[layer + 1][row].tolist()
    sums = (_terms(weights, dz, decimals), f"Σ w·{figures.heading(Kind.DZ)}")
    before = f"{a_label} = "
    return [*(f"{before}{each} = {end.removeprefix(before)}" for each in sums), end, end.partition(", ")[2]]


def _sum(forward: ForwardPass, layer: int, k: int, row: int, decimals: int) -> str:
    """The terms of z with their numbers."""
    weights, inputs = forward.state.W[layer][k].tolist(), forward.a_prev(layer)[row].tolist()
    b = forward.state.b[layer]
    bias = f" + {plain(float(b[min(k, b.size - 1)]), decimals)}" if b.size else ""
    return f"{_terms(weights, inputs, decimals)}{bias}".replace("+ −", "− ")


def _terms(weights: list[float], values: list[float], decimals: int) -> str:
    """Products and their sum."""
    terms = (f"{plain(w, decimals)}·{short(round(x, decimals))}" for w, x in zip(weights, values, strict=True))
    return " + ".join(terms).replace("+ −", "− ")
