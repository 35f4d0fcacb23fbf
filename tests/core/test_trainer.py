"""The trainer: which facts come in which order, and that they never change."""

from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.burst import burst_of
from nn_tui.core.functions.arrays import Array, array_of
from nn_tui.core.steps.events import BackwardPass, EpochEnded, Event, Failed, Finished, ForwardPass, Updated
from nn_tui.core.steps.state import State
from nn_tui.core.steps.stop import Stop
from nn_tui.core.training.in_bursts import FEWEST, FIRST, BurstLength
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.training.training import Experiment

from ..helpers.experiments import experiment, experiment_of


def events(of: Experiment, count: int) -> list[Event]:
    return list(islice(of.trainer.events(of.start), count))


def updated_states(trainer: Trainer, state: State, count: int) -> list[State]:
    found = (event.state for event in trainer.events(state) if isinstance(event, Updated))
    return list(islice(found, count))


def bits(state: State) -> tuple[Any, ...]:
    arrays = (array.tobytes() for array in (state.parameters, *state.slots))
    return (state.step, state.epoch, state.position, *arrays)


def test_events_come_in_the_order_of_the_diagram() -> None:
    names = [type(event).__name__ for event in events(experiment(), 8)]

    # Two batches make an epoch.
    assert names == ["ForwardPass", "BackwardPass", "Updated"] * 2 + ["EpochEnded", "ForwardPass"]


def test_a_later_event_holds_the_earlier_ones_of_its_step() -> None:
    forward, backward, updated, _, _, last, ended = events(experiment(), 7)

    assert isinstance(backward, BackwardPass) and backward.forward is forward
    assert isinstance(updated, Updated) and updated.backward is backward
    assert isinstance(ended, EpochEnded) and ended.updated is last
    assert (backward.step, updated.step, ended.updated.step) == (0, 1, 2)


def test_a_stop_ends_with_finished_after_the_last_backward_pass() -> None:
    of = experiment()

    found = list(of.trainer.events(of.start, Stop(steps=3)))

    assert isinstance(found[-1], Finished) and found[-1].backward is found[-2]
    assert found[-1].backward.step == 3


@pytest.mark.parametrize(
    ("stop", "step", "reason"),
    [
        (Stop(epochs=2), 4, "epochs = 2"),
        (Stop(steps=9, epochs=1), 2, "epochs = 1"),
        (Stop(steps=3), 3, "steps = 3"),
        (Stop(loss=10.0), 0, "loss = 10"),
    ],
)
def test_the_first_stop_that_is_reached_counts_and_is_named(stop: Stop, step: int, reason: str) -> None:
    of = experiment()

    *_, end = of.trainer.events(of.start, stop)

    assert isinstance(end, Finished) and end.backward.step == step
    assert stop.reason(end.backward) == reason


def test_the_same_seed_gives_the_same_bits() -> None:
    first, second = (updated_states(of.trainer, of.start, 50) for of in (experiment(), experiment()))

    assert [bits(state) for state in first] == [bits(state) for state in second]


def test_another_seed_gives_another_order() -> None:
    first, second = (updated_states(of.trainer, of.start, 9)[-1] for of in (experiment(), experiment(training__seed=8)))

    assert bits(first) != bits(second)


@given(stop_at=st.integers(0, 150), batch_size=st.integers(1, 4), seed=st.integers(0, 2**32))
def test_any_state_continues_to_the_same_bits_in_a_new_trainer(stop_at: int, batch_size: int, seed: int) -> None:
    changes = {"training__batch_size": batch_size, "training__seed": seed}
    first, second = experiment(**changes), experiment(**changes)
    whole = [first.start, *updated_states(first.trainer, first.start, stop_at + 200)]

    anew = updated_states(second.trainer, whole[stop_at], 200)

    assert [bits(state) for state in anew] == [bits(state) for state in whole[stop_at + 1 :]]


def test_an_epoch_uses_every_example_once() -> None:
    of = experiment(training__batch_size=3)

    batches = [event.X.tolist() for event in events(of, 12) if isinstance(event, ForwardPass)]

    assert [len(batch) for batch in batches] == [3, 1, 3, 1]
    assert sorted(batches[0] + batches[1]) == sorted(batches[2] + batches[3]) == [[0, 0], [0, 1], [1, 0], [1, 1]]


