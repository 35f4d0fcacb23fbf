"""The confusion matrix without a screen."""

import json

import numpy as np
import pytest

from nn_tui.core.data.classes import Classes

from ..helpers.command_line import call


def test_the_text_has_a_row_for_each_actual_class_with_its_figures() -> None:
    lines = call("confusion", "iris", "--step", "200").stdout.splitlines()

    assert lines[0] == "step 200" and lines[2] == "training: 109 of 112 correct"
    assert lines[3].split() == ["actual", "setosa", "versicolor", "virginica", "precision", "recall", "f1"]
    # 36 of the 37 that are predicted to be versicolor are, and 36 of 38 are found: 2 · 36 / (37 + 38).
    assert lines[5].split() == ["versicolor", "0", "36", "2", "0.973", "0.947", "0.960"]
    assert lines[8] == "held out: 36 of 38 correct"


def test_json_has_the_counts_and_a_share_of_no_examples_is_null() -> None:
    found = json.loads(call("confusion", "xor", "--json").stdout)

    assert found["test"] is None and np.array(found["train"]["counts"]).sum() == 4
    assert found["train"]["classes"][0] == {"class": "0", "examples": 2, "precision": None, "recall": 0.0, "f1": 0.0}


def test_the_result_of_a_training_has_the_confusion_of_both_sets() -> None:
    found = json.loads(call("train", "iris", "--epochs", "2", "--json").stdout)

    for name, examples in (("train", 112), ("test", 38)):
        counts = np.array(found[f"{name}_confusion"]["counts"])
        assert counts.sum() == examples
        assert np.trace(counts) / examples == pytest.approx(found[f"{name}_accuracy"])
    assert json.loads(call("train", "mazur", "--steps", "1", "--json").stdout)["train_confusion"] is None


@pytest.mark.parametrize(
    ("target", "message"),
    [("mazur", "expected outputs that are classes, got numbers"), ("2-2-1", "expected several examples, got one")],
)
def test_what_has_no_confusion_is_refused(target: str, message: str) -> None:
    result = call("confusion", target)

    assert result.returncode == 2 and message in result.stderr


def test_the_figures_of_classes_are_those_of_their_definitions() -> None:
    classes = Classes(0.0, 1.0)
    y, y_hat = np.array([[0], [0], [0], [1], [1]]), np.array([[0.1], [0.2], [0.9], [0.8], [0.3]])

    confusion = classes.confusion(y_hat, y)

    assert confusion.counts.tolist() == [[2, 1], [1, 1]] and (confusion.correct, confusion.total) == (3, 5)
    assert confusion.precision.tolist() == pytest.approx([2 / 3, 1 / 2])
    assert confusion.recall.tolist() == pytest.approx([2 / 3, 1 / 2]) and confusion.f1.tolist() == pytest.approx(
        [2 / 3, 0.5]
    )
