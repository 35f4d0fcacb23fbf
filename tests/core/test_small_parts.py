"""Series, quantities, initializers, accuracy, activations."""

from itertools import pairwise
from math import e

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.data.classes import classes_of
from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.initializers import INITIALIZERS
from nn_tui.core.metrics.series import Series, downsample

LOSSES = st.lists(st.floats(allow_nan=False), min_size=1, max_size=400)


@given(losses=LOSSES, most=st.integers(4, 50))
def test_thinning_keeps_ends_and_extremes_in_order(losses: list[float], most: int) -> None:
    points = list(enumerate(losses))

    kept = list(downsample(points, most))

    assert len(kept) <= max(most, 4)
    assert kept == sorted(set(kept)) and set(kept) <= set(points)
    assert kept[0] == points[0] and kept[-1] == points[-1]
    assert min(loss for _, loss in kept) == min(losses)
    assert max(loss for _, loss in kept) == max(losses)


def test_thinning_passes_over_what_is_no_number() -> None:
    points = [(step, float("nan") if step % 3 else float(step)) for step in range(100)]

    kept = downsample(points, 12)

    assert (3, 3.0) in kept and (96, 96.0) in kept
    assert [step for step, _ in downsample([(step, float("nan")) for step in range(100)], 12)] == [0, 99]


@given(steps=st.lists(st.integers(0, 2**53 - 1), max_size=200), most=st.integers(4, 50))
def test_thinning_ends_whatever_a_file_says_of_the_steps(steps: list[int], most: int) -> None:
    assert len(downsample([(step, 1.0 / (1 + step)) for step in steps], most)) <= most


def test_points_are_a_sequence() -> None:
    points = Series((step, step / 2) for step in range(5))

    assert list(points) == [(0, 0.0), (1, 0.5), (2, 1.0), (3, 1.5), (4, 2.0)]
    assert points[-1] == (4, 2.0) and list(points[:2]) == [(0, 0.0), (1, 0.5)]
    assert list(points.before(3)) == list(points)[:3] and points != list(points)


def test_a_history_stays_within_its_budget_and_keeps_a_peak() -> None:
    history = Series(limit=100)
    for step in range(10_000):
        history.append(step, 9.0 if step == 1234 else 1.0)

    assert len(history) <= 100
    assert (1234, 9.0) in history


def test_a_history_is_as_close_early_as_late() -> None:
    history = Series(limit=100)
    for step in range(20_000):
        history.append(step, 1.0 / (1 + step))

    steps = history.steps
    assert max(later - earlier for earlier, later in pairwise(steps)) <= 20_000 / 10


def test_a_history_can_be_rewound() -> None:
    history = Series()
    history.extend([(step, 1.0) for step in range(10)])

    history.rewind(4)

    assert history == Series((step, 1.0) for step in range(4))


@pytest.mark.parametrize("name", INITIALIZERS)
def test_an_initializer_has_the_shape_and_follows_its_seed(name: str) -> None:
    first, second = (INITIALIZERS[name](np.random.default_rng(3), 4, 2, 1.0) for _ in range(2))

    assert first.shape == (2, 4)
    assert first.tobytes() == second.tobytes()


def test_the_spread_of_initializers() -> None:
    rng = np.random.default_rng(0)

    # √(6 / (300 + 100)) = 0.12247…; √(2 / 300) = 0.08165…
    assert np.abs(INITIALIZERS["xavier"](rng, 300, 100, 1.0)).max() == pytest.approx(0.12247, rel=1e-3)
    assert INITIALIZERS["he"](rng, 300, 100, 1.0).std() == pytest.approx(0.08165, rel=0.02)
    assert INITIALIZERS["normal"](rng, 300, 100, 0.5).std() == pytest.approx(0.5, rel=0.02)
    assert np.abs(INITIALIZERS["uniform"](rng, 300, 100, 0.5)).max() == pytest.approx(0.5, rel=1e-3)


@pytest.mark.parametrize(
    ("y_hat", "y", "share"),
    [
        ([[0.6], [0.4]], [[1], [1]], 0.5),
        ([[0.5], [0.4]], [[1], [0]], 1.0),
        ([[0.1, 0.7], [0.9, 0.2]], [[0, 1], [0, 1]], 0.5),
        ([[0.6]], [[1]], None),
        ([[0.6], [0.1]], [[0.99], [0.01]], None),
        ([[0.6, 0.6], [0.1, 0.1]], [[1, 1], [0, 0]], None),
    ],
)
def test_accuracy_where_it_means_something(y_hat: list[list[float]], y: list[list[float]], share: float | None) -> None:
    targets = np.array(y, dtype=float)
    classes = classes_of("bce", "sigmoid", [targets])

    assert (classes.accuracy(np.array(y_hat), targets) if classes else None) == share


@pytest.mark.parametrize(
    ("name", "z", "a"),
    [
        ("sigmoid", 0.0, 0.5),
        ("sigmoid", 1.0, e / (1 + e)),
        ("sigmoid", -1000.0, 0.0),
        ("relu", -2.0, 0.0),
        ("relu", 3.0, 3.0),
        ("tanh", 1.0, (e * e - 1) / (e * e + 1)),
        ("identity", -7.0, -7.0),
    ],
)
def test_activations_by_hand(name: str, z: float, a: float) -> None:
    with np.errstate(over="ignore"):
        assert ACTIVATIONS[name](np.array([z]))[0] == pytest.approx(a, rel=1e-15)


def test_gelu_is_exact_and_gelu_tanh_its_approximation() -> None:
    z = np.array([1.0, -1.0, -10.0, 0.0])

    # 1 · Φ(1), −1 · (1 − Φ(1)), and −10 · Φ(−10) = −10 · 7.61985302416e−24.
    expected = [0.8413447460685429, -0.15865525393145707, -7.61985302416e-23, 0.0]
    assert ACTIVATIONS["gelu"](z) == pytest.approx(expected, rel=1e-11, abs=0.0)
    # ½ (1 + tanh(0.797885 · 1.044715)).
    assert ACTIVATIONS["gelu-tanh"](z)[0] == pytest.approx(0.8411919906082768, rel=1e-15)