def arrays_of(event: Event) -> list[Array]:
    match event:
        case ForwardPass():
            return [event.X, event.y, event.losses, *event.z, *event.a, *event.state.W, *event.state.b]
        case BackwardPass():
            return [*event.dz, *event.da, *event.dW, *event.db]
        case Updated():
            return [*event.state.W, *event.state.b]
        case _:
            return []


def test_a_published_array_never_changes() -> None:
    of = experiment()
    stream = of.trainer.events(of.start)
    early = list(islice(stream, 7))
    before = [array.tobytes() for event in early for array in arrays_of(event)]

    list(islice(stream, 500))

    arrays = [array for event in early for array in arrays_of(event)]
    assert [array.tobytes() for array in arrays] == before
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0


def test_one_step_by_hand() -> None:
    # 1-1, identity, half-sse: ŷ = 2·3 + 1 = 7, t = 5, so dz = 2, dw = 2·3 = 6, db = 2;
    # with learning rate 0.1, w = 2 − 0.6 = 1.4 and b = 1 − 0.2 = 0.8.
    of = experiment(
        network__layers=[1, 1],
        network__activations="identity",
        network__init=None,
        network__weights=[[[2]]],
        network__biases=[[1]],
        training__loss="half-sse",
        training__learning_rate=0.1,
        data__inputs=[[3]],
        data__targets=[[5]],
    )

    forward, backward, updated = events(of, 3)

    assert isinstance(forward, ForwardPass) and forward.loss == 2.0
    assert isinstance(backward, BackwardPass) and backward.dW[0].tolist() == [[6.0]]
    assert isinstance(updated, Updated) and updated.state.W[0].tolist() == [[1.4]]
    assert updated.state.b[0].tolist() == [0.8]


def test_a_shared_bias_gathers_its_layers_gradient_and_is_trained() -> None:
    of = experiment_of("2-3-1")

    _, backward, updated = events(of, 3)

    assert isinstance(backward, BackwardPass) and isinstance(updated, Updated)
    for layer in (0, 1):
        assert backward.db[layer].shape == (1,)
        assert backward.db[layer][0] == pytest.approx(backward.dz[layer].sum(), rel=1e-15)
        moved = updated.state.b[layer] - of.start.b[layer]
        np.testing.assert_allclose(moved, -0.5 * backward.db[layer], rtol=1e-12)
        assert moved[0] != 0


def test_a_fixed_bias_has_a_gradient_and_stays() -> None:
    of = experiment_of("mazur")

    _, backward, updated = events(of, 3)

    assert isinstance(backward, BackwardPass) and backward.db[0][0] != 0
    assert isinstance(updated, Updated) and [b.tobytes() for b in updated.state.b] == [b.tobytes() for b in of.start.b]


def test_a_sequential_update_passes_the_gradient_through_the_new_weights() -> None:
    of = experiment_of("mazur")
    trainer = replace(of.trainer, sequential=True)
    forward = trainer.forward(of.start)

    backward = trainer.backward(forward)

    W2 = of.start.W[1] - 0.5 * backward.dW[1]
    np.testing.assert_allclose(backward.da[0], backward.dz[1] @ W2, rtol=1e-14)


def test_without_biases_b_is_empty() -> None:
    of = experiment(network__bias="none")

    state = updated_states(of.trainer, of.start, 3)[-1]

    assert [b.shape for b in state.b] == [(0,), (0,)]


def test_a_loss_that_is_not_finite_ends_training_and_names_where() -> None:
    of = experiment(
        network__activations="identity", training__loss="mse", training__learning_rate=1e6, data__targets=[[9]] * 4
    )

    *_, last, end = of.trainer.events(of.start)

    assert isinstance(end, Failed) and "step" in end.reason and "layer" in end.reason
    assert all(np.isfinite(array).all() for array in (*end.state.W, *end.state.b))
    assert isinstance(last, Updated | BackwardPass | EpochEnded)


def test_a_parameter_that_is_not_finite_ends_training_with_the_last_good_state() -> None:
    of = experiment(
        training__learning_rate=1e300, network__activations=["identity", "sigmoid"], data__inputs=[[1e10, 1]] * 4
    )
    start = of.trainer.start(tuple(array_of(W * 1e-9) for W in of.start.W), of.start.b)

    *_, end = of.trainer.events(start)

    assert isinstance(end, Failed) and "layer" in end.reason
    assert all(np.isfinite(array).all() for array in (*end.state.W, *end.state.b))


