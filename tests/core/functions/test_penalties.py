"""Penalties: what they add to the loss and to gradients."""

from typing import Any

import numpy as np
import pytest

from nn_tui.core.functions.penalty import FORMS, NO_PENALTY, Penalty
from nn_tui.core.quantities.formula import Term
from nn_tui.core.quantities.symbols import Letter

from ...helpers.experiments import experiment


def test_a_penalty_counts_in_the_loss_and_its_share_of_the_gradient_is_reported() -> None:
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


# Weights of 1 and −2, so that Σ|w| = 3 and Σ w² = 5, with l1 = 0.4, l2 = 0.6 and 4 examples.
BY_HAND = {
    # 0.4 · 3 + ½ · 0.6 · 5;  0.4 + 0.6 and −0.4 − 1.2
    "lambda/2": (2.7, [1.0, -1.6]),
    # 0.4 · 3 + 0.6 · 5;  0.4 + 1.2 and −0.4 − 2.4
    "lambda": (4.2, [1.6, -2.8]),
    # 0.1 · 3 + 0.15 · 5;  0.1 + 0.3 and −0.1 − 0.6
    "lambda/m": (1.05, [0.4, -0.7]),
    # 0.1 · 3 + ½ · 0.15 · 5;  0.1 + 0.15 and −0.1 − 0.3
    "lambda/2m": (0.675, [0.25, -0.4]),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_by_hand_and_by_its_formula(form: str) -> None:
    penalty = Penalty(l1=0.4, l2=0.6, form=form, examples=4)
    weights = [Term(Letter("w", "w"), value) for value in (1.0, -2.0)]

    assert penalty.value(np.array([1.0, -2.0])) == pytest.approx(BY_HAND[form][0], rel=1e-14)
    assert penalty.gradient(np.array([1.0, -2.0])).tolist() == pytest.approx(BY_HAND[form][1], rel=1e-14)
    assert penalty.formula(weights).value == pytest.approx(BY_HAND[form][0], rel=1e-14)
    assert [penalty.slope(each).value for each in weights] == pytest.approx(BY_HAND[form][1], rel=1e-14)


def moved(**changes: Any) -> tuple[list[float], list[float]]:
    """The weight 2 and the bias 1 of a network of one of each, and its gradients, after one update."""
    of = experiment(
        network__layers=[1, 1],
        network__activations="identity",
        network__init=None,
        network__weights=[[[2.0]]],
        network__biases=[[1.0]],
        training__loss="half-sse",
        training__learning_rate=0.1,
        data__inputs=[[3.0]],
        data__targets=[[6.0]],
        **changes,
    )
    backward = of.trainer.backward(of.trainer.forward(of.start))
    return of.trainer.update(backward).state.parameters.tolist(), backward.gradient.tolist()


@pytest.mark.parametrize(
    ("acts_on", "biases", "parameters", "gradient"),
    [
        # ŷ − y = 2 · 3 + 1 − 6 = 1: dw = 3, db = 1. With λ = 0.5: dw = 3 + 0.5 · 2 = 4, db = 1 + 0.5 · 1 = 1.5.
        ("loss", False, [1.6, 0.9], [4.0, 1.0]),
        ("loss", True, [1.6, 0.85], [4.0, 1.5]),
        # The same weights by a gradient that only the update knows.
        ("gradient", False, [1.6, 0.9], [3.0, 1.0]),
        ("gradient", True, [1.6, 0.85], [3.0, 1.0]),
        # w − 0.1 · 0.5 · 2 − 0.1 · 3.
        ("weights", True, [1.6, 0.85], [3.0, 1.0]),
    ],
)
def test_where_a_penalty_acts_by_hand(
    acts_on: str, biases: bool, parameters: list[float], gradient: list[float]
) -> None:
    found = moved(training__penalty={"l2": 0.5, "acts_on": acts_on, "biases": biases})

    assert found[0] == pytest.approx(parameters, rel=1e-14) and found[1] == pytest.approx(gradient, rel=1e-14)


def test_weight_decay_differs_where_an_optimizer_scales_the_gradient() -> None:
    decays = [{"l2": 0.5, "acts_on": acts_on} for acts_on in ("gradient", "weights")]

    (coupled, _), (decoupled, _) = [moved(training__optimizer="adagrad", training__penalty=each) for each in decays]

    # adagrad's first step is 0.1 g / |g| = 0.1 whatever the gradient; apart from it, 2 − 0.1 · 0.5 · 2 − 0.1.
    assert coupled[0] == pytest.approx(1.9, rel=1e-9) and decoupled[0] == pytest.approx(1.8, rel=1e-9)


def test_clipping_comes_before_weight_decay_as_in_pytorch() -> None:
    (weight, _), _ = moved(training__clip={"value": 2.0}, training__penalty={"l2": 0.5, "acts_on": "gradient"})

    # 2 − 0.1 · (2 + 0.5 · 2): not 2 − 0.1 · 2.
    assert weight == pytest.approx(1.7, rel=1e-14)
