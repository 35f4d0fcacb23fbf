"""The computation by named operations: the trainer's numbers, over one update and over several."""

from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.diagnosis.computation import Computation
from nn_tui.core.diagnosis.diagnose import CAUSES
from nn_tui.core.diagnosis.update_inputs import Figure, UpdateInputs
from nn_tui.core.diagnosis.variations import adam
from nn_tui.core.diagnosis.varied_training import VariedTraining, can_be_varied
from nn_tui.core.functions.arrays import Array
from nn_tui.core.functions.optimizers import Adam
from nn_tui.core.quantities.quantity import Quantity
from nn_tui.core.steps.events import Updated
from nn_tui.core.steps.stop import Stop

from ...helpers.experiments import experiment
from ...helpers.random_updates import random_setting

SEEDS = st.integers(0, 10_000)
SEQUENTIAL = {"training__update": "sequential"}
THREE_OUTPUTS = {"network__layers": [2, 3, 3], "data__targets": [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]}


def updates(setting: UpdateInputs, count: int) -> list[Updated]:
    trainer = setting.trainer
    start = trainer.start(setting.W, setting.b)
    return [each for each in trainer.events(start, Stop(steps=count)) if isinstance(each, Updated)]


def is_close(one: Array, other: Array) -> bool:
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-12))


@given(SEEDS)
def test_every_array_is_the_trainers(seed: int) -> None:
    setting = random_setting(seed)
    (update,) = updates(setting, 1)
    run, forward, backward = Computation(setting), update.forward, update.backward

    assert run.get("loss") == pytest.approx(forward.loss, rel=1e-12)
    for layer in range(1, setting.layers + 1):
        expected = {
            "z": forward.z,
            "a": forward.a,
            "da": backward.da,
            "dz": backward.dz,
            "dW": backward.dW,
            "db": backward.db,
            "W_next": update.state.W,
            "b_next": update.state.b,
        }
        for name, arrays in expected.items():
            assert is_close(run.get(name, layer), arrays[layer - 1]), (name, layer)


def test_classes_count_by_their_weights_as_in_the_training() -> None:
    of = experiment(training__class_weights=[1, 5], training__batch_size="all")
    setting = UpdateInputs.of(of.trainer, of.start)
    (update,) = (each for each in of.trainer.events(of.start, Stop(steps=1)) if isinstance(each, Updated))

    assert Computation(setting).get("loss") == pytest.approx(update.forward.loss, rel=1e-12)
    assert is_close(Computation(setting).get("dW", 1), update.backward.dW[0])


def test_the_error_in_place_of_a_gradient_has_the_weight_of_an_example() -> None:
    of = experiment(training__batch_size="all")
    setting = UpdateInputs.of(of.trainer, of.start)
    (cause,) = (each for each in CAUSES if "ŷ − y, as for the squared error" in each.name)
    (variant,) = cause.variants(setting)

    run = Computation(setting, variant)

    assert is_close(run.get("da", 2), (run.get("a", 2) - setting.y) / 4)


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("da of the output is divided by the number of outputs", {}, False),
        ("da of the output is divided by the number of outputs", THREE_OUTPUTS, True),
        ("the loss is the mean over the outputs", {}, False),
        ("the loss is the mean over the outputs", THREE_OUTPUTS, True),
        ("updated W", {}, True),
        ("updated W", SEQUENTIAL, False),
        ("old W", {}, False),
        ("old W", SEQUENTIAL, True),
    ],
)
def test_a_cause_is_looked_for_where_it_changes_something(name: str, changes: dict[str, Any], expected: bool) -> None:
    of = experiment(**changes)
    (cause,) = (each for each in CAUSES if each.name == name)

    assert bool(list(cause.variants(UpdateInputs.of(of.trainer, of.start)))) is expected


@given(SEEDS)
def test_a_varied_training_without_a_cause_is_the_training(seed: int) -> None:
    setting = random_setting(seed)
    training = VariedTraining(setting)

    for step, update in enumerate(updates(setting, 4), 1):
        assert training.number(Quantity.parse("w1[1,1]"), step) == pytest.approx(update.state.W[0][0, 0], rel=1e-9)


@given(SEEDS)
def test_an_array_from_given_ones_is_the_one_from_the_inputs_where_those_are_right(seed: int) -> None:
    setting = random_setting(seed)
    pure = Computation(setting)
    given_arrays = {figure: pure.get(*figure) for figure in setting.figures()}
    stepped = Computation(setting, given=given_arrays)

    for figure in setting.figures():
        array, sources = stepped.computed(figure)
        assert is_close(array, given_arrays[figure]), figure
        assert figure not in sources


def test_every_cause_has_a_name_and_a_sentence_of_its_own() -> None:
    assert len({each.name for each in CAUSES}) == len(CAUSES)
    assert len({each.sentence for each in CAUSES}) == len(CAUSES)
    for each in CAUSES:
        assert each.text(1, "tanh")[0] != " " and not each.sentence.endswith(".")


def test_a_gradient_that_is_not_cleared_is_the_sum_of_two() -> None:
    setting = random_setting(5)
    first = Computation(setting)
    layers = range(1, setting.layers + 1)
    before = tuple(first.get("dW", n) for n in layers), tuple(first.get("db", n) for n in layers)
    again = UpdateInputs(
        setting.trainer, setting.W, setting.b, setting.x, setting.y, setting.slots, setting.learning_rate, before
    )
    (cause,) = (each for each in CAUSES if each.name == "gradients not cleared")
    (variant,) = cause.variants(again)

    assert is_close(Computation(again, variant).get("dW", 1), 2.0 * before[0][0])
    assert not list(cause.variants(setting))
    assert Figure("dW", 1) in setting.figures()


@pytest.mark.parametrize(
    ("varied", "expected"),
    [
        ({}, 1 - 0.1 * 2 / 2),  # the corrected m and v of a first step are g and g²
        ({"corrected": False}, 1 - 0.1 * 0.2 / sqrt(0.004)),
        ({"later": 1}, 1 - 0.1 * (0.2 / 0.19) / sqrt(0.004 / 0.001999)),
        ({"root": lambda v: v}, 1 - 0.1 * 2 / 4),
    ],
)
def test_adams_first_step_by_hand(varied: dict[str, Any], expected: float) -> None:
    w, g, nothing = np.array([1.0]), np.array([2.0]), (np.zeros(1), np.zeros(1), np.asarray(0.0))

    moved, (m, v, t) = adam(Adam(0.1), w, g, nothing, 0.1, **varied)

    assert moved[0] == pytest.approx(expected, rel=1e-7)
    assert (m[0], v[0], float(t)) == (pytest.approx(0.2), pytest.approx(0.004), 1.0)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"training__batch_size": "all"}, True),
        ({"training__batch_size": "all", "training__schedule": {"name": "exponential", "gamma": 0.9}}, False),
        ({"training__batch_size": 2}, False),
    ],
)
def test_a_training_is_varied_where_every_update_has_the_same_examples_and_rate(
    changes: dict[str, Any], expected: bool
) -> None:
    of = experiment(**changes)

    assert can_be_varied(UpdateInputs.of(of.trainer, of.start)) is expected
