"""Sums in a stated order, and functions made of them: each is what the plain one comes to, but for the last bits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine import ordered_sums
from nn_tui.core.engine.arithmetic import ORDERED
from nn_tui.core.engine.ordered_functions import FUNCTIONS, LOSSES_OF, SLOPES
from nn_tui.core.engine.ordered_sums import ordered_calls, ordered_product, sum_across, sum_down, sum_of
from nn_tui.core.engine.prepared import PreparedAdam
from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.arrays import Array
from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.optimizer import Moved
from nn_tui.core.functions.optimizers import Adam

SEEDS = st.integers(0, 10_000)


def one_by_one(terms: Array) -> float:
    """Their sum, from the first on."""
    total = 0.0
    for n, term in enumerate(terms.tolist()):
        total = term if n == 0 else total + term
    return total


@given(SEEDS, st.integers(0, 200), st.integers(1, 5))
def test_a_sum_takes_one_term_after_the_other(seed: int, rows: int, columns: int) -> None:
    terms = np.random.default_rng(seed).normal(size=(rows, columns))
    down = [one_by_one(terms[:, n]) for n in range(columns)]
    out = np.full(columns, np.nan)

    assert sum_down(terms).tolist() == sum_down(terms, out).tolist() == out.tolist() == down
    assert sum_across(np.ascontiguousarray(terms.T)).tolist() == down
    assert sum_of(terms[:, 0]) == down[0]


@given(SEEDS, st.integers(1, 6), st.integers(1, 70), st.integers(1, 6))
def test_a_product_adds_its_terms_one_after_the_other(seed: int, rows: int, inner: int, columns: int) -> None:
    random = np.random.default_rng(seed)
    left, right, out = (
        random.normal(size=(rows, inner)),
        random.normal(size=(inner, columns)),
        np.empty((rows, columns)),
    )

    ordered_product(left, right, out)

    assert out.tolist() == [[one_by_one(left[i] * right[:, j]) for j in range(columns)] for i in range(rows)]


@given(SEEDS, st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_a_product_in_the_same_memory_has_the_same_bits(
    seed: int, rows: int, inner: int, columns: int, is_turned: bool
) -> None:
    random = np.random.default_rng(seed)
    left, right, out = np.empty((rows, inner)), np.empty((inner, columns)), np.empty((rows, columns))
    right = np.empty((columns, inner)).T if is_turned else right
    calls, expected = ordered_calls(left, right, out), np.empty((rows, columns))
    left[...], right[...] = random.normal(size=left.shape), random.normal(size=right.shape)
    left[random.integers(0, rows)] *= -0.0

    for call in calls:
        call()

    ordered_product(left, right, expected)
    assert out.tobytes() == expected.tobytes()


def test_where_einsum_adds_in_another_order_it_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    left, right, out = random.normal(size=(7, 30)), random.normal(size=(30, 5)), np.empty((7, 5))
    monkeypatch.setattr(np, "einsum", lambda _, left, right, out: np.dot(left, right, out))
    calls, expected = ordered_calls(left, right, out), np.empty((7, 5))

    for call in calls:
        call()

    ordered_product(left, right, expected)
    assert out.tobytes() == expected.tobytes()


def test_several_zeros_are_a_positive_zero_and_one_keeps_its_sign() -> None:
    out = np.empty((2, 2))

    for inner, sign in ((1, -1.0), (2, 1.0), (5, 1.0)):
        ordered_product(np.full((2, inner), -0.0), np.ones((inner, 2)), out)
        assert (np.copysign(1.0, out) == sign).all()


def test_a_large_product_is_made_in_parts() -> None:
    random = np.random.default_rng(1)
    left, right, out = random.normal(size=(90, 11)), random.normal(size=(11, 80)), np.empty((90, 80))

    ordered_product(left, right, out)

    assert out[7, 9] == one_by_one(left[7] * right[:, 9])
    np.testing.assert_allclose(out, left @ right, rtol=1e-12, atol=1e-12)


Z = np.array([[-40.0, -3.0, -1.0], [-0.5, 0.25, 0.5], [1.0, 1.5, 30.0]])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_activation_is_the_plain_one(name: str) -> None:
    np.testing.assert_allclose(FUNCTIONS[name](Z), ACTIVATIONS[name](Z), rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("name", SLOPES)
def test_a_slope_is_the_plain_one(name: str) -> None:
    a = ACTIVATIONS[name](Z)

    np.testing.assert_allclose(SLOPES[name](Z, a), ACTIVATIONS[name].derivative(Z, a), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", LOSSES_OF)
def test_a_loss_is_the_plain_one(name: str) -> None:
    signs = name == "hinge"
    y = np.array([[-1.0, 1.0, -1.0], [1.0, 1.0, -1.0]]) if signs else np.array([[0.0, 1.0, 0.3], [0.0, 0.0, 1.0]])
    near, far = np.array([[0.2, 0.7, 0.1], [0.05, 0.05, 0.9]]), np.array([[1.6, -3.0, 0.3], [-0.5, 1.0, 2.5]])
    shares = name in ("bce", "cross-entropy")

    for y_hat in [near] if shares else [near, far]:
        np.testing.assert_allclose(LOSSES_OF[name](y_hat, y), LOSSES[name].value(y_hat, y), rtol=1e-13)


def test_einsum_is_called_without_its_checks_in_python() -> None:
    moved = "NumPy has moved c_einsum, which is private: without it bursts are slower, with the same bits"
    assert vars(ordered_sums)["einsum"] is not np.einsum, moved


@pytest.mark.parametrize("is_corrected", [True, False])
def test_the_prepared_adam_has_the_bits_of_adam(is_corrected: bool) -> None:
    rule, random = Adam(bias_correction=is_corrected), np.random.default_rng(0)
    start: Moved = random.normal(size=5), rule.slots(np.zeros(5))
    mine, theirs = start, start
    prepared = PreparedAdam(rule, 5)

    for _ in range(9):
        gradient = random.normal(size=5)
        mine = prepared(mine[0], gradient, mine[1], 0.1)
        theirs = ORDERED.moved(rule, theirs[0], gradient, theirs[1], 0.1)
        assert mine[0].tobytes() == theirs[0].tobytes()
        assert [each.tobytes() for each in mine[1]] == [each.tobytes() for each in theirs[1]]
