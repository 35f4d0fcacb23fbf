"""Updates per second of the presets, headless, beside a plain textbook loop in NumPy.

Run with `pytest tests/benchmarks/test_engines.py -n0 -s`; rounds of each alternate, and the ratios are what counts.
"""

import warnings
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import process_time
from typing import Any

import numpy as np
import pytest

from nn_tui.core.data.dataset import shuffled
from nn_tui.core.engine import kernel_memory
from nn_tui.core.functions.arrays import Array
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.training.training import Experiment
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find, folder_of

UPDATES = {
    "2-3-1": 100_000,
    "3-4-1": 100_000,
    "xor": 100_000,
    "moons": 5_000,
    "iris": 5_000,
    "spiral": 5_000,
    "digits": 500,
}
LEAST = {"2-3-1": 150.0, "3-4-1": 150.0, "xor": 50.0, "moons": 10.0, "iris": 15.0, "spiral": 5.0, "digits": 1.8}
"""How many times the plain loop the compiled kernel is, at the least."""
ROUNDS = 7
SLOW = 500
"""Updates of the plain loop."""
SLOWER = {"numpy": SLOW, "python": 20 * SLOW}
"""Those without a compiler."""


def plain_loop(of: Experiment) -> Callable[[int], None]:
    """What a textbook writes down, loss included: sigmoid, tanh, relu and softmax; SGD and Adam."""
    trainer = of.trainer
    names = [layer.activation.name for layer in trainer.network.layers]
    batches, rate, X, Y = trainer.batches, trainer.optimizer.learning_rate, trainer.train.X, trainer.train.y
    is_adam, is_shared = trainer.optimizer.name == "adam", trainer.network.bias.value == "shared"

    def run(updates: int) -> None:
        W, b = [each.copy() for each in of.start.W], [each.copy() for each in of.start.b]
        moments = [[np.zeros_like(each), np.zeros_like(each)] for each in (*W, *b)]
        for update in range(updates):
            epoch, position = divmod(update, batches.per_epoch)
            rows = slice(position * batches.size, (position + 1) * batches.size)
            if batches.shuffle and batches.per_epoch > 1:
                x, y = X[shuffled(len(X), batches.seed, epoch)[rows]], Y[shuffled(len(X), batches.seed, epoch)[rows]]
            else:
                x, y = X[rows], Y[rows]
            Z, A = [], [x]
            for W_layer, b_layer, name in zip(W, b, names, strict=True):
                Z.append(A[-1] @ W_layer.T + b_layer)
                A.append(activation(name, Z[-1]))
            if names[-1] == "softmax":
                -np.mean(np.sum(y * np.log(A[-1] + 1e-300), axis=1))
            else:
                -np.mean(np.sum(y * np.log(A[-1]) + (1 - y) * np.log(1 - A[-1]), axis=1))
            dz = (A[-1] - y) / len(x)
            for n in reversed(range(len(W))):
                dW, db = dz.T @ A[n], dz.sum(axis=0)
                db = db.sum(keepdims=True) if is_shared else db
                if n:
                    dz = (dz @ W[n]) * slope(names[n - 1], Z[n - 1], A[n])
                for parameter, gradient, place in ((W[n], dW, n), (b[n], db, len(W) + n)):
                    if is_adam:
                        m, v = moments[place]
                        m[...] = 0.9 * m + 0.1 * gradient
                        v[...] = 0.999 * v + 0.001 * gradient**2
                        m_hat, v_hat = m / (1 - 0.9 ** (update + 1)), v / (1 - 0.999 ** (update + 1))
                        parameter -= rate * m_hat / (np.sqrt(v_hat) + 1e-8)
                    else:
                        parameter -= rate * gradient

    return run


def activation(name: str, z: Array) -> Array:
    match name:
        case "sigmoid":
            a: Array = 1 / (1 + np.exp(-z))
        case "tanh":
            a = np.tanh(z)
        case "relu":
            a = np.maximum(z, 0)
        case _:
            e = np.exp(z - z.max(axis=1, keepdims=True))
            a = e / e.sum(axis=1, keepdims=True)
    return a


def slope(name: str, z: Array, a: Array) -> Array:
    match name:
        case "sigmoid":
            return a * (1 - a)
        case "tanh":
            return 1 - a**2
        case _:
            return (z > 0) * 1.0


def rate_of(run: Callable[[int], object], updates: int) -> float:
    """Updates per second of the processor."""
    began = process_time()
    run(updates)
    return updates / (process_time() - began)


