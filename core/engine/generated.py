"""Generated Python for the updates of tiny networks: every number is a variable, every sum is written out.

Without a compiler it is many times as fast as NumPy's calls, and it has the same bits: the same operations on the same
numbers in the same order. What would not be finite raises an error or is found afterwards; NumPy makes those updates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from math import floor, inf, sqrt
from typing import Any, TypeAlias

from ..functions import elementary_numbers as numbers
from ..functions.optimizers import SGD, AdaDelta, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from ..functions.tables import LOGS, LOGS_LOW, POWERS, POWERS_LOW, SCALES, TANH_SLOPES, TANHS
from ..network.network import Bias, Network
from ..steps.stop import Watched
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
k = x * 2954.639443740597 + 6755399441055744.0 - 6755399441055744.0
j = floor(k)
r = x - k * STEP_HIGH - k * STEP_LOW
t = POWERS[j & 2047]
e = (((r * EXP_3 + EXP_2) * r * r + r) * t + POWERS_LOW[j & 2047] + t) * SCALES[j >> 11]"""
SIGMOID = f"""\
x = {{z}} if {{z}} < 0.0 else -{{z}}
if x < -746.0: x = -746.0
{EXPONENTIAL}
{{a}} = (e if {{z}} < 0.0 else 1.0) / (1.0 + e)"""
TANH = """\
x = {z}
if x < -20.0: x = -20.0
elif x > 20.0: x = 20.0
k = x + 52776558133248.0 - 52776558133248.0
j = floor(k * 128.0)
r = x - k
s = r * r
s = (s * TANH_5 + TANH_3) * s * r + r
t = TANHS[j]
{a} = TANH_SLOPES[j] * s / (s * t + 1.0) + t"""
SOFTPLUS = """\
k = e + 6597069766656.0 - 6597069766656.0
j = floor(k * 1024.0)
r = (e - k) / (k + 1.0)
s = (((r * -0.2 + 0.25) * r + LOG_3) * r + 0.5) * r * r
s = r - (s - LOGS_LOW[j]) + LOGS[j] + (0.0 if {z} <= 0.0 else {z})"""
"""The operations of elementary_numbers.py; e is what the last exponential has left."""
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
    """The function that makes updates of batches of this size."""
    source = StraightLineCode(task, rows).text
    space: dict[str, Any] = {
        name: value for name, value in vars(numbers).items() if isinstance(value, float) and name.isupper()
    }
    space |= {"POWERS": POWERS, "POWERS_LOW": POWERS_LOW, "SCALES": SCALES, "TANHS": TANHS, "LOGS": LOGS}
    space |= {"TANH_SLOPES": TANH_SLOPES, "LOGS_LOW": LOGS_LOW, "sqrt": sqrt, "floor": floor, "power": numbers.power}
    exec(compile(source, "<generated>", "exec"), space)
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
        self._x = [_names(f"x{row}_", network.sizes[0]) for row in range(rows)]
        self._y = [_names(f"y{row}_", network.sizes[-1]) for row in range(rows)]
        self._W, self._b = _places(network, self._w)
        self._dW, self._db = _places(network, _names("g", size))

    @property
    def text(self) -> str:
        """The source."""
        state = [*self._w, *self._s, *self._d]
        state += ["t_"] if self._task.optimizer.scalar_slots else []
        fixed = self._fixed()
        lines = [
            f"def run(state, batches, losses, gradients{''.join(f', {name}={name}' for name in fixed)}):",
            f"    {', '.join(state)}, = state",
            f"    for rate, ({', '.join([*sum(self._x, []), *sum(self._y, [])])},) in batches:",
            *("        " + line for part in self._update() for line in part.split("\n")),
            f"    return {', '.join(state)},",
        ]
        return "\n".join([*(f"{name} = {value!r}" for name, value in self._settings().items()), *lines])

    def _settings(self) -> dict[str, float]:
        optimizer = self._task.optimizer
        names = ("momentum", "epsilon", "rho", "alpha", "beta_1", "beta_2", "weight_decay")
        return {name.upper(): getattr(optimizer, name) for name in names if hasattr(optimizer, name)}

    def _fixed(self) -> Names:
        """Functions that are faster as local variables."""
        tables = ["POWERS", "POWERS_LOW", "SCALES", "TANHS", "TANH_SLOPES", "LOGS", "LOGS_LOW", "sqrt", "floor"]
        return [*tables, "STEP_HIGH", "STEP_LOW", "EXP_2", "EXP_3", "TANH_3", "TANH_5", "LOG_3", *self._settings()]

    def _update(self) -> Lines:
        """The lines of an update: the passes, the loss, the largest gradient, the new parameters."""
        layers = range(len(self._sizes) - 1)
        a, z = [self._x], []
        for n in layers:
            z.append(self._grid("z", n))
            a.append(self._grid("a", n))
            yield from self._forward(n, a[n], z[n], a[n + 1])
        yield from self._loss(a[-1])
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
        is_last = layer == len(self._sizes) - 2
        for row in range(self._rows):
            for j, W in enumerate(self._W[layer]):
                yield f"{z[row][j]} = {_sum_of_products(a_prev[row], W)} + {self._bias(layer, j)}"
                yield self._activation(layer, z[row][j], a[row][j])
                if is_last and self._task.output.loss.name == "bce":
                    yield SOFTPLUS.format(z=z[row][j])
                    part = f"s - {self._y[row][j]} * {z[row][j]}"
                    yield f"loss{row} = {f'loss{row} + ({part})' if j else part}"

    def _bias(self, layer: int, neuron: int) -> str:
        b = self._b[layer]
        return b[neuron if len(b) > 1 else 0] if b else "0.0"

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

    def _loss(self, y_hat: list[Names]) -> Lines:
        name, outputs = self._task.output.loss.name, self._sizes[-1]
        for row in range(self._rows if name != "bce" else 0):
            for j in range(outputs):
                yield f"t = {y_hat[row][j]} - {self._y[row][j]}"
                yield f"loss{row} = {f'loss{row} + t * t' if j else 't * t'}"
            if name != "sse":
                yield f"loss{row} = " + (f"0.5 * loss{row}" if name == "half-sse" else f"loss{row} / {float(outputs)}")
        total = " + ".join(f"loss{row}" for row in range(self._rows))
        yield f"losses(({total}) / {self._divisor!r} + 0.0)"

    @property
    def _divisor(self) -> float:
        return self._task.output.divisor(self._rows, self._sizes[-1])

    def _output_dz(self, z: list[Names], a: list[Names], dz: list[Names]) -> Lines:
        name, weight, outputs = self._task.output.loss.name, 1.0 / self._divisor, self._sizes[-1]
        forms = {"sse": "2.0 * ({})", "mse": "2.0 * ({}) / " + str(float(outputs))}
        for row in range(self._rows):
            for j in range(outputs):
                error = forms.get(name, "({})").format(f"{a[row][j]} - {self._y[row][j]}")
                slope = self._slope(len(self._sizes) - 2, z[row][j], a[row][j])
                yield f"{dz[row][j]} = {error} * {weight!r}" + ("" if name == "bce" else f" * {slope}")

    def _gradients(self, layer: int, dz: list[Names], a_prev: list[Names]) -> Lines:
        columns = list(zip(*dz, strict=True))
        for j, row in enumerate(self._dW[layer]):
            for i, name in enumerate(row):
                yield f"{name} = {_sum_of_products(columns[j], [each[i] for each in a_prev])}"
        db = self._db[layer]
        shares = columns if self._task.network.bias is Bias.PER_NEURON else [sum(dz, [])]
        for name, share in zip(db, shares if db else (), strict=True):
            yield f"{name} = {' + '.join(share)}"

    def _pass_back(self, layer: int, dz: list[Names], before: list[Names], z: list[Names], a: list[Names]) -> Lines:
        for row in range(self._rows):
            for i, name in enumerate(before[row]):
                da = _sum_of_products(dz[row], [W[i] for W in self._W[layer]])
                yield f"{name} = ({da}) * {self._slope(layer - 1, z[row][i], a[row][i])}"

    def _largest(self) -> Lines:
        yield "top = low = 0.0"
        for name in _names("g", len(self._w)):
            yield f"if {name} > top: top = {name}\nelif {name} < low: low = {name}"
        yield "gradients(top if top > -low else -low)"

    def _move(self) -> Lines:
        if self._task.optimizer.scalar_slots:
            yield "t_ += 1.0\nshare_1 = 1.0 - power(BETA_1, t_)\nshare_2 = 1.0 - power(BETA_2, t_)"
        if isinstance(self._task.optimizer, AdamW):
            yield "kept = 1.0 - rate * WEIGHT_DECAY"
        rule = RULES[type(self._task.optimizer)]
        for n in range(self._trained):
            yield rule.format(w=self._w[n], g=f"g{n}", s=f"s{n}", d=f"d{n}")


def _names(letter: str, size: int) -> Names:
    return [f"{letter}{n}" for n in range(size)]


def _places(network: Network, names: Names) -> tuple[list[list[Names]], list[Names]]:
    """The names of the weights of each layer, one list a neuron, and those of its biases."""
    number, W = count(), []
    for layer in network.layers:
        W.append([[names[next(number)] for _ in range(layer.n_in)] for _ in range(layer.n_out)])
    return W, [[names[next(number)] for _ in range(network.bias.size(layer.n_out))] for layer in network.layers]


def _sum_of_products(left: Sequence[str], right: Sequence[str]) -> str:
    products = [f"{a} * {b}" for a, b in zip(left, right, strict=True)]
    return " + ".join(products if len(products) == 1 else ["0.0", *products])
