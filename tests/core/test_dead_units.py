"""Dead units: relu neurons whose z is ≤ 0 for every example."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from nn_tui.core.explaining.explain import explain
from nn_tui.core.steps.events import BackwardPass
from nn_tui.core.training.dead_units import dead_layers, dead_units, dead_units_text
from nn_tui.core.training.trainer import Trainer
from nn_tui.presets.build import build
from nn_tui.presets.preset_file import check_preset, preset_of_tables

from ..helpers.experiments import experiment, tables
from ..helpers.quantities import quantity


def trainer_of(backward: BackwardPass) -> Trainer:
    """A trainer of the pass's network."""
    return replace(experiment(training__batch_size="all").trainer, network=backward.network)


def first_pass(weights: list[list[float]], biases: list[float], **more: Any) -> BackwardPass:
    """The first backward pass on the corners of a square: a layer with these parameters, and a sigmoid output."""
    sizes, out = [2, len(weights), 1], [[0.5] * len(weights)]
    network = {"layers": sizes, "activations": ["relu", "sigmoid"], "weights": [weights, out], "biases": [biases, [0]]}
    said = tables(training__batch_size="all", training__shuffle=False)
    of = build(check_preset(preset_of_tables({**said, "network": {**network, **more}}, "test"), "test"), Path())
    return of.trainer.backward(of.trainer.forward(of.start))


def found(backward: BackwardPass) -> tuple[dict[int, tuple[int, ...]], tuple[int, ...], str]:
    network = backward.network
    dead = dead_units(network, backward.forward)
    return dead, dead_layers(network, dead), dead_units_text(network, dead)


def test_a_unit_is_dead_whose_z_is_never_above_0() -> None:
    # z of the corners: 0, 0, −1, −1; −1, 0, 0, 1; −3, −3, −3, −3.
    backward = first_pass([[-1, 0], [1, 1], [0, 0]], [0, -1, -3])

    assert backward.forward.z[0].T.tolist() == [[0, 0, -1, -1], [-1, 0, 0, 1], [-3, -3, -3, -3]]
    assert found(backward) == ({0: (0, 2)}, (), "neurons 1 and 3 of layer 1")


def test_a_layer_whose_units_are_all_dead_is_named_as_a_whole() -> None:
    backward = first_pass([[-1, 0], [0, -1]], [-1, -1])

    assert found(backward) == ({0: (0, 1)}, (0,), "all 2 neurons of layer 1")
    assert not backward.dW[0].any()


def test_only_relu_units_can_be_dead() -> None:
    backward = first_pass([[-1, 0], [0, -1]], [-1, -1], activations=["leaky-relu", "sigmoid"])

    assert found(backward) == ({}, (), "")


def test_of_many_dead_units_the_first_are_named() -> None:
    network = first_pass([[1, 1]] * 2_000, [0] * 2_000).network

    assert dead_units_text(network, {0: tuple(range(1_500))}).endswith("7, 8 and 1 492 more of layer 1")
    assert dead_units_text(network, {0: (1,)}) == "neuron 2 of layer 1"


def test_an_explanation_says_that_a_neuron_is_dead_and_why_a_slope_is_0() -> None:
    backward = first_pass([[-1, 0], [1, 1]], [-1, -1])
    of = trainer_of(backward)

    gradient = explain(of, backward, quantity("dw1[1,1]"))
    alive = explain(of, backward, quantity("dw1[2,1]"))

    for dead in (gradient, explain(of, backward, quantity("db1[1]"))):
        assert dead.note == "neuron 1 of layer 1 is dead: z ≤ 0 for every example" and not dead.contributions
    assert len(alive.contributions) == 4 and not alive.note
    for slope in ("dz1[1]@4", "dw1[1,1]@4"):
        assert explain(of, backward, quantity(slope)).note == "∂a/∂z = 0, because z = −2 < 0"
    assert explain(of, backward, quantity("dz1[2]@4")).note == ""


def test_an_explanation_calls_no_neuron_dead_that_another_batch_activates() -> None:
    of = experiment(
        network__layers=[2, 1, 1],
        network__init=None,
        network__weights=[[[1, 1]], [[0.5]]],
        network__biases=[[-1], [0]],
        network__activations=["relu", "sigmoid"],
        training__shuffle=False,
    )

    found = explain(of.trainer, of.trainer.backward(of.trainer.forward(of.start)), quantity("dw1[1,1]"))

    assert found.note == "neuron 1 of layer 1 has z ≤ 0 for every example of this batch"
