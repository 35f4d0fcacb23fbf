"""Standardized columns: their numbers lead back to what they were."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.data.scaling import Scale

pytestmark = pytest.mark.filterwarnings("error")


def test_a_scale_worked_out_by_hand() -> None:
    X = np.array([[1.0, 5.0], [2.0, 5.0], [6.0, 5.0]])

    scale = Scale.of(X)

    # The means are 3 and 5; the first column's variance is (4 + 1 + 9) / 3 = 14/3; the second is constant.
    assert scale.mean.tolist() == [3.0, 5.0] and scale.deviation.tolist() == [np.sqrt(14 / 3), 1.0]
    assert scale.standardized(np.array([[3.0, 6.0]])).tolist() == [[0.0, 1.0]]
    assert scale.original(np.array([[1.0, -2.0]])).tolist() == [[3.0 + np.sqrt(14 / 3), 3.0]]


@given(x=st.lists(st.floats(-1e300, 1e300).filter(lambda value: value == 0 or abs(value) > 1e-290), min_size=2))
def test_what_is_standardized_leads_back_to_what_it_was(x: list[float]) -> None:
    X = np.array(x)[:, None]
    scale = Scale.of(X)

    back = scale.original(scale.standardized(X))

    assert np.allclose(back, X, rtol=1e-9, atol=1e-12 * np.abs(X).max())


def test_a_number_beyond_the_largest_is_infinite_without_a_warning() -> None:
    scale = Scale.of(np.array([[1e308], [-1e308]]))

    assert scale.original(np.array([[3.0], [-3.0]])).tolist() == [[np.inf], [-np.inf]]
