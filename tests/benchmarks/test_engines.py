"""Updates per second of the presets, headless, beside a plain textbook loop in NumPy.

Run with `pytest tests/benchmarks/test_engines.py -n0 -s`; rounds of each alternate, and the ratios are what counts.
"""

from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import process_time

import numpy as np
import pytest

from nn_tui.core.engine import compiled
from nn_tui.core.functions.arrays import Array
from nn_tui.core.training.dataset import shuffled
from nn_tui.core.training.training import Experiment
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find, folder_of

from ..helpers.random_trainers import by_numpy

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
"""Updates of the plain loop, and of NumPy alone."""


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


@pytest.mark.parametrize("name", UPDATES)
def test_ratio_to_a_plain_loop(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    of = build(find(name), folder_of(name))
    loop, slow = plain_loop(of), by_numpy(of.trainer)
    old = replace(build(find(name), folder_of(name), "blas-1").trainer)
    _ = of.trainer.engine, old.engine
    rates = []

    for _ in range(ROUNDS):
        rates.append(
            (
                rate_of(loop, SLOW),
                rate_of(lambda most: of.trainer.burst(of.start, most), UPDATES[name]),
                rate_of(lambda most: slow.burst(of.start, most), SLOW),
                rate_of(lambda most: old.burst(of.start, most), SLOW),
            )
        )

    plain, *others = (median(each) for each in zip(*rates, strict=True))
    ratios = [median(each[n] / each[0] for each in rates) for n in (1, 2, 3)]
    with capsys.disabled():
        print(f"\n{name:7} plain loop {plain:8,.0f}/s", end="")
        for word, rate, ratio in zip((of.trainer.engine.name, "numpy", "blas-1"), others, ratios, strict=True):
            print(f"   {word:6} {rate:10,.0f}/s {ratio:7.2f} x", end="")
    assert not compiled.is_there() or ratios[0] >= LEAST[name]
