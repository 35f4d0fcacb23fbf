"""The shape of a network: where its numbers lie in their vectors, and what its biases are."""

import numpy as np
import pytest

from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.arrays import array_of
from nn_tui.core.network.layout import Layout, parameter_at, place_of
from nn_tui.core.network.network import Bias, Layer, Network

TANH, STEP = ACTIVATIONS["tanh"], ACTIVATIONS["step"]


def network(bias: Bias = Bias.PER_NEURON, *, train_bias: bool = True) -> Network:
    """2-3-1."""
    return Network((Layer(2, 3, TANH), Layer(3, 1, TANH)), bias, train_bias)


def test_arrays_lie_one_behind_the_other() -> None:
    layout = Layout.of([(2, 3), (), (0,), (4,)])
    vector = np.arange(11.0)

    matrix, number, nothing, row = layout.views(vector)

    assert layout.size == 11
    assert matrix.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert number.tolist() == 6.0 and nothing.shape == (0,) and row.tolist() == [7.0, 8.0, 9.0, 10.0]
    assert [each.shape for each in layout.views(vector, 1, 3)] == [(), (0,)]
    matrix[0, 0] = 9.0
    assert vector[0] == 9.0


@pytest.mark.parametrize(
    ("bias", "shapes"),
    [
        (Bias.PER_NEURON, [(3, 2), (1, 3), (3,), (1,)]),
        (Bias.SHARED, [(3, 2), (1, 3), (1,), (1,)]),
        (Bias.NONE, [(3, 2), (1, 3), (0,), (0,)]),
    ],
)
def test_parameters_are_all_weights_and_then_all_biases(bias: Bias, shapes: list[tuple[int, ...]]) -> None:
    found = network(bias)

    assert [shape for _, _, shape in found.layout.places] == shapes
    assert found.sizes == (2, 3, 1)
    vector = np.arange(found.layout.size)
    assert vector[found.weights].tolist() == list(range(9))
    assert vector[found.trained].tolist() == vector.tolist()
    assert vector[network(bias, train_bias=False).trained].tolist() == list(range(9))


@pytest.mark.parametrize("bias", list(Bias))
def test_each_place_of_the_vector_is_that_of_one_parameter(bias: Bias) -> None:
    layout = network(bias).layout

    parameters = [parameter_at(layout, place) for place in range(layout.size)]

    assert [place_of(layout, each) for each in parameters] == list(range(layout.size))
    names = {
        Bias.PER_NEURON: ["b1[1]", "b1[2]", "b1[3]", "b2[1]"],
        Bias.SHARED: ["b1[1]", "b2[1]"],
        Bias.NONE: [],
    }
    weights = ["w1[1,1]", "w1[1,2]", "w1[2,1]", "w1[2,2]", "w1[3,1]", "w1[3,2]", "w2[1,1]", "w2[1,2]", "w2[1,3]"]
    assert [str(each) for each in parameters] == weights + names[bias]


def test_a_pass_has_z_and_a_of_each_layer_and_a_loss_for_each_example() -> None:
    found = network()

    assert [shape for _, _, shape in found.forward_layout(5).places] == [(5, 3), (5, 1), (5, 3), (5, 1), (5,)]
    assert [shape for _, _, shape in found.backward_layout(5).places] == [(5, 3), (5, 1), (5, 3)]


def test_parameters_cannot_be_written() -> None:
    W, b = (array_of([[1, 2]]), array_of([[3], [4]])), (array_of([5]), array_of([6, 7]))

    parameters = network().parameters(W, b)

    assert parameters.tolist() == [1, 2, 3, 4, 5, 6, 7] and not parameters.flags.writeable


def test_the_gradient_of_a_bias_gathers_the_neurons_that_it_feeds() -> None:
    dz = array_of([[1, 2, 3], [10, 20, 30]])

    assert Bias.PER_NEURON.shares(dz).sum(axis=0).tolist() == [11, 22, 33]
    assert Bias.SHARED.shares(dz).sum(axis=0).tolist() == [66]
    assert Bias.NONE.shares(dz).shape == (2, 0)


def test_the_activation_through_which_nothing_is_learned_is_named() -> None:
    assert network().flat_activation is None
    assert Network((Layer(2, 1, TANH), Layer(1, 1, STEP))).flat_activation == "step"


def test_networks_are_values() -> None:
    assert network() == network() and hash(network()) == hash(network())
    assert network() != network(Bias.SHARED)
