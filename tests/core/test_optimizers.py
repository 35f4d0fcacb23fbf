"""Optimizers, schedules, penalties and clipping: two steps of each worked out by hand."""

from math import inf, sqrt

import numpy as np
import pytest

from nn_tui.core.functions.arrays import array_of
from nn_tui.core.functions.clipping import Clipping
from nn_tui.core.functions.optimizers import OPTIMIZERS
from nn_tui.core.functions.schedules import Constant, Cosine, Exponential, Schedule, Steps
from nn_tui.core.training.events import BackwardPass, Failed, Updated

from ..helpers.experiments import experiment

# A parameter of 1 with the gradients 0.5 and then 0.2, under each rule's defaults and a learning rate of 0.1.
BY_HAND = {
    # 1 − 0.1·0.5 = 0.95;  0.95 − 0.1·0.2
    "sgd": (0.95, 0.93),
    # v = 0.5: 0.95;  v = 0.9·0.5 + 0.2 = 0.65: 0.95 − 0.065
    "momentum": (0.95, 0.885),
    # v = 0.5: 1 − 0.1·(0.5 + 0.45) = 0.905;  v = 0.65: 0.905 − 0.1·(0.2 + 0.585)
    "nesterov": (0.905, 0.8265),
    # s = 0.25: 1 − 0.1·0.5/0.5;  s = 0.29: 0.9 − 0.1·0.2/√0.29
    "adagrad": (1 - 0.05 / (0.5 + 1e-10), 1 - 0.05 / (0.5 + 1e-10) - 0.02 / (sqrt(0.29) + 1e-10)),
    # s = 0.1·0.25 = 0.025, δ = 0.5·√1e-6/√0.025001;  then d = 0.1·δ², s = 0.9·0.025 + 0.1·0.04 = 0.0265
    "adadelta": (
        1 - 0.1 * (delta_1 := 0.5 * sqrt(1e-6) / sqrt(0.025 + 1e-6)),
        1 - 0.1 * delta_1 - 0.1 * 0.2 * sqrt(0.1 * delta_1**2 + 1e-6) / sqrt(0.0265 + 1e-6),
    ),
    # s = 0.01·0.25 = 0.0025, √s = 0.05;  s = 0.99·0.0025 + 0.01·0.04 = 0.002875
    "rmsprop": (
        1 - 0.05 / (0.05 + 1e-8),
        1 - 0.05 / (0.05 + 1e-8) - 0.02 / (sqrt(0.002875) + 1e-8),
    ),
    # m̂ = 0.5, v̂ = 0.25;  m = 0.9·0.05 + 0.02 = 0.065, m̂ = 0.065/0.19; v = 0.999·0.00025 + 0.00004, v̂ = v/0.001999
    "adam": (
        1 - 0.1 * 0.5 / (0.5 + 1e-8),
        1 - 0.1 * 0.5 / (0.5 + 1e-8) - 0.1 * (0.065 / 0.19) / (sqrt(0.00028975 / 0.001999) + 1e-8),
    ),
    # The same from 0.999 = 1 − 0.1·0.01 times the parameter.
    "adamw": (
        first := 0.999 - 0.1 * 0.5 / (0.5 + 1e-8),
        0.999 * first - 0.1 * (0.065 / 0.19) / (sqrt(0.00028975 / 0.001999) + 1e-8),
    ),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_two_steps_by_hand(name: str) -> None:
    optimizer = OPTIMIZERS[name](learning_rate=0.1)
    parameter = array_of([1.0])
    slots = optimizer.slots(parameter)

    found = []
    for gradient in (0.5, 0.2):
        parameter, slots = optimizer.update(parameter, array_of([gradient]), slots, 0.1)
        found.append(parameter[0])

    assert found == pytest.approx(BY_HAND[name], rel=1e-12)
    assert len(slots) == len(optimizer.slot_names)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_update_leaves_the_old_arrays_as_they_are(name: str) -> None:
    of = experiment(training__optimizer=name)
    stream = of.trainer.events(of.start)
    first = next(event for event in stream if isinstance(event, Updated))
    slots = first.state.slots
    before = [slot.tobytes() for slot in slots]

    for _ in range(60):
        next(stream)

    assert [slot.tobytes() for slot in slots] == before
    assert not any(slot.flags.writeable for slot in slots)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_learns(name: str) -> None:
    of = experiment(
        training__optimizer=name,
        training__learning_rate=1.0 if name == "adadelta" else 0.05,
        training__batch_size="all",
    )

    losses = [
        event.forward.loss
        for event, _ in zip(of.trainer.events(of.start), range(3000), strict=False)
        if isinstance(event, BackwardPass)
    ]

    assert losses[-1] < losses[0]


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        (Constant(), {0: 1.0, 99: 1.0}),
        (Steps(every=10, gamma=0.5), {0: 1.0, 9: 1.0, 10: 0.5, 25: 0.25}),
        (Exponential(gamma=0.9), {0: 1.0, 1: 0.9, 3: 0.729}),
        (Cosine(epochs=10), {0: 1.0, 5: 0.5, 10: 0.0, 50: 0.0}),
        (Cosine(epochs=10, least=0.2), {0: 1.0, 5: 0.6, 10: 0.2}),
    ],
)
def test_schedules(schedule: Schedule, factors: dict[int, float]) -> None:
    for epoch, factor in factors.items():
        assert schedule.factor(epoch) == pytest.approx(factor, abs=1e-15)


def test_a_schedule_scales_the_step_of_its_epoch() -> None:
    of = experiment(training__batch_size="all", training__schedule={"name": "exponential", "gamma": 0.5})

    updates = [
        event for event, _ in zip(of.trainer.events(of.start), range(12), strict=False) if isinstance(event, Updated)
    ]

    for epoch, updated in enumerate(updates[:3]):
        moved = updated.state.W[0] - updated.backward.state.W[0]
        np.testing.assert_allclose(moved, -0.5 * 0.5**epoch * updated.backward.dW[0], rtol=1e-12)


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


def test_training_through_a_step_is_refused_and_says_why() -> None:
    of = experiment(network__activations=["step", "sigmoid"])

    forward, failed = of.trainer.events(of.start)

    assert set(forward.a[0].ravel().tolist()) <= {0.0, 1.0}  # type: ignore[union-attr]
    assert isinstance(failed, Failed) and "nothing can be learned through step" in failed.reason
