"""Generated Python for the updates of tiny networks: every number is a variable, every sum is written out.

Without a compiler it is many times as fast as NumPy's calls, and it has the same bits: the same operations on the same
numbers in the same order. What would not be finite raises an error or is found afterwards; NumPy makes those updates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from math import inf
from typing import TypeAlias

import numpy as np

from ..functions.optimizers import SGD, AdaDelta, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from ..network.network import Bias, Network
from ..steps.stop import Watched
from .generated_tables import generated_tables
from .ordered_functions import kind_of, loss_kind
from .task import Task

Lines: TypeAlias = Iterator[str]
Names: TypeAlias = list[str]
Run: TypeAlias = Callable[..., tuple[float, ...]]
"""Maps the parameters, the slots, and the rate and numbers of each batch to the new parameters and slots."""

MOST = 300
"""Examples of a batch times parameters, up to which it is faster than NumPy."""
ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "leaky-relu")
LOSSES = ("bce", "sse", "half-sse", "mse")
EXPONENTIAL = """\
    k = floor({z} * {sign}2954.639443740597 + 6755399441055744.0 - 6755399441055744.0)
    try:
        t, low, high, small = POWERS[k]
    except IndexError:
        t, low, high, small = power_at(k)
    r = high {minus} {z} + small
    e = ((r * EXP_3 + EXP_2) * r * r + r) * t + low + t"""
SIGMOID = f"""\
if {{z}} < 0.0:
{EXPONENTIAL.format(z="{z}", sign="-", minus="+")}
    {{a}} = e / (1.0 + e)
else:
{EXPONENTIAL.format(z="{z}", sign="", minus="-")}
    {{a}} = 1.0 / (1.0 + e)"""
TANH = """\
if {z} < -20.0:
    {a} = -1.0
