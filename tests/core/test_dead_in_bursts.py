"""Dead units at many steps at once: those that are found step by step."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.functions.arrays import frozen
from nn_tui.core.steps.state import State
from nn_tui.core.training.dead_in_bursts import UnitsThatDie
from nn_tui.core.training.dead_units import dead_units, layers_that_die
from nn_tui.core.training.trainer import Trainer

from ..helpers.experiments import experiment
from ..helpers.fuzz import FUZZ
from ..helpers.random_trainers import dying_trainer, random_state


def dead_at(trainer: Trainer, state: State) -> set[tuple[int, int]]:
    """The layer and the number of each dead unit, from a forward pass of every example."""
    forward = trainer.forward_on(state, trainer.train.X, trainer.train.y)
    return {(layer, unit) for layer, units in dead_units(trainer.network, forward).items() for unit in units}


def assert_same(trainer: Trainer, state: State, steps: int) -> set[int]:
    """That both find the same; the numbers of dead units that were found."""
    states, units = trainer.burst(state, steps, keep_every=1).kept, UnitsThatDie(trainer)
    half = len(states) // 2

    found = np.concatenate([units.are_dead(states[:half]), units.are_dead(states[half:])], axis=1)

    expected = [dead_at(trainer, each) for each in states]
    assert [{units.names[n] for n in np.flatnonzero(column)} for column in found.T] == expected
    return {len(each) for each in expected}


@settings(max_examples=FUZZ // 5)
@given(st.integers(0, 2**32))
def test_they_are_those_of_single_steps(seed: int) -> None:
    trainer = dying_trainer(seed)
    if layers_that_die(trainer.network):
        assert_same(trainer, random_state(trainer, seed), 150)


@pytest.mark.parametrize(("optimizer", "rate"), [("sgd", 3.0), ("adam", 0.3)])
@pytest.mark.parametrize("layers", [[2, 6, 1], [2, 6, 6, 1]])
def test_a_dead_neuron_is_found_and_stays_known(layers: list[int], optimizer: str, rate: float) -> None:
    corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    of = experiment(
        network__layers=layers,
        network__activations=["relu"] * (len(layers) - 2) + ["sigmoid"],
        training__optimizer=optimizer,
        training__learning_rate=rate,
        data__inputs=[[x + 0.1 * n, y - 0.1 * n] for n in range(4) for x, y in corners],
        data__targets=[[float(x != y)] for _ in range(4) for x, y in corners],
    )

    assert len(assert_same(of.trainer, of.start, 1_000)) > 1


def test_an_activation_that_is_steeper_than_1_may_revive_a_neuron() -> None:
    # a1 = 1.0507 w1, and z2 = a1 - 2.07: -1.02 for w1 = 1, and 0.03 for w1 = 2.
    of = experiment(
        network__layers=[1, 1, 1],
        network__activations=["selu", "relu"],
        network__init=None,
        network__weights=[[[1.0]], [[1.0]]],
        network__biases=[[0.0], [-2.07]],
        training__loss="mse",
        data__inputs=[[1.0]] * 9,
        data__targets=[[1.0]] * 9,
    )
    after = replace(of.start, step=1, parameters=frozen(np.array([2.0, 1.0, 0.0, -2.07])))

    assert UnitsThatDie(of.trainer).are_dead((of.start, after)).tolist() == [[True, False]]
