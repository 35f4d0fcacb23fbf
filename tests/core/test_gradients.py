"""Every gradient agrees with the slope that central differences measure."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from nn_tui.core.data.dataset import Batches, Dataset
from nn_tui.core.engine.workspace import Workspace
from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.arrays import Array, array_of
from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.optimizers import SGD
from nn_tui.core.functions.output_head import OutputHead
from nn_tui.core.network.network import Bias, Layer, Network
from nn_tui.core.steps.state import State
from nn_tui.core.training.trainer import Trainer

STEP = 1e-5


SMOOTH = [name for name in ACTIVATIONS if name != "step"]
PLAIN = [name for name in SMOOTH if name != "softmax"]


PAIRS = [pair for pair in product(SMOOTH, LOSSES) if pair not in (("softplus", "bce"), ("selu", "bce"))]
"""Predictions above 1, as softplus and selu give, have no bce."""


def training(hidden: str, output: str, loss: str, bias: Bias, reduction: str) -> tuple[Trainer, State]:
    """A 2-3-2 network on five examples, its predictions between 0 and 1, its relus away from 0."""
    rng = np.random.default_rng(5)
    X = array_of(rng.uniform(0.2, 1.0, (5, 2)))
    y = array_of(rng.uniform(0.1, 0.9, (5, 2)))
    if output == "softmax":
        y = array_of(y / y.sum(axis=1, keepdims=True))
    W = tuple(array_of(rng.uniform(0.1, 0.4, shape)) for shape in ((3, 2), (2, 3)))
    b = tuple(array_of(rng.uniform(0.05, 0.1, bias.size(n_out))) for n_out in (3, 2))
    network = Network((Layer(2, 3, ACTIVATIONS[hidden]), Layer(3, 2, ACTIVATIONS[output])), bias)
    trainer = Trainer(
        network=network,
        output=OutputHead(ACTIVATIONS[output], LOSSES[loss], reduction),
        optimizer=SGD(0.1),
        batches=Batches(5, 5),
        train=Dataset(X=X, y=y),
    )
    return trainer, trainer.start(W, b)


def slopes(trainer: Trainer, state: State) -> Iterator[tuple[str, int, Array]]:
    """The slope of the loss along every parameter."""
    X, y = trainer.batch(state)
    space = Workspace(trainer.network, len(X), X.dtype)
    for name, layer in product(("W", "b"), range(2)):
        parameters = list(getattr(state, name))
        slope = np.empty_like(parameters[layer])
        for index in np.ndindex(slope.shape):
            losses = []
            for step in (STEP, -STEP):
                moved = parameters[layer].copy()
                moved[index] += step
                changed = tuple(moved if n == layer else p for n, p in enumerate(parameters))
                W, b = (changed, state.b) if name == "W" else (state.W, changed)
                losses.append(trainer.forward_on(trainer.start(W, b), X, y, space=space).loss)
            slope[index] = (losses[0] - losses[1]) / (2 * STEP)
        yield name, layer, slope


@pytest.mark.parametrize(("output", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", PLAIN)
def test_gradients_agree_with_central_differences(hidden: str, output: str, loss: str) -> None:
    assert_agree(hidden, output, loss, Bias.PER_NEURON, "mean")


OTHERS = [(Bias.SHARED, "mean"), (Bias.NONE, "mean"), (Bias.PER_NEURON, "sum")]
"""What hidden activations and outputs do not know of each other: each is tried with one of the others."""


@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_gradients_of_each_output_agree_whatever_the_bias_and_the_reduction(output: str, loss: str) -> None:
    for bias, reduction in OTHERS:
        assert_agree("tanh", output, loss, bias, reduction)


@pytest.mark.parametrize("hidden", PLAIN)
def test_gradients_of_each_hidden_activation_agree_whatever_the_bias_and_the_reduction(hidden: str) -> None:
    for bias, reduction in OTHERS:
        assert_agree(hidden, "sigmoid", "bce", bias, reduction)


def assert_agree(hidden: str, output: str, loss: str, bias: Bias, reduction: str) -> None:
    """See that each gradient is the slope."""
    trainer, state = training(hidden, output, loss, bias, reduction)

    backward = trainer.backward(trainer.forward(state))

    for name, layer, slope in slopes(trainer, state):
        gradient = (backward.dW if name == "W" else backward.db)[layer]
        np.testing.assert_allclose(
            gradient, slope, rtol=1e-6, atol=1e-9, err_msg=f"d{name}{layer + 1}, {bias}, {reduction}"
        )


@pytest.mark.parametrize("loss", LOSSES)
def test_da_is_the_derivative_by_the_prediction(loss: str) -> None:
    trainer, state = training("tanh", "sigmoid", loss, Bias.PER_NEURON, "mean")
    forward = trainer.forward(state)

    da = trainer.backward(forward).da[-1]

    for index in np.ndindex(da.shape):
        up, down = forward.y_hat.copy(), forward.y_hat.copy()
        up[index] += STEP
        down[index] -= STEP
        value = LOSSES[loss].value
        slope = (value(up, forward.y).mean() - value(down, forward.y).mean()) / (2 * STEP)
        assert da[index] == pytest.approx(slope, rel=1e-6)


def test_sigmoid_with_bce_stays_exact_where_the_sigmoid_is_1() -> None:
    trainer, _ = training("sigmoid", "sigmoid", "bce", Bias.NONE, "sum")
    z, y = np.array([[100.0]]), np.array([[0.0]])

    losses = trainer.output.losses(z, ACTIVATIONS["sigmoid"](z), y)

    # ln(1 + e¹⁰⁰) = 100 to the last bit; −ln(1 − 1) would be infinite.
    assert losses.tolist() == [100.0]
