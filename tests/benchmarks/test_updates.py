"""Updates per second, events on, beside a plain textbook loop.

Run with `pytest tests/benchmarks -n0`; the groups' ratios are what counts, machines differ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from timeit import timeit

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from nn_tui.core.debugger.breakpoints import FORMS, Breakpoint, breakpoint_of
from nn_tui.core.debugger.watch import Watch
from nn_tui.core.steps.events import Updated
from nn_tui.core.training.training import Experiment
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find, folder_of
from nn_tui.presets.preset_file import check_preset, preset_of_tables

UPDATES = 500
PAIRS = 41


@dataclass(frozen=True)
class Case:
    """A network with sigmoids throughout and bce, on so many examples."""

    layers: tuple[int, ...]
    examples: int
    batch_size: int


CASES = {
    "2-3-1, 1 example": Case((2, 3, 1), 1, 1),
    "3-4-1, 1 example": Case((3, 4, 1), 1, 1),
    "2-4-2-1, batches of 10": Case((2, 4, 2, 1), 100, 10),
    "2-8-8-1, 300 examples": Case((2, 8, 8, 1), 300, 300),
    "64-32-10, batches of 64": Case((64, 32, 10), 1280, 64),
}


def experiment(case: Case) -> Experiment:
    rng = np.random.default_rng(0)
    preset = {
        "name": "benchmark",
        "network": {"layers": list(case.layers), "init": {"scheme": "xavier", "seed": 1}},
        "training": {"loss": "bce", "learning_rate": 0.1, "batch_size": case.batch_size},
        "data": {
            "inputs": rng.uniform(-1, 1, (case.examples, case.layers[0])).tolist(),
            "targets": rng.integers(0, 2, (case.examples, case.layers[-1])).astype(float).tolist(),
        },
    }
    return build(check_preset(preset_of_tables(preset, "benchmark"), "benchmark"), Path())


def engine(of: Experiment) -> Callable[[], None]:
    """All events of so many updates."""

    def run() -> None:
        updates = (event for event in of.trainer.events(of.start) if isinstance(event, Updated))
        for _ in islice(updates, UPDATES):
            pass

    return run


def engine_with(at: Breakpoint, of: Experiment) -> Callable[[], None]:
    """The same, with a look at a breakpoint in each step; it may be hit."""

    def run() -> None:
        updates = (event for event in of.trainer.events(of.start) if isinstance(event, Updated))
        before, watch = None, Watch((at,))
        for updated in islice(updates, UPDATES):
            watch.hits(updated.backward, before)
            before = updated.backward

    return run


def plain_loop(of: Experiment, batch_size: int) -> Callable[[], None]:
    """What a textbook writes down, loss included."""
    X, Y = of.trainer.train.X, of.trainer.train.y
    starts = range(0, len(X), batch_size)

    def run() -> None:
        W, b = [each.copy() for each in of.start.W], [each.copy() for each in of.start.b]
        for update in range(UPDATES):
            start = starts[update % len(starts)]
            x, y = X[start : start + batch_size], Y[start : start + batch_size]
            A = [x]
            for W_layer, b_layer in zip(W, b, strict=True):
                A.append(1.0 / (1.0 + np.exp(-(A[-1] @ W_layer.T + b_layer))))
            -np.mean(np.sum(y * np.log(A[-1]) + (1 - y) * np.log(1 - A[-1]), axis=1))
            dz = (A[-1] - y) / len(x)
            for n in reversed(range(len(W))):
                dW, db = dz.T @ A[n], dz.sum(axis=0)
                if n:
                    dz = (dz @ W[n]) * A[n] * (1.0 - A[n])
                W[n] -= 0.1 * dW
                b[n] -= 0.1 * db

    return run


@pytest.mark.parametrize("name", CASES)
def test_ratio_of_paired_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    of = experiment(CASES[name])
    runs = engine(of), plain_loop(of, CASES[name].batch_size)

    ratios = [timeit(runs[1], number=1) / timeit(runs[0], number=1) for _ in range(PAIRS)]

    with capsys.disabled():
        print(f"\n{name}: {median(ratios):.2f} times as many updates per second as the plain loop")


@pytest.mark.parametrize("text", FORMS)
def test_share_of_a_breakpoint(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    of = experiment(CASES["3-4-1, 1 example"])
    runs = engine(of), engine_with(breakpoint_of(text), of)

    ratios = [timeit(runs[1], number=4) / timeit(runs[0], number=4) for _ in range(PAIRS)]

    with capsys.disabled():
        print(f"\n{text}: {100 * (median(ratios) - 1):.1f} % more time for an update")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("which", ["engine", "plain loop"])
def test_updates(benchmark: BenchmarkFixture, name: str, which: str) -> None:
    case = CASES[name]
    of = experiment(case)
    benchmark.group = name
    benchmark.extra_info["updates"] = UPDATES
    benchmark(engine(of) if which == "engine" else plain_loop(of, case.batch_size))


def test_digits(benchmark: BenchmarkFixture) -> None:
    of = build(find("digits"), folder_of("digits"))
    benchmark.group = "digits, as the preset says"
    benchmark(engine(of))
