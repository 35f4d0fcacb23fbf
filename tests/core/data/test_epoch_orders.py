"""The orders of many epochs at once are those of each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.data.epoch_orders import FEW, WORD, epoch_orders


@given(
    st.integers(0, 2**70) | st.integers(0, 10),
    st.integers(0, 10_000) | st.integers(WORD - 40, WORD),
    st.integers(1, 2 * FEW),
    st.integers(1, 40),
)
def test_they_are_those_of_a_generator_for_each(seed: int, first: int, count: int, examples: int) -> None:
    found = epoch_orders(examples, seed, first, count).reshape(count, examples)

    for number, order in enumerate(found):
        right = np.random.default_rng([seed, first + number]).permutation(examples)
        assert order.tolist() == right.tolist()


@pytest.mark.parametrize("seed", [2**32, 2**64 - 1, 2**96, 2**128, 2**200])
def test_a_seed_may_be_of_many_words(seed: int) -> None:
    found = epoch_orders(9, seed, 3, FEW)

    assert found[:9].tolist() == np.random.default_rng([seed, 3]).permutation(9).tolist()
