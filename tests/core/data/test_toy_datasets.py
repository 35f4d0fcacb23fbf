"""Generated examples lie where their names say, and noise moves them as far as it says."""

import numpy as np
import pytest

from nn_tui.core.data.dataset import GENERATORS
from nn_tui.core.functions.arrays import Array

MANY = 4000


def generated(name: str, noise: float = 0.0, samples: int = MANY) -> tuple[Array, Array]:
    return GENERATORS[name](np.random.default_rng(9), samples, noise)


def test_moons_are_two_half_circles_that_reach_into_each_other() -> None:
    X, y = generated("moons")
    upper, lower = X[y[:, 0] == 0.0], np.array([1.0, 0.5]) - X[y[:, 0] == 1.0]

    for half in (upper, lower):
        np.testing.assert_allclose(np.hypot(*half.T), 1.0, rtol=1e-12)
        assert half[:, 1].min() >= 0.0
        assert half[:, 0].min() < -0.99 and half[:, 0].max() > 0.99


def test_circles_lie_one_within_the_other() -> None:
    X, y = generated("circles")

    np.testing.assert_allclose(np.hypot(*X.T), 1.0 - 0.5 * y[:, 0], rtol=1e-12)
    for radius in (1.0, 0.5):
        ring = X[np.isclose(np.hypot(*X.T), radius)]
        assert np.all(ring.min(axis=0) < -0.99 * radius) and np.all(ring.max(axis=0) > 0.99 * radius)


def test_the_arms_of_a_spiral_wind_around_each_other_one_and_a_half_times() -> None:
    X, y = generated("spiral")
    along = np.hypot(*X.T)
    angle = 3.0 * np.pi * along + np.pi * y[:, 0]

    np.testing.assert_allclose(X, np.stack([along * np.cos(angle), along * np.sin(angle)], axis=1), atol=1e-12)
    assert 0.05 <= along.min() < 0.06 and 0.99 < along.max() <= 1.0


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_clouds_are_half_a_unit_wide_and_more_by_the_noise(noise: float) -> None:
    X, y = generated("gaussians", noise)

    for target, middle in ((0.0, -1.0), (1.0, 1.0)):
        cloud = X[y[:, 0] == target]
        assert cloud.mean(axis=0) == pytest.approx([middle, middle], abs=0.1)
        assert cloud.std(axis=0) == pytest.approx(np.full(2, 0.5 + noise), rel=0.05)


def test_a_checkerboard_has_four_fields_a_side() -> None:
    X, y = generated("checkerboard")
    columns, rows = np.floor((X.T + 1.0) * 2.0)

    assert set(columns.tolist()) == set(rows.tolist()) == {0.0, 1.0, 2.0, 3.0}
    assert y[:, 0].tolist() == ((columns + rows) % 2.0).tolist()


@pytest.mark.parametrize("name", ["sine", "plane"])
def test_inputs_of_numbers_fill_their_range(name: str) -> None:
    X, _ = generated(name)

    assert -1.0 <= X.min() < -0.99 and 0.99 < X.max() <= 1.0


@pytest.mark.parametrize("name", [name for name in GENERATORS if name != "gaussians"])
def test_noise_is_a_standard_deviation_around_where_an_example_would_be(name: str) -> None:
    (X, y), (noisy_X, noisy_y) = generated(name), generated(name, 0.3)
    numbers = name in ("sine", "plane")
    moved, kept = (noisy_y - y, noisy_X - X) if numbers else (noisy_X - X, noisy_y - y)

    assert not kept.any()
    assert moved.mean() == pytest.approx(0.0, abs=0.03) and moved.std() == pytest.approx(0.3, rel=0.05)


@pytest.mark.parametrize("name", [name for name in GENERATORS if name not in ("sine", "plane", "checkerboard")])
@pytest.mark.parametrize("samples", [1, 2, 7, 8])
def test_as_many_examples_as_asked_for(name: str, samples: int) -> None:
    X, y = generated(name, samples=samples)

    assert X.shape == (samples, 2) and y.shape == (samples, 1)
    if name in ("circles", "moons", "spiral", "gaussians"):
        assert abs(y.sum() - samples / 2) <= 0.5
