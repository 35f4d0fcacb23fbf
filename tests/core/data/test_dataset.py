"""Examples know their rows in the data."""

import numpy as np

from nn_tui.core.data.dataset import Dataset


def test_rows_count_from_1_unless_some_examples_are_held_out() -> None:
    X, y = np.zeros((3, 2)), np.zeros((3, 1))

    assert Dataset(X=X, y=y).rows_of(np.array([0, 2])).tolist() == [1, 3]
    assert Dataset(X=X, y=y, rows=np.array([2, 5, 7])).rows_of(np.array([0, 2])).tolist() == [2, 7]
