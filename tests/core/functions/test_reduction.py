"""The reduction of a batch's losses to one number, by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn_tui.core.engine.arithmetic import BLAS, ORDERED
from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.output_head import OutputHead
from nn_tui.core.quantities.quantity import Quantity
from nn_tui.core.steps.events import Failed
from nn_tui.core.training.changes import Change, apply
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.training.training import Training

from ...helpers.experiments import experiment
from ...helpers.random_trainers import by_numpy

Y_HAT, Y = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 2.0]]), np.zeros((3, 2))


@pytest.mark.parametrize(
    ("loss", "reduction", "value", "da"),
    [
        # ½ (1 + 4) = 2.5, ½ (9 + 16) = 12.5, ½ (0 + 4) = 2: together 17, of 3 examples or 6 outputs.
        ("half-sse", "sum", 17.0, 2.0),
        ("half-sse", "mean", 17.0 / 3.0, 2.0 / 3.0),
        ("half-sse", "mean-over-outputs", 17.0 / 6.0, 2.0 / 6.0),
        # The mean over two outputs, 2.5, 12.5 and 2, is taken already.
        ("mse", "sum", 17.0, 2.0),
        ("mse", "mean", 17.0 / 3.0, 2.0 / 3.0),
        ("mse", "mean-over-outputs", 17.0 / 3.0, 2.0 / 3.0),
        ("mae", "mean-over-outputs", 2.0, 1.0 / 6.0),
    ],
)
def test_a_reduction_by_hand(loss: str, reduction: str, value: float, da: float) -> None:
    output = OutputHead(ACTIVATIONS["identity"], LOSSES[loss], reduction)
    dz = np.empty_like(Y)

    output.dz(Y_HAT, Y_HAT, Y, dz)

    assert output.reduce(output.losses(Y_HAT, Y_HAT, Y), Y) == pytest.approx(value, rel=1e-15)
    assert output.da(Y_HAT, Y)[0, 1] == dz[0, 1] == pytest.approx(da, rel=1e-15)


@pytest.mark.parametrize(
    ("loss", "reduction", "value", "share"),
    [
        # Losses 2.5, 12.5 and 2 with the weights 1, 0.5 and 2: 2.5 + 6.25 + 4 = 12.75; the weights add up to 3.5.
        ("half-sse", "sum", 12.75, 0.5),
        ("half-sse", "mean", 12.75 / 3.5, 0.5 / 3.5),
        ("half-sse", "mean-over-outputs", 12.75 / 7.0, 0.5 / 7.0),
        ("mse", "mean", 12.75 / 3.5, 0.5 / 3.5),
        # huber of errors 1, 2, 3, 4, 0, 2: means ½(½ + 1½) = 1, ½(2½ + 3½) = 3, ½ · 1½ = 0.75; 1 + 1.5 + 1.5 = 4, by 3.
        ("huber", "mean", 4.0 / 3.0, 0.5 / 3.0),
    ],
)
def test_weights_of_examples_by_hand(loss: str, reduction: str, value: float, share: float) -> None:
    output = OutputHead(ACTIVATIONS["identity"], LOSSES[loss], reduction).of(np.array([1.0, 0.5, 2.0]))
    losses, plain = output.losses(Y_HAT, Y_HAT, Y), OutputHead(ACTIVATIONS["identity"], LOSSES[loss], "sum")

    for arithmetic in (BLAS, ORDERED):
        assert arithmetic.reduce(output, losses, Y) == pytest.approx(value, rel=1e-15)
    np.testing.assert_allclose(output.da(Y_HAT, Y)[1], share * plain.da(Y_HAT, Y)[1], rtol=1e-15)


def test_an_edited_target_has_the_weight_of_its_new_class() -> None:
    of = experiment(training__class_weights=[1, 5], data__weights=[1, 2, 3, 4], training__batch_size="all")
    assert of.trainer.forward(of.start).weights.tolist() == [1.0, 10.0, 15.0, 4.0]  # type: ignore[union-attr]

    changed = apply(Change(Quantity.parse("y[1]@4"), 1.0), Training(of.trainer, of.start)).training

    assert changed.trainer.forward(of.start).weights.tolist() == [1.0, 10.0, 15.0, 20.0]  # type: ignore[union-attr]


@pytest.mark.parametrize("engine", [replace, by_numpy])
def test_a_mean_over_weights_that_are_all_0_is_nan(engine: Callable[[Trainer], Trainer]) -> None:
    """As in PyTorch; the second of these batches has no weight."""
    of = experiment(data__weights=[1, 1, 0, 0], training__loss="mse", training__shuffle=False)
    trainer = engine(of.trainer)

    burst = trainer.burst(of.start, 5)
    (failed,) = trainer.events(burst.state)

    assert burst.is_ended and burst.state.step == 1
    assert isinstance(failed, Failed)
    assert failed.reason.endswith(
        "the loss is nan; first seen in the loss itself: the weights of all examples of the batch are 0"
    )


def test_held_out_examples_have_their_weights_too() -> None:
    of = experiment(data__weights=[1, 2, 3, 4], data__train_rows=2, training__loss="mse")
    assert of.trainer.test
    y_hat = of.trainer.forward_on(of.start, of.trainer.test.X, of.trainer.test.y).y_hat[:, 0]

    # Targets 1 and 0 with the weights 3 and 4.
    expected = (3 * (y_hat[0] - 1) ** 2 + 4 * y_hat[1] ** 2) / 7
    assert of.trainer.evaluate(of.start, of.trainer.test).loss == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"data__weights": [1, 2]}, "test: data.weights: expected 4, one for each row of inputs, got 2"),
        ({"data__weights": [0, 0, 0, 0]}, "test: data.weights: expected finite numbers, one of them above 0"),
        ({"data__weights": [1, 1, 1, -1]}, "test: data.weights[3]: expected a number from 0 up, got -1"),
        ({"training__class_weights": [1]}, "test: training.class_weights: expected 2, one for each class, got 1"),
        (
            {"training__class_weights": [1, 2], "training__loss": "mse", "data__targets": [[0.5], [1], [1], [0]]},
            "test: training.class_weights: expected classes, but the targets are numbers",
        ),
    ],
)
def test_weights_that_do_not_fit_are_refused(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError) as caught:
        experiment(**changes)

    assert str(caught.value) == fault
