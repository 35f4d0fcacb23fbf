"""Clipping: gradients held within bounds."""

from math import inf, sqrt

import numpy as np
import pytest

from nn_tui.core.functions.arrays import array_of
from nn_tui.core.functions.optimizer import Clipping
from nn_tui.core.steps.events import Updated

from ...helpers.experiments import experiment


def test_clipping_by_hand() -> None:
    # The length of 3, 4, 12 is 13.
    gradient = array_of([3.0, 4.0, 12.0])

    assert Clipping(norm=26.0)(gradient).tolist() == [3.0, 4.0, 12.0]
    np.testing.assert_allclose(Clipping(norm=6.5)(gradient), [1.5, 2.0, 6.0], rtol=1e-15)
    assert Clipping(value=3.5)(gradient).tolist() == [3.0, 3.5, 3.5]
    assert Clipping(norm=inf)(gradient) is gradient


def test_a_clipped_update_moves_less_and_shows_the_whole_gradient() -> None:
    of, free = experiment(training__clip={"norm": 0.01}), experiment()

    updated = next(event for event in of.trainer.events(of.start) if isinstance(event, Updated))

    moved = [
        after - before
        for after, before in zip((*updated.state.W, *updated.state.b), (*of.start.W, *of.start.b), strict=True)
    ]
    assert sqrt(sum(float((each**2).sum()) for each in moved)) == pytest.approx(0.5 * 0.01, rel=1e-9)
    assert updated.backward.dW[0].tolist() == free.trainer.backward(free.trainer.forward(free.start)).dW[0].tolist()
