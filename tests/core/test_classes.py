"""What the outputs of a network are: classes or numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.data.classes import Classes, classes_of

from ..helpers.experiments import experiment

BINARY, SIGNED = Classes(0.0, 1.0), Classes(-1.0, 1.0)


@pytest.mark.parametrize(
    ("loss", "activation", "targets", "classes"),
    [
        # One output for classes: a single class is enough.
        ("bce", "sigmoid", [[1]], BINARY),
        ("bce", "sigmoid", [[0]], BINARY),
        ("half-sse", "sigmoid", [[1]], BINARY),
        ("hinge", "tanh", [[1]], SIGNED),
        ("hinge", "identity", [[-1], [-1]], SIGNED),
        # Any other output: both must occur.
        ("mse", "identity", [[0], [1], [1], [0]], BINARY),
        ("mse", "identity", [[-1], [1]], SIGNED),
        ("sse", "identity", [[1]], None),
        ("sse", "relu", [[1], [1]], None),
        ("sse", "tanh", [[1]], None),
        ("sse", "tanh", [[-1], [1]], SIGNED),
        ("sse", "tanh", [[0], [1]], BINARY),
        # Targets that no class has.
        ("half-sse", "sigmoid", [[0.01], [0.99]], None),
        ("bce", "sigmoid", [[0], [1], [0.5]], None),
        ("sse", "identity", [[2]], None),
        ("sse", "identity", [[0], [1], [2]], None),
        # Several outputs.
        ("cross-entropy", "softmax", [[0, 1, 0]], BINARY),
        ("bce", "sigmoid", [[1, 0], [0, 1]], BINARY),
        ("hinge", "identity", [[1, -1], [-1, 1]], SIGNED),
        ("mse", "identity", [[1, 0]], None),
        ("mse", "identity", [[1, 0], [0, 1]], BINARY),
        ("half-sse", "sigmoid", [[0.01, 0.99]], None),
        ("cross-entropy", "softmax", [[0.3, 0.7]], None),
        ("bce", "sigmoid", [[1, 1], [1, 0]], None),
    ],
)
def test_outputs_are_classes_or_numbers(
    loss: str, activation: str, targets: list[list[float]], classes: Classes | None
) -> None:
    assert classes_of(loss, activation, [np.array(targets, dtype=float)]) == classes


def test_targets_to_train_on_and_held_out_ones_are_looked_at_together() -> None:
    ones, zeros, soft = (np.array([[value]]) for value in (1.0, 0.0, 0.5))

    assert classes_of("mse", "identity", [ones, zeros]) == BINARY
    assert classes_of("bce", "sigmoid", [ones, soft]) is None


def test_a_training_asks_what_the_held_out_targets_are_too() -> None:
    of_classes, of_numbers = (
        experiment(data__targets=[[0], [1], [1], [last]], data__train_rows=3).trainer for last in (0, 0.5)
    )

    assert of_classes.classes == BINARY and of_numbers.classes is None


def test_a_class_is_the_largest_output_or_from_the_middle_up() -> None:
    assert BINARY.of(np.array([[0.5], [0.49]])).tolist() == [1, 0]
    assert SIGNED.of(np.array([[0.0], [-0.01]])).tolist() == [1, 0]
    assert BINARY.of(np.array([[0.1, 0.7, 0.2], [0.9, 0.0, 0.1]])).tolist() == [1, 0]


@given(st.lists(st.booleans(), min_size=2), st.lists(st.floats(0, 1), min_size=2))
def test_accuracy_is_the_share_of_equal_classes(actual: list[bool], predicted: list[float]) -> None:
    count = min(len(actual), len(predicted))
    y, y_hat = np.array(actual[:count], dtype=float)[:, None], np.array(predicted[:count])[:, None]

    share = BINARY.accuracy(y_hat, y)

    assert share == sum((a >= 0.5) == b for a, b in zip(predicted, actual, strict=False)) / count
    assert BINARY.accuracy(y_hat[:1], y[:1]) is None