else:
    x, t, low, u = TANHS[floor({z} * 128.0 + 6755399441055744.0 - 6755399441053184.0)]
    r = {z} - x
    s = r * r
    s = (s * TANH_4 + TANH_2) * s + t * r
    {a} = r + low - (u + s) / (s + 1.0) * r + t"""
"""The operations of elementary_numbers.py; its limits are in the tables, and far beyond them there is an error."""
FIXED = ("POWERS", "TANHS", "sqrt", "floor", "EXP_2", "EXP_3", "TANH_2", "TANH_4")
"""What is faster as local variables."""
RULES: dict[type, str] = {
    SGD: "{w} -= rate * {g}",
    Momentum: "{s} = MOMENTUM * {s} + {g}\n{w} -= rate * {s}",
    Nesterov: "{s} = MOMENTUM * {s} + {g}\n{w} -= rate * ({g} + MOMENTUM * {s})",
    AdaGrad: "{s} = {s} + {g} * {g}\n{w} -= rate * {g} / (sqrt({s}) + EPSILON)",
    AdaDelta: "{s} = RHO * {s} + (1.0 - RHO) * {g} * {g}\n"
    "t = {g} * sqrt({d} + EPSILON) / sqrt({s} + EPSILON)\n"
    "{d} = RHO * {d} + (1.0 - RHO) * t * t\n{w} -= rate * t",
    RMSProp: "{s} = ALPHA * {s} + (1.0 - ALPHA) * {g} * {g}\n{w} -= rate * {g} / (sqrt({s}) + EPSILON)",
    Adam: "{s} = BETA_1 * {s} + (1.0 - BETA_1) * {g}\n{d} = BETA_2 * {d} + (1.0 - BETA_2) * {g} * {g}\n"
    "{w} -= rate * ({s} / share_1) / (sqrt({d} / share_2) + EPSILON)",
}
RULES[AdamW] = RULES[Adam].replace("{w} -=", "{w} = {w} * kept -")
"""An update of one parameter, of its gradient and its two slots."""


def unknown_to_generated(task: Task) -> str:
    """The first part of a task that it does not know, in a word or two, also if the kernel does not know it either."""
    checks = (
        (task.batches.size * task.network.layout.size <= MOST, "larger networks and batches"),
        (all(kind_of(each.activation)[0] in ACTIVATIONS for each in task.network.layers), "an activation"),
        (loss_kind(task.output.loss) in LOSSES, "the loss"),
        (task.output.loss.name != "bce" or kind_of(task.output.activation)[0] == "sigmoid", "the loss"),
        (not task.penalty, "penalties"),
        (task.weights_of(task.train) is None, "weights of examples"),
        (task.watched is Watched.NOTHING, "a loss that is watched"),
        (task.clipping.norm == task.clipping.value == inf, "clipping"),
    )
    return next((name for is_known, name in checks if not is_known), "")


def generated_run(task: Task, rows: int) -> Run:
    """Return the function that makes updates of batches of a size."""
    space = dict(generated_tables())
    exec(compile(StraightLineCode(task, rows).text, "<generated>", "exec"), space)
    run: Run = space["run"]
    return run


class StraightLineCode:
    """The text of the function for one task and one size of batches."""

    def __init__(self, task: Task, rows: int) -> None:
        """Give each number its name."""
        self._task, self._rows = task, rows
        network = task.network
        self._sizes = network.sizes
        size, trained = network.layout.size, len(range(network.layout.size)[network.trained])
        self._w, self._trained = _names("w", size), trained
        slots = len([name for name in task.optimizer.slot_names if name not in task.optimizer.scalar_slots])
        self._s, self._d = (_names(letter, trained if n < slots else 0) for n, letter in enumerate("sd"))
        self._is_constant = task.batches.per_epoch == 1 and bool(np.isfinite(task.train.X).all())
        if self._is_constant:
            self._x, self._y = ([list(map(repr, row)) for row in of.tolist()] for of in (task.train.X, task.train.y))
        else:
            self._x = [_names(f"x{row}_", network.sizes[0]) for row in range(rows)]
            self._y = [_names(f"y{row}_", network.sizes[-1]) for row in range(rows)]
        self._W, self._b = _places(network, self._w)
        self._dW, self._db = _places(network, _names("g", size))
        self._gradient: dict[str, str] = {}

    @property
    def text(self) -> str:
        """The source."""
        state = [*self._w, *self._s, *self._d]
        state += ["t_"] if self._task.optimizer.scalar_slots else []
        fixed = [*FIXED, *self._settings()]
        batch = "_" if self._is_constant else f"({', '.join([*sum(self._x, []), *sum(self._y, [])])},)"
        lines = [
            f"def run(state, batches, keep, gradients{''.join(f', {name}={name}' for name in fixed)}):",
            f"    {', '.join(state)}, = state",
            f"    for rate, {batch} in batches:",
            *("        " + line for part in self._update() for line in part.split("\n")),
            f"    return {', '.join(state)},",
        ]
        return "\n".join([*(f"{name} = {value!r}" for name, value in self._settings().items()), *lines])

    def _settings(self) -> dict[str, float]:
        optimizer = self._task.optimizer
        names = ("momentum", "epsilon", "rho", "alpha", "beta_1", "beta_2", "weight_decay")
        return {name.upper(): getattr(optimizer, name) for name in names if hasattr(optimizer, name)}

    def _update(self) -> Lines:
        """The lines of an update: the passes, the loss, the largest gradient, the new parameters."""
        layers = range(len(self._sizes) - 1)
        a, z = [self._x], []
        for n in layers:
            z.append(self._grid("z", n))
            a.append(self._grid("a", n))
            yield from self._forward(n, a[n], z[n], a[n + 1])
        kept = sum((z if self._task.output.loss.name == "bce" else a)[-1], [])
        yield f"keep(({', '.join(kept)},))"
        dz = self._grid("d", layers[-1])
        yield from self._output_dz(z[-1], a[-1], dz)
        for n in reversed(layers):
            yield from self._gradients(n, dz, a[n])
            if n:
                before = self._grid("d", n - 1)
                yield from self._pass_back(n, dz, before, z[n - 1], a[n])
                dz = before
        yield from self._largest()
        yield from self._move()

    def _grid(self, letter: str, layer: int) -> list[Names]:
        return [_names(f"{letter}{layer}_{row}_", self._sizes[layer + 1]) for row in range(self._rows)]

    def _forward(self, layer: int, a_prev: list[Names], z: list[Names], a: list[Names]) -> Lines:
        name, _ = kind_of(self._task.network.layers[layer].activation)
        is_sign_lost = name in ("sigmoid", "tanh", "relu")  # that of 0
        b = self._b[layer] or ["0.0"]
        for row in range(self._rows):
            for j, W in enumerate(self._W[layer]):
                products = _products(a_prev[row], W, drops_zeros=layer == 0 and len(W) > 1)
                value = _sum([*products, b[j if len(b) > 1 else 0]], begins_with_first=len(W) == 1 or is_sign_lost)
                if value.isidentifier():
                    z[row][j] = value
                else:
                    yield f"{z[row][j]} = {value}"
                yield self._activation(layer, z[row][j], a[row][j])

    def _activation(self, layer: int, z: str, a: str) -> str:
        name, number = kind_of(self._task.network.layers[layer].activation)
        match name:
            case "sigmoid":
                return SIGMOID.format(z=z, a=a)
            case "tanh":
                return TANH.format(z=z, a=a)
            case "relu":
                return f"{a} = 0.0 if {z} <= 0.0 else {z}"
            case "leaky-relu":
                return f"{a} = {z} if {z} > 0.0 else {number!r} * {z}"
            case _:
                return f"{a} = {z}"

    def _slope(self, layer: int, z: str, a: str) -> str:
        name, number = kind_of(self._task.network.layers[layer].activation)
        match name:
            case "sigmoid":
                return f"({a} * (1.0 - {a}))"
            case "tanh":
                return f"(1.0 - {a} * {a})"
            case "relu" | "leaky-relu":
                return f"(1.0 if {z} > 0.0 else {number!r})"
            case _:
                return "1.0"

    def _output_dz(self, z: list[Names], a: list[Names], dz: list[Names]) -> Lines:
        name, outputs = self._task.output.loss.name, self._sizes[-1]
        weight = 1.0 / self._task.output.divisor(self._rows, outputs)
        forms = {"sse": "2.0 * ({})", "mse": "2.0 * ({}) / " + str(float(outputs))}
        for row in range(self._rows):
            for j in range(outputs):
                y = self._y[row][j]
                error = forms.get(name, "({})").format(a[row][j] if y == "0.0" else f"{a[row][j]} - {y}")
                slope = "1.0" if name == "bce" else self._slope(len(self._sizes) - 2, z[row][j], a[row][j])
                factors = [each for each in (error, repr(weight), slope) if each != "1.0"]
                yield f"{dz[row][j]} = {' * '.join(factors)}"

    def _gradients(self, layer: int, dz: list[Names], a_prev: list[Names]) -> Lines:
        columns = list(zip(*dz, strict=True))
        # A gradient of biases shows what is not finite where it is multiplied with an input of 0.
        network, are_several = self._task.network, self._rows > 1
        drops_zeros = layer == 0 and are_several and network.bias is not Bias.NONE and network.train_bias
        for j, row in enumerate(self._dW[layer]):
            for i, name in enumerate(row):
                products = _products(columns[j], [each[i] for each in a_prev], drops_zeros)
                yield from self._gradient_is(name, _sum(products, not are_several))
        shares = columns if network.bias is Bias.PER_NEURON else [sum(dz, [])]
        for name, share in zip(self._db[layer], shares if self._db[layer] else (), strict=True):
            yield from self._gradient_is(name, " + ".join(share))

    def _pass_back(self, layer: int, dz: list[Names], before: list[Names], z: list[Names], a: list[Names]) -> Lines:
        for row in range(self._rows):
            for i, name in enumerate(before[row]):
                da = _sum(_products(dz[row], [W[i] for W in self._W[layer]]), len(dz[row]) == 1)
                slope = self._slope(layer - 1, z[row][i], a[row][i])
                yield f"{name} = {da if slope == '1.0' else f'({da}) * {slope}'}"

    def _gradient_is(self, name: str, value: str) -> Lines:
        """A line, unless it is a number that has a name already."""
        self._gradient[name] = value if value.isidentifier() else name
        if not value.isidentifier():
            yield f"{name} = {value}"

    def _largest(self) -> Lines:
        yield "top = low = 0.0"
        for name in dict.fromkeys(self._gradient.values()):
            yield f"if {name} > top: top = {name}\nelif {name} < low: low = {name}"
        yield "gradients(top if top >= -low else -low)"  # not −0 where all are 0

    def _move(self) -> Lines:
        if self._task.optimizer.scalar_slots:
            yield "t_ += 1.0\nshare_1 = 1.0 - power(BETA_1, t_)\nshare_2 = 1.0 - power(BETA_2, t_)"
        if isinstance(self._task.optimizer, AdamW):
            yield "kept = 1.0 - rate * WEIGHT_DECAY"
        rule = RULES[type(self._task.optimizer)]
        for n in range(self._trained):
            yield rule.format(w=self._w[n], g=self._gradient[f"g{n}"], s=f"s{n}", d=f"d{n}")


def _names(letter: str, size: int) -> Names:
    return [f"{letter}{n}" for n in range(size)]


def _places(network: Network, names: Names) -> tuple[list[list[Names]], list[Names]]:
    """The names of the weights of each layer, one list a neuron, and those of its biases."""
    number, W = count(), []
    for layer in network.layers:
        W.append([[names[next(number)] for _ in range(layer.n_in)] for _ in range(layer.n_out)])
    return W, [[names[next(number)] for _ in range(network.bias.size(layer.n_out))] for layer in network.layers]


def _products(left: Sequence[str], right: Sequence[str], drops_zeros: bool = False) -> Names:
    """The products of the terms; no multiplication by an input of 1."""
    pairs = [pair for pair in zip(left, right, strict=True) if not drops_zeros or not {"0.0", "-0.0"} & set(pair)]
    return [f"{a} * {b}" if "1.0" not in (a, b) else a if b == "1.0" else b for a, b in pairs]


def _sum(products: Names, begins_with_first: bool) -> str:
    """Their sum; from 0 on, as that of several is, where the sign of a 0 counts."""
    return " + ".join(products if begins_with_first and products else ["0.0", *products])
