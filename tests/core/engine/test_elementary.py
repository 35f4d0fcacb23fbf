"""Elementary functions of our own: how exact they are, and that each way to compute them gives the same bits."""

from collections.abc import Callable
from math import erfc, inf, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine import compiled, elementary, elementary_numbers, tables
from nn_tui.core.functions.arrays import Array

FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    name: getattr(elementary, name)
    for name in ("exp", "expm1", "log", "tanh", "sigmoid", "softplus", "normal_distribution")
}
"""In the order of the kernel's numbers for them."""
SPECIAL = (
    *(0.0, -0.0, inf, -inf, nan, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-310, 1.7e308, -1.7e308),
    *(709.78, 709.79, -745.13, -745.14, 710.0, -746.0, -50.0, 1.0, -1.0, 0.5, 28.0, -28.0),
)
SAMPLE = 100_000


def bits(array: Array) -> list[int | None]:
    """The bits of each number; None of what is none, which has many."""
    return [None if number != number else int(word) for number, word in zip(array, array.view(np.int64), strict=True)]


@np.errstate(all="ignore")
def one_by_one(name: str, x: Array) -> Array:
    return np.array([getattr(elementary_numbers, f"{name}_of")(each) for each in x.tolist()])


def in_domain(name: str, x: Array) -> Array:
    return -np.abs(x) if name == "expm1" else x


@pytest.mark.parametrize("name", FUNCTIONS)
@given(st.lists(st.one_of(st.floats(), st.sampled_from(SPECIAL), st.floats(-40, 40)), min_size=13, max_size=40))
def test_numbers_arrays_and_the_kernel_have_the_same_bits(name: str, numbers: list[float]) -> None:
    x = in_domain(name, np.array(numbers))

    with np.errstate(all="ignore"):
        whole = bits(FUNCTIONS[name](x))

    assert bits(one_by_one(name, x)) == whole
    if compiled.kernel:
        assert bits(compiled.elementary(list(FUNCTIONS).index(name), x)) == whole


def ulps(found: Array, right: Array) -> float:
    """The greatest distance, in units of the last digit; what is right has more digits."""
    unit = np.spacing(np.abs(right.astype(float)))
    return float(np.max(np.abs(found - right) / unit))


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="nothing here is more exact than float64")
@pytest.mark.parametrize(
    ("name", "first", "last", "most"),
    [
        ("exp", -740.0, 709.0, 0.8),
        ("exp", -1.0, 1.0, 0.6),
        ("expm1", -40.0, 0.0, 1.2),
        ("expm1", -0.002, 0.0, 1.5),
        ("log", 0.0, 10.0, 1.0),
        ("log", 0.5, 2.0, 1.0),
        ("tanh", -20.0, 20.0, 2.0),
        ("tanh", -0.05, 0.05, 2.0),
    ],
)
def test_they_are_as_exact_as_they_say(name: str, first: float, last: float, most: float) -> None:
    x = np.random.default_rng(0).uniform(first, last, SAMPLE)

    found, right = FUNCTIONS[name](x), getattr(np, name)(x.astype(np.longdouble))

    assert ulps(found, right) <= most


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="nothing here is more exact than float64")
@pytest.mark.parametrize(("first", "last"), [(-40.0, 40.0), (-9.0, -5.0), (-1.0, 1.0)])
def test_softplus_and_sigmoid_are_as_exact_as_they_say(first: float, last: float) -> None:
    x = np.random.default_rng(0).uniform(first, last, SAMPLE)
    e = np.exp(-np.abs(x.astype(np.longdouble)))

    assert ulps(elementary.softplus(x), np.maximum(x, 0.0) + np.log1p(e)) <= 2.0
    assert ulps(elementary.sigmoid(x), np.where(x < 0.0, e, 1.0) / (1.0 + e)) <= 2.5


def test_tables_are_the_nearest_numbers() -> None:
    many = np.arange(tables.POWERS_OF_2) / np.longdouble(tables.POWERS_OF_2)
    points = np.arange(tables.LOGARITHMS + 1) / np.longdouble(tables.LOGARITHMS)
    across = np.arange(-2560, 2561) / np.longdouble(tables.TANGENTS)

    assert np.array(tables.POWERS) == pytest.approx(np.exp2(many).astype(float), rel=2e-16, abs=0.0)
    assert np.array(tables.LOGS) == pytest.approx(np.log1p(points).astype(float), rel=2e-16, abs=0.0)
    assert np.roll(tables.TANHS, 2560) == pytest.approx(np.tanh(across).astype(float), rel=2e-16, abs=0.0)
    assert [tables.SCALES[n] for n in (0, -1, 10, -1074)] == [1.0, 0.5, 1024.0, 5e-324]


def test_the_normal_distribution_is_that_of_the_standard_library() -> None:
    x = np.random.default_rng(0).uniform(-30.0, 8.0, 2_000)

    right = np.array([0.5 * erfc(each / -sqrt(2.0)) for each in x.tolist()])

    np.testing.assert_allclose(elementary.normal_distribution(x), right, rtol=2e-15)


def test_softplus_and_sigmoid_are_exact_far_from_0() -> None:
    x = np.array([-700.0, -40.0, 0.0, 40.0, 1e6])

    np.testing.assert_allclose(elementary.softplus(x), [np.exp(-700.0), np.exp(-40.0), np.log(2.0), 40.0, 1e6])
    np.testing.assert_allclose(elementary.sigmoid(x), [np.exp(-700.0), np.exp(-40.0), 0.5, 1.0, 1.0])


@given(st.floats(0.0, 1.0, exclude_max=True), st.integers(0, 10_000))
def test_a_power_by_squares_is_the_power(base: float, n: int) -> None:
    assert elementary_numbers.power(base, float(n)) == pytest.approx(base**n, rel=1e-11, abs=1e-300)
