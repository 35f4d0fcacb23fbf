"""Penalties: what they add to the loss and to gradients."""

import numpy as np
import pytest

from nn_tui.core.functions.loss import NO_PENALTY, Penalty

from ...helpers.experiments import experiment


def test_a_penalty_counts_in_the_loss_and_its_share_of_the_gradient_is_told() -> None:
    with_penalty = experiment(training__penalty={"l1": 0.1, "l2": 0.2}).trainer
    plain, start = experiment().trainer, experiment().start
    forward = with_penalty.forward(start)

    backward = with_penalty.backward(forward)
    unpriced = plain.backward(plain.forward(start))

    l1 = sum(np.abs(W).sum() for W in start.W)
    l2 = sum((W**2).sum() for W in start.W)
    assert forward.penalty == pytest.approx(0.1 * l1 + 0.1 * l2, rel=1e-14)
    assert forward.loss == pytest.approx(unpriced.forward.loss + forward.penalty, rel=1e-14)
    assert backward.penalty_dW and unpriced.penalty_dW is None
    for n in (0, 1):
        np.testing.assert_allclose(backward.penalty_dW[n], 0.1 * np.sign(start.W[n]) + 0.2 * start.W[n], rtol=1e-14)
        np.testing.assert_allclose(backward.dW[n], unpriced.dW[n] + backward.penalty_dW[n], rtol=1e-12)
        np.testing.assert_array_equal(backward.db[n], unpriced.db[n])


def test_a_penalty_is_counted_where_the_network_is_trained_and_not_where_it_is_tested() -> None:
    of = experiment(training__penalty={"l2": 0.2}, data__test=0.5)
    trainer, unpriced = of.trainer, experiment(data__test=0.5).trainer
    assert trainer.test and unpriced.test

    tested, trained = trainer.evaluate(of.start, trainer.test), trainer.evaluate(of.start, trainer.train)

    assert tested.loss == unpriced.evaluate(of.start, unpriced.test).loss
    assert trained.loss == pytest.approx(
        unpriced.evaluate(of.start, unpriced.train).loss + 0.1 * sum(float((W**2).sum()) for W in of.start.W), rel=1e-14
    )


def test_without_a_price_there_is_no_penalty() -> None:
    assert not Penalty() and Penalty() == NO_PENALTY
    assert Penalty(l1=0.1) and Penalty(l2=0.1)
    assert Penalty().value(np.ones(3)) == 0.0 and not Penalty().gradient(np.ones(3)).any()
    # 0.5 · (1 + 2) and ½ · 0.5 · (1 + 4).
    assert Penalty(l1=0.5).value(np.array([-1.0, 2.0])) == 1.5
    assert Penalty(l2=0.5).value(np.array([-1.0, 2.0])) == 1.25


def test_a_weight_of_0_is_not_moved_by_a_penalty() -> None:
    weights = np.array([-2.0, 0.0, 3.0])

    assert Penalty(l1=0.5).gradient(weights).tolist() == [-0.5, 0.0, 0.5]
    assert Penalty(l2=0.5).gradient(weights).tolist() == [-1.0, 0.0, 1.5]