def test_held_out_examples_are_evaluated_after_each_epoch() -> None:
    of = experiment(data__train_rows=3, training__batch_size="all")

    ended = next(event for event in of.trainer.events(of.start) if isinstance(event, EpochEnded))

    assert ended.test and ended.test.loss > 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"network__activations": "identity", "training__loss": "mse", "training__learning_rate": 1e6},
            "layer ",
        ),
        (
            {"network__activations": "identity", "training__loss": "mse", "data__inputs": [[1e300, 1e300]] * 4},
            "the loss itself",
        ),
        # The first of two softmax outputs rounds to 0 where the target is 1: ln 0.
        (
            {
                "network__layers": [1, 2],
                "network__activations": "softmax",
                "network__init": None,
                "network__weights": [[[-1000], [1000]]],
                "data__inputs": [[1]],
                "data__targets": [[1, 0]],
            },
            "the loss itself, of the predictions of layer 1",
        ),
    ],
)
def test_what_diverges_fails_and_says_where(changes: dict[str, Any], words: str) -> None:
    of = experiment(**changes)

    *_, end = of.trainer.events(of.start, Stop(steps=10_000))

    assert isinstance(end, Failed)
    assert end.reason.startswith("step ") and "layer" in end.reason and words in end.reason
    assert all(np.isfinite(array).all() for array in (*end.state.W, *end.state.b))


def test_a_sequential_update_passes_the_gradient_through_weights_that_clipping_held_back() -> None:
    of = experiment(
        network__layers=[1, 1, 1],
        network__activations="identity",
        network__bias="none",
        network__init=None,
        network__weights=[[[1]], [[2]]],
        training__loss="half-sse",
        training__clip={"value": 1},
        training__update="sequential",
        training__batch_size="all",
        data__inputs=[[1]],
        data__targets=[[0]],
    )

    backward = of.trainer.backward(of.trainer.forward(of.start))
    updated = of.trainer.update(backward)

    # ŷ = 2, so ∂L/∂w² = 2, clipped to 1, and w² becomes 2 − 0.5 · 1 = 1.5; so ∂L/∂w¹ = 2 · 1.5, clipped to 1 as well.
    assert [dW.tolist() for dW in backward.dW] == [[[3]], [[2]]]
    assert [W.tolist() for W in updated.state.W] == [[[0.5]], [[1.5]]]


def test_a_learning_rate_that_grows_beyond_every_number_ends_training() -> None:
    of = experiment(training__schedule={"name": "exponential", "gamma": 1e200})

    *_, end = of.trainer.events(of.start)

    assert isinstance(end, Failed) and "step" in end.reason
    assert of.trainer.schedule.factor(1_800) == float("inf")


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_the_burst_of_events_has_as_many_updates_as_are_asked_for(most: int) -> None:
    of = experiment()  # two updates an epoch
    updates = [each for each in islice(of.trainer.events(of.start), 20) if isinstance(each, Updated)][:most]

    burst = burst_of(of.trainer.events(of.start), of.start, most, 2)

    assert not burst.is_ended and (burst.before.step, burst.state.step) == (most - 1, most)
    assert burst.state.parameters.tobytes() == updates[-1].state.parameters.tobytes()
    assert burst.losses.tolist() == [each.backward.forward.loss for each in updates]
    assert burst.largest_gradients.tolist() == [float(np.abs(each.backward.gradient).max()) for each in updates]
    assert [state.step for state in burst.kept] == list(range(2, most + 1, 2))


def test_a_burst_that_is_far_from_its_time_is_followed_by_one_four_times_as_long() -> None:
    length = BurstLength(seconds=3600.0)

    assert length.begin() == FIRST
    length.end(FIRST)
    assert length.begin() == 4 * FIRST
    length.end(1)  # one that ended early says nothing of the time that updates take
    assert length.begin() == 4 * FIRST


def test_bursts_that_were_slow_are_followed_by_short_ones_never_by_none() -> None:
    for updates in (FIRST, FIRST // 2):  # one that ended early and took too long is still too long
        length = BurstLength(seconds=1e-9)
        length.begin()
        length.end(updates)

        assert length.updates == FEWEST
