"""The names and the layouts in which people have their arrays."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn_tui
from nn_tui.core.diagnosis.computation import Computation
from nn_tui.core.diagnosis.update_inputs import Figure, UpdateInputs
from nn_tui.presets.user_arrays.array_names import RecognizedArrays, recognize_arrays

from ...helpers.random_updates import random_setting

RUN = nn_tui.open("3-4-1")
SETTING = UpdateInputs.of(RUN._debugger.timeline.trainer, RUN.state)
RIGHT = Computation(SETTING)


def read(**arrays: Any) -> RecognizedArrays:
    return recognize_arrays({name: np.asarray(each) for name, each in arrays.items()}, SETTING)


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("W1", Figure("W", 1)),
        ("weights_2", Figure("W", 2)),
        ("b1", Figure("b", 1)),
        ("Z1", Figure("z", 1)),
        ("a2", Figure("a", 2)),
        ("y_hat", Figure("a", 2)),
        ("y_pred", Figure("a", 2)),
        ("cost", Figure("loss")),
        ("dW1", Figure("dW", 1)),
        ("grad_W1", Figure("dW", 1)),
        ("W1_grad", Figure("dW", 1)),
        ("dL_dW1", Figure("dW", 1)),
        ("dL/dz2", Figure("dz", 2)),
        ("delta2", Figure("dz", 2)),
        ("da1", Figure("da", 1)),
        ("dy_hat", Figure("da", 2)),
        ("db2", Figure("db", 2)),
        ("W1_next", Figure("W_next", 1)),
        ("new_b1", Figure("b_next", 1)),
        ("W1+", Figure("W_next", 1)),
        ("a0", Figure("x")),
        ("t", Figure("y")),
        ("minus_delta2", Figure("minus_dz", 2)),
        ("-dz1", Figure("minus_dz", 1)),
        ("−δ1", Figure("minus_dz", 1)),
        ("δ1", Figure("dz", 1)),
        ("slope1", Figure("slope", 1)),
        ("sigma_prime1", Figure("slope", 1)),
        ("da2/dz2", Figure("slope", 2)),
        ("∂a1/∂z1", Figure("slope", 1)),
        ("ΔW1", Figure("change_W", 1)),
        ("change_b2", Figure("change_b", 2)),
        ("W2_step", Figure("change_W", 2)),
    ],
)
def test_the_names_that_people_use(name: str, figure: Figure) -> None:
    found = read(**{name: RIGHT.get(*figure)})

    assert list(found.figures) == [figure]
    assert np.array_equal(found.figures[figure].values, RIGHT.get(*figure))


def test_layers_that_are_counted_from_0() -> None:
    found = read(W0=RIGHT.get("W", 1), W1=RIGHT.get("W", 2), a0=RIGHT.get("a", 1))

    assert set(found.figures) == {Figure("W", 1), Figure("W", 2), Figure("a", 1)}


def test_shapes_decide_how_W_is_laid_out() -> None:
    found = read(W1=RIGHT.get("W", 1).T, dW2=RIGHT.get("dW", 2).T)

    assert found.layout == "in-out" and found.notes == (
        "W is laid out as (in, out), as its shape shows; it is transposed.",
    )
    assert np.array_equal(found.figures[Figure("W", 1)].values, RIGHT.get("W", 1))


@pytest.mark.parametrize("transposed", [False, True])
def test_values_decide_where_W_is_square(transposed: bool) -> None:
    setting = UpdateInputs.of(nn_tui.open("mazur")._debugger.timeline.trainer, nn_tui.open("mazur").state)
    W = Computation(setting).get("W", 1)

    found = recognize_arrays({"W1": W.T if transposed else W}, setting)

    assert np.array_equal(found.figures[Figure("W", 1)].values, W)
    assert bool(found.notes) is transposed
    by_hand = recognize_arrays({"W1": W}, setting, "in-out")
    assert np.array_equal(by_hand.figures[Figure("W", 1)].values, W.T)


def test_rows_columns_and_plain_lists_are_one_vector() -> None:
    right = RIGHT.get("z", 1)
    for each in (right, right.T, right.ravel(), right.ravel().tolist()):
        assert np.array_equal(read(z1=each).figures[Figure("z", 1)].values, right)


def test_a_theta_has_the_biases_in_its_first_column() -> None:
    theta = np.hstack([RIGHT.get("b", 1)[:, None], RIGHT.get("W", 1)])

    found = read(Theta1=theta)

    assert np.array_equal(found.figures[Figure("b", 1)].values, RIGHT.get("b", 1))
    assert np.array_equal(found.figures[Figure("W", 1)].values, RIGHT.get("W", 1))


def test_single_numbers_have_the_names_that_explain_takes() -> None:
    found = read(
        **{"dw1[4,3]": 0.0456, "loss": 0.652, "next-w2[1,1]": 0.29, "minus-dz1[2]": 0.1, "change-w2[1,1]": 0.2}
    )

    assert np.nansum(found.figures[Figure("dW", 1)].values) == 0.0456
    assert found.figures[Figure("dW", 1)].decimals == 4
    assert {Figure("W_next", 2), Figure("minus_dz", 1), Figure("change_W", 2)} < set(found.figures)


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"foo": 1.0}, "'foo': expected names such as W1"),
        ({"W3": [[1.0]]}, "'W3': the network has layers 1 to 2"),
        ({"W1": [[1.0, 2.0]]}, "'W1': expected 4 × 3, got 1 × 2"),
        ({"W1": np.zeros((4, 3)), "weights1": np.zeros((4, 3))}, "'weights1' and 'W1' are both W1"),
        ({"w9[1,1]": 1.0}, "'W9': the network has layers 1 to 2"),
        ({"w1[9,1]": 1.0}, "W1: expected 4 × 3 numbers, got one at 9, 1"),
    ],
)
def test_what_cannot_be_read_is_said(arrays: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read(**arrays)


@given(st.integers(0, 2_000), st.booleans(), st.booleans())
def test_all_arrays_of_any_network_are_recognised_in_every_layout(seed: int, in_out: bool, columns: bool) -> None:
    setting = random_setting(seed)
    run = Computation(setting)
    arrays = {}
    for figure in setting.figures_to_bring():
        array = run.get(*figure)
        turned = in_out if "W" in figure.name else columns and array.ndim == 2
        arrays[str(figure)] = array.T if turned else array

    found = recognize_arrays(arrays, setting, "in-out" if in_out else "out-in")

    for figure, each in found.figures.items():
        same = run.get(*figure)
        # A square array of examples and neurons may be either way round.
        assert each.values.shape == same.shape
        assert np.array_equal(each.values, same) or each.values.shape[0] == each.values.shape[-1]


def test_an_entry_is_counted_from_1_and_is_one_number() -> None:
    for name in ("w1[0,1]", "w1[1,0]", "a2[0]", "a2[1]@0"):
        with pytest.raises(ValueError, match="numbers, got one at"):
            read(**{name: 0.5})
    for values in ([], [0.5, 0.5]):
        with pytest.raises(ValueError, match=r"'w1\[1,1\]': expected one number, got"):
            read(**{"w1[1,1]": values})


def test_an_entry_beside_its_array_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="'dW2': expected all of dW2, or single numbers of it, got both"):
        read(**{"dW2": RIGHT.get("dW", 2), "dw2[1,1]": 9.0})


def test_nothing_does_not_agree() -> None:
    for arrays in ({}, {"dW2": np.ma.masked_all((1, 4))}):  # type: ignore[no-untyped-call]
        with pytest.raises(ValueError, match="got none"):
            recognize_arrays(arrays, SETTING)


@pytest.mark.parametrize(
    "arrays", [{"loss": 1e308}, {"y_hat": [[-1e308]]}, {"dW1": np.full((4, 3), 1e308), "loss": 0.6}]
)
def test_numbers_that_are_too_large_to_compute_with_are_compared_without_a_warning(arrays: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert not nn_tui.open("3-4-1").compare_to(arrays).agrees