def without_a_compiler(name: str, monkeypatch: pytest.MonkeyPatch) -> Trainer:
    """The trainer of a preset as it is where nothing could be compiled."""
    monkeypatch.setenv(kernel_memory.SWITCH, "python")
    trainer = replace(build(find(name), folder_of(name)).trainer)
    assert trainer.engine.compiled is None
    monkeypatch.delenv(kernel_memory.SWITCH)
    return trainer


@pytest.mark.parametrize("name", UPDATES)
def test_ratio_to_a_plain_loop(name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    of = build(find(name), folder_of(name))
    loop, slow = plain_loop(of), without_a_compiler(name, monkeypatch)
    old = replace(build(find(name), folder_of(name), "blas-1").trainer)
    _ = of.trainer.engine, old.engine
    rates = []

    for _ in range(ROUNDS):
        rates.append(
            (
                rate_of(loop, SLOW),
                rate_of(lambda most: of.trainer.burst(of.start, most), UPDATES[name]),
                rate_of(lambda most: slow.burst(of.start, most), SLOWER[slow.engine.name]),
                rate_of(lambda most: old.burst(of.start, most), SLOW),
            )
        )

    plain, *others = (median(each) for each in zip(*rates, strict=True))
    ratios = [median(each[n] / each[0] for each in rates) for n in (1, 2, 3)]
    with capsys.disabled():
        print(f"\n{name:7} plain loop {plain:8,.0f}/s", end="")
        engines = of.trainer.engine.name, slow.engine.name, "blas-1"
        for word, rate, ratio in zip(engines, others, ratios, strict=True):
            print(f"   {word:6} {rate:10,.0f}/s {ratio:7.2f} x", end="")
    assert not kernel_memory.is_there() or ratios[0] >= LEAST[name]


def tuned_loop(of: Experiment) -> Callable[[int], Array]:
    """What NumPy can do at best by hand: memory that is kept, products and functions that write into it, no copy."""
    trainer = of.trainer
    names = [layer.activation.name for layer in trainer.network.layers]
    batches, rate, X, Y = trainer.batches, trainer.optimizer.learning_rate, trainer.train.X, trainer.train.y
    is_adam, is_shared = trainer.optimizer.name == "adam", trainer.network.bias.value == "shared"
    layout, layers = trainer.network.layout, len(names)

    def run(updates: int) -> Array:
        parameters = of.start.parameters.copy()
        W, b = layout.views(parameters, 0, layers), layout.views(parameters, layers)
        gradient, m, v, scratch, moved = (np.zeros_like(parameters) for _ in range(5))
        dW, db = layout.views(gradient, 0, layers), layout.views(gradient, layers)
        memory: dict[int, Any] = {}
        for update in range(updates):
            epoch, position = divmod(update, batches.per_epoch)
            rows = slice(position * batches.size, (position + 1) * batches.size)
            if batches.shuffle and batches.per_epoch > 1:
                order = shuffled(len(X), batches.seed, epoch)[rows]
                x, y = X[order], Y[order]
            else:
                x, y = X[rows], Y[rows]
            if len(x) not in memory:
                memory[len(x)] = [[np.empty((len(x), len(each))) for each in W] for _ in range(3)]
            a, dz, other = memory[len(x)]
            before = x
            for n, name in enumerate(names):
                np.dot(before, W[n].T, a[n])
                a[n] += b[n]
                in_place(name, a[n])
                before = a[n]
            y_hat = a[-1]
            if names[-1] == "softmax":
                -np.dot(y.ravel(), np.log(y_hat, other[-1]).ravel()) / len(x)
            else:
                np.subtract(1.0, y_hat, other[-1])
                np.log(np.abs(np.subtract(y, other[-1], other[-1]), other[-1]), other[-1]).sum() / -len(x)
            np.subtract(y_hat, y, dz[-1])
            dz[-1] *= 1.0 / len(x)
            for n in reversed(range(layers)):
                np.dot(dz[n].T, a[n - 1] if n else x, dW[n])
                db[n][...] = dz[n].sum() if is_shared else dz[n].sum(axis=0)
                if n:
                    np.dot(dz[n], W[n], dz[n - 1])
                    dz[n - 1] *= slope_into(names[n - 1], a[n - 1], other[n - 1])
            if is_adam:
                m *= 0.9
                m += np.multiply(gradient, 0.1, scratch)
                v *= 0.999
                np.multiply(gradient, gradient, scratch)
                scratch *= 0.001
                v += scratch
                np.sqrt(np.multiply(v, 1.0 / (1.0 - 0.999 ** (update + 1)), scratch), scratch)
                scratch += 1e-8
                np.divide(np.multiply(m, rate / (1.0 - 0.9 ** (update + 1)), moved), scratch, moved)
                parameters -= moved
            else:
                parameters -= np.multiply(gradient, rate, scratch)
        return parameters

    return run


def in_place(name: str, z: Array) -> None:
    match name:
        case "sigmoid":
            np.exp(np.negative(z, z), z)
            z += 1.0
            np.reciprocal(z, z)
        case "tanh":
            np.tanh(z, z)
        case "relu":
            np.maximum(z, 0.0, out=z)
        case _:
            z -= z.max(axis=1, keepdims=True)
            np.exp(z, z)
            z /= z.sum(axis=1, keepdims=True)


def slope_into(name: str, a: Array, other: Array) -> Array:
    if name == "relu":
        return np.greater(a, 0.0, other, casting="unsafe")
    np.multiply(a, a, other)
    return np.subtract(1.0 if name == "tanh" else a, other, other)


def torch_loop(of: Experiment) -> Callable[[int], None]:
    """PyTorch in its eager mode, on one thread, float64, as its tutorials write it."""
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    trainer = of.trainer
    kinds = {"sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}
    layers: list[Any] = []
    for layer in trainer.network.layers:
        layers.append(torch.nn.Linear(layer.n_in, layer.n_out, dtype=torch.float64))
        layers += [kinds[layer.activation.name]()] if layer is not trainer.network.layers[-1] else []
    model = torch.nn.Sequential(*layers)
    is_softmax = trainer.output.activation.name == "softmax"
    loss_of = torch.nn.CrossEntropyLoss() if is_softmax else torch.nn.BCEWithLogitsLoss()
    rule = torch.optim.Adam if trainer.optimizer.name == "adam" else torch.optim.SGD
    X, Y, batches = torch.tensor(trainer.train.X), torch.tensor(trainer.train.y), trainer.batches

    def run(updates: int) -> None:
        optimizer = rule(model.parameters(), lr=trainer.optimizer.learning_rate)
        for update in range(updates):
            epoch, position = divmod(update, batches.per_epoch)
            rows = slice(position * batches.size, (position + 1) * batches.size)
            chosen = torch.tensor(shuffled(len(X), batches.seed, epoch)[rows]) if batches.shuffle else rows
            optimizer.zero_grad()
            loss_of(model(X[chosen]), Y[chosen]).backward()
            optimizer.step()

    return run


def scikit_loop(of: Experiment) -> Callable[[int], None]:
    """scikit-learn's MLPClassifier, which calls its updates epochs of batches."""
    neural = pytest.importorskip("sklearn.neural_network")
    trainer = of.trainer
    first = trainer.network.layers[0].activation.name
    y = trainer.train.y.argmax(axis=1) if trainer.train.y.shape[1] > 1 else trainer.train.y[:, 0]
    if len(np.unique(y)) < 2:
        pytest.skip("a single example has a single class")

    def run(updates: int) -> None:
        epochs = -(-updates // trainer.batches.per_epoch)
        model = neural.MLPClassifier(
            trainer.network.sizes[1:-1],
            activation={"sigmoid": "logistic"}.get(first, first),
            solver=trainer.optimizer.name,
            alpha=0.0,
            batch_size=trainer.batches.size,
            learning_rate_init=trainer.optimizer.learning_rate,
            momentum=0.0,
            max_iter=epochs,
            tol=0.0,
            n_iter_no_change=10**9,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(trainer.train.X, y)

    return run


@pytest.mark.parametrize("other", [tuned_loop, torch_loop, scikit_loop])
@pytest.mark.parametrize("name", UPDATES)
def test_ratio_to_what_others_write(
    name: str,
    other: Callable[[Experiment], Callable[[int], object]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of = build(find(name), folder_of(name))
    run, engine, slow = other(of), of.trainer.engine.name, without_a_compiler(name, monkeypatch)
    theirs, ours, slowly = (
        max(rates)
        for rates in zip(
            *(
                (
                    rate_of(run, SLOW),
                    rate_of(lambda most: of.trainer.burst(of.start, most), UPDATES[name]),
                    rate_of(lambda most: slow.burst(of.start, most), SLOWER[slow.engine.name]),
                )
                for _ in range(ROUNDS)
            ),
            strict=True,
        )
    )

    with capsys.disabled():
        print(f"\n{name:7} {other.__name__:11} {theirs:8,.0f}/s  {engine} {ours / theirs:7.2f} x  ", end="")
        print(f"{slow.engine.name} {slowly / theirs:5.2f} x", end="")
    assert other is not tuned_loop or not kernel_memory.is_there() or ours / theirs >= 0.9


@pytest.mark.parametrize("name", UPDATES)
def test_what_is_tuned_trains_the_same(name: str) -> None:
    of = build(find(name), folder_of(name))

    found = tuned_loop(of)(30)

    np.testing.assert_allclose(found, of.trainer.burst(of.start, 30).state.parameters, rtol=1e-6)
