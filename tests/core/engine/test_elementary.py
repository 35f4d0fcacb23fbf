"""Elementary functions of our own: how exact they are, and that each way to compute them gives the same bits."""

import ast
from collections.abc import Callable
from itertools import islice
from math import erfc, inf, nan, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn_tui
from nn_tui.core.data.dataset import GENERATORS
from nn_tui.core.engine import compiled, elementary, kernel_memory
from nn_tui.core.engine.generated_tables import Row, power_at
from nn_tui.core.functions import elementary_numbers, lazy_numpy, tables
from nn_tui.core.functions.arrays import Array
from nn_tui.core.functions.initializers import DIGITS, INITIALIZERS, TAIL, normal_draws

from ...helpers.random_trainers import by_numpy, random_state, random_trainer

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
    if kernel_memory.kernel:
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
        ("expm1", -40.0, 0.0, 0.8),
        ("expm1", -0.002, 0.0, 1.0),
        ("expm1", -0.0009, -0.0008, 1.0),
        ("log", 0.0, 10.0, 1.0),
        ("log", 0.5, 2.0, 1.0),
        ("tanh", -20.0, 20.0, 0.9),
        ("tanh", -0.05, 0.05, 0.9),
        ("tanh", 18.0, 20.0, 0.6),
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


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="nothing here is more exact than float64")
@pytest.mark.parametrize("name", ["sin", "cos"])
def test_sine_and_cosine_are_within_a_unit(name: str) -> None:
    x = np.random.default_rng(0).uniform(-20.0, 20.0, 20_000)

    found = one_by_one(name, x)

    assert ulps(found, getattr(np, name)(x.astype(np.longdouble))) <= 0.8


LIBM = (
    *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "sinh", "cosh", "tanh"),
    *("arctan", "arcsin", "arccos", "power", "float_power", "logaddexp", "cbrt"),
)


@pytest.fixture
def no_libm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let NumPy's functions that ask the system's library raise an error."""

    def refuse(*arguments: object, **others: object) -> None:
        raise AssertionError("a function of the system's library is called")

    for name in LIBM:
        monkeypatch.setattr(np, name, refuse)
        monkeypatch.setitem(vars(lazy_numpy), name, refuse)


@pytest.mark.usefixtures("no_libm")
@given(st.integers(0, 2**32))
def test_no_step_of_a_training_asks_the_systems_library(seed: int) -> None:
    trainer = by_numpy(random_trainer(seed, with_test=True))
    state = random_state(trainer, seed)

    trainer.burst(state, 5, evaluates=True)
    list(islice(trainer.events(state), 8))


@pytest.mark.usefixtures("no_libm")
@pytest.mark.parametrize("dataset", GENERATORS)
def test_no_generated_data_asks_the_systems_library(dataset: str) -> None:
    X, y = GENERATORS[dataset](np.random.default_rng(0), 40, 0.1)

    assert len(X) == len(y) == 40


@pytest.mark.usefixtures("no_libm")
@pytest.mark.parametrize("scheme", INITIALIZERS)
def test_no_first_weight_asks_the_systems_library(scheme: str) -> None:
    assert INITIALIZERS[scheme](np.random.default_rng(0), 3, 2, 1.0).shape == (2, 3)


def test_normal_numbers_far_out_have_few_digits_and_the_others_are_numpys() -> None:
    found, right = (of(np.random.default_rng(0)) for of in (many_normal, lambda rng: rng.normal(0.0, 2.0, 100_000)))
    far = np.abs(right) > 2.0 * TAIL

    assert 0 < far.sum() < 100
    assert (found[~far] == right[~far]).all()
    assert found[far] == pytest.approx(right[far], abs=2e-12)
    assert (found[far] * DIGITS / 2.0 % 1.0 == 0.0).all()


def many_normal(rng: np.random.Generator) -> Array:
    return normal_draws(rng, 2.0, (100_000,))


def test_no_file_of_a_training_imports_functions_of_the_systems_library() -> None:
    """But erfc, which blas-1 has."""
    exact = {
        "ceil",
        "copysign",
        "erfc",
        "floor",
        "frexp",
        "fsum",
        "inf",
        "isfinite",
        "isqrt",
        "ldexp",
        "nan",
        "pi",
        "prod",
        "sqrt",
    }
    root = next(path for path in map(Path, nn_tui.__path__) if (path / "core").is_dir())
    folders = (root / "core" / room for room in ("engine", "training", "network", "functions"))

    imported = {
        (path.name, name.name)
        for folder in folders
        for path in folder.rglob("*.py")
        if path.name != "formula.py"  # whose values are shown, not trained with
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "math"
        for name in node.names
        if name.name not in exact
    }

    assert not imported, "use those of elementary_numbers.py"


def test_the_powers_of_generated_python_are_those_of_the_exponential() -> None:
    powers: list[Row] = []

    for n in (5_000, 0, 1, 2_047, 2_048, 5_001, 100_000, 1_800_000):
        t, low, high, small = power_at(powers, n)
        assert t == pytest.approx(2.0 ** (-n / 2048), rel=1e-15, abs=0.0)
        assert abs(low) <= t * 2.0**-53
        assert high + small == pytest.approx(n * np.log(2.0) / 2048, rel=1e-15, abs=0.0)

    assert len(powers) == 3 * 2048
    with pytest.raises(OverflowError):
        power_at(powers, 1_900_000)
