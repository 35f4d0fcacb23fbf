"""Weights of other programs: their names and layouts, and what this program itself writes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn_tui
from nn_tui.presets.catalogue import find
from nn_tui.presets.errors import PresetError
from nn_tui.presets.schema import NetworkTable
from nn_tui.presets.user_arrays.weights import network_with, with_weights

from ...helpers.command_line import call

W1, W2 = np.arange(12.0).reshape(4, 3) / 10, np.arange(4.0).reshape(1, 4)
B1, B2 = np.arange(4.0), np.array([0.5])
NETWORK = find("3-4-1").network


@pytest.mark.parametrize(
    "arrays",
    [
        {"0.weight": W1, "0.bias": B1, "2.weight": W2, "2.bias": B2},
        {"fc1.weight": W1, "fc1.bias": B1, "fc2.weight": W2, "fc2.bias": B2},
        {"arr_0": W1.T, "arr_1": B1, "arr_2": W2.T, "arr_3": B2},
        {"coefs_1": W1.T, "coefs_2": W2.T, "intercepts_1": B1, "intercepts_2": B2},
        {"dense/kernel": W1.T, "dense/bias": B1, "dense_1/kernel": W2.T, "dense_1/bias": B2},
        {"W1": W1, "b1": B1[None, :], "W2": W2, "b2": B2[:, None]},
        {"b2": B2, "W2": W2.T, "b1": B1, "W1": W1.T},
    ],
)
def test_the_names_of_other_programs(arrays: dict[str, Any]) -> None:
    found = network_with(NETWORK, arrays)

    assert found.weights == [W1.tolist(), W2.tolist()] and found.biases == [B1.tolist(), B2.tolist()]
    assert found.init is None


SQUARE = NetworkTable(layers=[2, 2])


@pytest.mark.parametrize(
    ("name", "expected"), [("0.weight", [[1.0, 2.0], [3.0, 4.0]]), ("arr_0", [[1.0, 3.0], [2.0, 4.0]])]
)
def test_a_name_says_how_a_square_W_is_laid_out(name: str, expected: list[list[float]]) -> None:
    assert network_with(SQUARE, {name: np.array([[1.0, 2.0], [3.0, 4.0]])}).weights == [expected]


def test_a_square_W_of_unknown_layout_is_asked_about() -> None:
    arrays = {"W1": np.array([[1.0, 2.0], [3.0, 4.0]])}
    with pytest.raises(ValueError, match="every W is square.*--layout out-in"):
        network_with(SQUARE, arrays)

    assert network_with(SQUARE, arrays, "in-out").weights == [[[1.0, 3.0], [2.0, 4.0]]]


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"W1": W1}, "expected the weights of 2 layers, got 1 among W1"),
        ({"W1": W1, "W2": W2.T[:3]}, "W of layer 2: expected 1 × 4, got 3 × 1"),
        ({"W1": W1, "W2": W2, "b1": B1[:2], "b2": B2}, "b of layer 1: expected 4 numbers, got 2"),
        ({"W1": W1, "W2": W2, "b1": B1}, "expected the biases of 2 layers, got 1"),
    ],
)
def test_what_does_not_fit_is_said(arrays: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        network_with(NETWORK, arrays)


@pytest.mark.parametrize("form", ["npz", "safetensors"])
def test_what_export_writes_is_read_again(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"w.{form}"
    assert call("export", "iris", "--step", "3", "--format", form, "--output", str(path)).returncode == 0
    run = nn_tui.open("iris").step(3)

    found = with_weights(find("iris"), path).network

    assert found.weights == [W.tolist() for W in run.W] and found.biases == [b.tolist() for b in run.b]


def test_a_training_begins_with_them(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    path.write_text(json.dumps({"coefs_": [W1.T.tolist(), W2.T.tolist()], "intercepts_": [[0, 0, 0, 0], [0]]}))

    explained = call("explain", "3-4-1", "--weights", str(path), "--quantity", "w1[2,3]")

    assert explained.returncode == 0 and "0.5" in explained.stdout


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match=r"missing\.npz: cannot be read"):
        with_weights(find("3-4-1"), tmp_path / "missing.npz")
    assert (
        "--layout: expected --weights with it"
        in call("explain", "xor", "--layout", "out-in", "--quantity", "loss").stderr
    )
