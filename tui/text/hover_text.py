"""What the cursor stands on in a picture of a network: its name and its value, and of a neuron the sum behind it."""

from ...core.debugger.snapshot import Freshness
from ...core.quantity import Quantity
from ...core.training.events import ForwardPass
from .diagram.network_values import NetworkValues
from .numbers import plain, short

DECIMALS, DECIMALS_OF_ONE = 3, 6
"""Of the numbers of a sum, and of one that stands alone."""


def hover_text(figures: NetworkValues, quantity: str, width: int, decimals: int | None = None) -> str:
    """One line of at most this width, where there is one."""
    found = Quantity.parse(quantity)
    if found.name == "a" or figures.gradients and found.name in ("dz", "da"):
        texts = (_neuron if found.name == "a" else _gradient)(figures, found, decimals or DECIMALS)
        return next((text for text in texts if len(text) <= width), "")
    value = _value(figures, found)
    return f"{figures.label(quantity)} = {'·' if value is None else plain(value, decimals or DECIMALS_OF_ONE)}"[:width]


def _value(figures: NetworkValues, found: Quantity) -> float | None:
    if found.name == "w":
        return float(figures.snapshot.state.W[found.layer][found.index])
    if found.name == "dw":
        backward = figures.snapshot.backward_of(found.layer)
        return float(backward.dW[found.layer][found.index]) if backward else None
    return float((figures.values[0] if found.name == "x" else figures.targets)[found.index[1]])


def _neuron(figures: NetworkValues, found: Quantity, decimals: int) -> list[str]:
    """The sum of a neuron and what becomes of it, from the fullest to the sparest."""
    layer, k = found.layer, found.index[1]
    forward = figures.snapshot.forward_of(layer)
    a_label = figures.label(f"a{layer + 1}[{k + 1}]")
    if forward is None or figures.snapshot.forward_freshness(layer) is Freshness.ABSENT:
        return [f"{a_label} = ·"]
    row = min(figures.row, len(forward.X) - 1)
    z, a = float(forward.z[layer][row, k]), float(forward.a[layer][row, k])
    z_label = figures.label(f"z{layer + 1}[{k + 1}]")
    ends = f"{plain(z, decimals)}, {a_label} = {plain(a, decimals)}"
    sums = (_sum(forward, layer, k, row, decimals), "Σ w·a + b" if layer else "Σ w·x + b")
    return [
        *(f"{z_label} = {each} = {ends}" for each in sums),
        f"{z_label} = {ends}",
        f"{a_label} = {plain(a, decimals)}",
    ]


def _gradient(figures: NetworkValues, found: Quantity, decimals: int) -> list[str]:
    """The sum of what a neuron's or an input's gradient comes from, and what becomes of it."""
    layer, k = found.layer, found.index[1]
    backward = figures.snapshot.backward_of(max(layer, 0))
    name = f"{found.name}{layer + 1}[{k + 1}]"
    if backward is None:
        return [f"{figures.label(name)} = ·"]
    row = min(figures.row, len(backward.forward.X) - 1)
    end = f"{figures.label(name)} = {plain(float(figures.values[layer + 1][k]), decimals)}"
    a_label = figures.label(f"da{layer + 1}[{k + 1}]")
    if layer >= 0:
        end = f"{a_label} = {plain(float(backward.da[layer][row, k]), decimals)}, {end}"
    if layer + 1 == len(backward.dz):
        return [end, end.partition(", ")[2]]
    weights, dz = backward.state.W[layer + 1][:, k].tolist(), backward.dz[layer + 1][row].tolist()
    sums = (_terms(weights, dz, decimals), "Σ w·∂L/∂z")
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
