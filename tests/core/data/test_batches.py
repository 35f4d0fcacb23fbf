"""Batches: which examples each update learns from."""

import numpy as np
import pytest

from nn_tui.core.data.dataset import Batches


def epoch(batches: Batches, number: int) -> list[int]:
    """The examples of an epoch, in their order."""
    return [int(n) for position in range(batches.per_epoch) for n in batches.examples_of(number, position)]


def test_each_epoch_has_an_order_of_its_own_that_is_the_same_every_time() -> None:
    batches = Batches(10, 3, shuffle=True, seed=4)

    orders = [epoch(batches, number) for number in range(4)]

    assert all(sorted(order) == list(range(10)) for order in orders)
    assert len({tuple(order) for order in orders}) == 4
    assert orders == [epoch(Batches(10, 3, shuffle=True, seed=4), number) for number in range(4)]
    assert orders[0] != epoch(Batches(10, 3, shuffle=True, seed=5), 0)


@pytest.mark.parametrize(("size", "batches"), [(1, 10), (3, 4), (5, 2), (9, 2), (10, 1)])
def test_the_last_batch_of_an_epoch_may_be_smaller(size: int, batches: int) -> None:
    cut = Batches(10, size)

    assert cut.per_epoch == batches and epoch(cut, 7) == list(range(10))
    assert len(cut.examples_of(0, 0)) == size and len(cut.examples_of(0, batches - 1)) == 10 - size * (batches - 1)


def test_a_batch_of_all_examples_keeps_their_order() -> None:
    whole = Batches(10, 10, shuffle=True, seed=4)

    assert epoch(whole, 3) == list(range(10))


def test_nobody_can_write_into_an_order() -> None:
    rows = Batches(10, 3, shuffle=True).rows(0, 0)

    assert isinstance(rows, np.ndarray) and not rows.flags.writeable
