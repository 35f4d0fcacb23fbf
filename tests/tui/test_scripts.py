"""Commands for scripts: JSON, and an exit status that says whether all went well."""

import json
from pathlib import Path

import numpy as np
import pytest

import nn_tui
from nn_tui.presets.catalogue import builtin_names, find
from nn_tui.presets.errors import PresetError
from nn_tui.presets.preset_file import parse_preset
from nn_tui.presets.reopened import opened

from ..helpers.command_line import call

SQUARE = """
name = "square"
[network]
layers = [2, 2, 1]
weights = "w.npz"
{more}
[training]
learning_rate = 0.5
loss = "mse"
[data]
inputs = [[0, 1]]
targets = [[1]]
"""


def test_every_gradient_beside_its_slope_as_json() -> None:
    data = json.loads(call("check", "3-4-1", "--step", "2", "--json").stdout)

    assert data["step"] == 2 and len(data["checks"]) == 21
    assert {each["verdict"] for each in data["checks"]} == {"agrees"}
    first = data["checks"][0]
    assert first["quantity"] == "dw1[1,1]" and first["slope"] == pytest.approx(first["gradient"])


def test_an_explanation_as_json_has_all_that_the_text_says() -> None:
    data = json.loads(call("explain", "3-4-1", "--quantity", "dw2[1,1]", "--json").stdout)

    assert (data["quantity"], data["label"], data["step"]) == ("dw2[1,1]", "∂E/∂w²₁₁", 0)
    assert data["value"] == pytest.approx(np.prod([each["value"] for each in data["factors"]]))
    assert data["equations"][0]["right"] == "∂E/∂ŷ₁ · ∂ŷ₁/∂z²₁ · ∂z²₁/∂w²₁₁"
    assert data["routes"][0]["connections"][-1] == [2, 1, 1]
    batch = json.loads(call("explain", "xor", "--quantity", "dw1[1,1]", "--json").stdout)
    assert [each["example"] for each in batch["contributions"]] == [1, 2, 3, 4]


def test_the_presets_as_json() -> None:
    data = {each["name"]: each for each in json.loads(call("presets", "--json").stdout)}

    assert {*builtin_names()} <= data.keys()
    assert data["xor"]["layers"] == [2, 3, 1] and data["xor"]["loss"] == "bce" and not data["xor"]["own"]
    assert data["3-4-1"]["printed"] == len(find("3-4-1").published)


@pytest.mark.parametrize(("verbs", "status"), [("f\ns 2\nquit\n", 0), ("f\nfoo\ns\n", 2), ("set w9[1,1] 2\n", 2)])
def test_the_text_mode_ends_with_2_where_a_command_was_wrong(verbs: str, status: int) -> None:
    assert call("step", "xor", stdin=verbs).returncode == status


def test_a_shared_line_opens_with_the_losses_of_its_way() -> None:
    found = opened(call("share", "3-4-1", "--step", "5").stdout.strip())

    (history,) = found.histories.values()
    assert [step for step, _ in history.batch_loss] == [0, 1, 2, 3, 4]


def test_a_preset_names_a_file_of_weights_beside_it(tmp_path: Path) -> None:
    W1, W2 = np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([[0.5, 0.6]])
    np.savez(tmp_path / "w.npz", W1=W1, W2=W2)
    path = tmp_path / "square.toml"
    path.write_text(SQUARE.format(more=""), encoding="utf-8")

    run = nn_tui.open(path)
    assert np.array_equal(run.W[0], W1) and np.array_equal(run.W[1], W2)

    np.savez(tmp_path / "w.npz", W1=W1.T, b1=[0.7, 0.8], W2=W2.T, b2=[0.9])
    path.write_text(SQUARE.format(more='layout = "in-out"'), encoding="utf-8")
    assert np.array_equal(nn_tui.open(path).W[0], W1) and nn_tui.open(path).b[1].tolist() == [0.9]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("", r"w\.npz: expected the weights of 2 layers, got 1"),
        ('init = { scheme = "zeros" }', "expected weights or init, one of the two"),
        ('layout = "x"', "network.layout: expected 'out-in' or 'in-out'"),
    ],
)
def test_what_is_wrong_with_a_file_of_weights_is_said(more: str, sentence: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", W1=np.ones((2, 2)))
    (tmp_path / "square.toml").write_text(SQUARE.format(more=more), encoding="utf-8")

    with pytest.raises(PresetError, match=sentence):
        nn_tui.open(tmp_path / "square.toml")


PASTED = """
name = "pasted"
[network]
layers = {layers}
activations = "identity"
weights = {weights}
{more}
[training]
learning_rate = 0.01
loss = "mse"
[data]
inputs = [[0.3, 0.4]]
targets = [[0.7]]
"""


def test_weights_pasted_from_keras_are_read_as_their_shapes_show() -> None:
    weights = "[[[0.85, 1.56], [-0.05, 1.68]], [[0.1], [0.58]]]"
    network = parse_preset(PASTED.format(layers=[2, 2, 1], weights=weights, more=""), "pasted").network

    assert network.weights == [[[0.85, -0.05], [1.56, 1.68]], [[0.1, 0.58]]]


def test_a_square_W_that_another_program_printed_is_asked_about() -> None:
    weights = "[[[0.8512728, 1.555682], [-0.04689309, 1.6778996]], [[0.09876956, 0.583725]]]"
    form = {"layers": [2, 2, 1], "weights": weights}

    with pytest.raises(
        PresetError, match='the weights of layer 1 are square: expected layout = "out-in" beside weights'
    ):
        parse_preset(PASTED.format(**form, more=""), "pasted")
    pytorch = parse_preset(PASTED.format(**form, more='layout = "out-in"'), "pasted").network
    assert pytorch.weights and pytorch.weights[0][0][1] == 1.555682
    keras = parse_preset(PASTED.format(**form, more='layout = "in-out"'), "pasted").network  # its second W is ours
    assert keras.weights == [[[0.8512728, -0.04689309], [1.555682, 1.6778996]], [[0.09876956, 0.583725]]]
    own = "[[[0.85, 1.56], [-0.05, 1.68]], [[0.1, 0.58]]]"
    typed = parse_preset(PASTED.format(layers=[2, 2, 1], weights=own, more=""), "own").network
    assert typed.weights and typed.weights[0][0] == [0.85, 1.56]


def test_a_layout_says_how_square_weights_are_pasted() -> None:
    text = PASTED.format(layers=[2, 2, 1], weights="[[[1, 2], [3, 4]], [[5], [6]]]", more='layout = "in-out"')

    assert parse_preset(text, "pasted").network.weights == [[[1, 3], [2, 4]], [[5, 6]]]


def test_a_theta_has_the_bias_in_its_first_column_where_the_layout_says_so() -> None:
    theta = "[[[0.1, 1, 2], [0.2, 3, 4]], [[0.3, 5, 6]]]"

    network = parse_preset(PASTED.format(layers=[2, 2, 1], weights=theta, more='layout = "theta"'), "pasted").network

    assert network.weights == [[[1, 2], [3, 4]], [[5, 6]]] and network.biases == [[0.1, 0.2], [0.3]]
    with pytest.raises(PresetError, match='if the first one is the bias, expected layout = "theta"'):
        parse_preset(PASTED.format(layers=[2, 2, 1], weights=theta, more=""), "pasted")
    with pytest.raises(PresetError, match="network.layout: expected 'out-in', 'in-out' or 'theta'"):
        parse_preset(PASTED.format(layers=[2, 2, 1], weights=theta, more='layout = "x"'), "pasted")
