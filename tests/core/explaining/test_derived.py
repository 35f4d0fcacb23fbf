"""Numbers that sources print beside those of a step, each by hand."""

from pathlib import Path

import numpy as np
import pytest

import nn_tui
from nn_tui.core.notation.notation import Notation
from nn_tui.core.quantities.quantity import Quantity
from nn_tui.presets.preset_file import preset_of_tables
from nn_tui.presets.verification import FigureVerdict, verify

from ...helpers.experiments import experiment_of


def test_each_is_what_it_is_made_of() -> None:
    run = nn_tui.open("xor")
    a, after = run.a, run.state.W[0] - 0.5 * run.gradients.W[0]

    assert run["minus-dz1[2]@3"] == -run["dz1[2]@3"]
    assert run["slope-a1[2]@3"] == pytest.approx(1 - a[0][2, 1] ** 2)
    assert run["slope-a2[1]@4"] == pytest.approx(a[1][3, 0] * (1 - a[1][3, 0]))
    assert run["change-w1[1,2]"] == pytest.approx(after[0, 1] - run.W[0][0, 1])
    assert run["accuracy"] == 0.5
    share = float(nn_tui.open("iris").a[-1][0, 2])
    assert nn_tui.open("iris")["slope-a2[3]"] == pytest.approx(share * (1 - share))


@pytest.mark.parametrize("target", ["xor", "iris", "mazur", "moons", "3-3-2"])
def test_the_losses_of_the_outputs_add_up_to_that_of_their_example(target: str) -> None:
    for loss in ("mse", "sse") if target == "3-3-2" else (None,):
        run = nn_tui.open(target) if loss is None else nn_tui.new(target, loss=loss, X=[[1, 2, 3]], y=[[1, 0.5]])
        outputs = range(1, run.a[-1].shape[1] + 1)

        shares = [run.explain(f"loss[{i}]@1").value for i in outputs]

        assert sum(shares) == pytest.approx(run["loss@1"], rel=1e-12)
        assert shares == [run[f"loss[{i}]@1"] for i in outputs]


def test_the_loss_of_an_output_by_hand() -> None:
    run = nn_tui.open("mazur")

    assert round(run["loss[1]"], 9) == 0.274811083  # ½ (0.75136507 − 0.01)²
    assert round(run["loss[2]"], 9) == 0.023560026
    assert str(Quantity.parse("loss[2]@3")) == "loss[2]@3"


def test_what_adam_corrects_is_explained_for_the_coming_update() -> None:
    run = nn_tui.open("xor", optimizer="adam", learning_rate=0.001).step(2)

    assert run["m_hat-w1[1,1]"] == pytest.approx(run["next-m-w1[1,1]"] / (1 - 0.9**3))
    assert run["v_hat-b1[2]"] == pytest.approx(run["next-v-b1[2]"] / (1 - 0.999**3))
    assert run["last-m_hat-w1[1,1]"] == pytest.approx(run["m-w1[1,1]"] / (1 - 0.9**2))
    root = np.sqrt(run["v_hat-w1[1,1]"]) + 1e-8
    assert run["change-w1[1,1]"] == pytest.approx(-0.001 * run["m_hat-w1[1,1]"] / root)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("m_hat-w1[1,1]", "only an update of Adam has m̂"),
        ("next-change-w1[1,1]", r"expected the change of this update, change-w1\[1,1\]"),
        ("slope-a3[1]", "the network has layers 1 to 2"),
    ],
)
def test_what_there_is_not_is_said(name: str, sentence: str) -> None:
    with pytest.raises((ValueError, IndexError), match=sentence):
        nn_tui.open("xor")[name]


def test_they_have_labels() -> None:
    labels = experiment_of("xor").trainer.network.names.labels(Notation.SUPERSCRIPT)
    names = ("minus-dz1[2]", "slope-a1[2]", "change-w1[2,1]", "m_hat-b1[2]", "accuracy")

    assert [labels.text(Quantity.parse(each)) for each in names] == [
        "−∂L/∂z¹₂",
        "∂a¹₂/∂z¹₂",
        "Δ(w¹₂₁)",
        "m̂(b¹₂)",
        "accuracy",
    ]
    assert labels.latex(Quantity.parse("change-w1[2,1]")) == r"\Delta (w^{1}_{21})"


def test_they_can_be_printed_and_verified() -> None:
    tables = {
        "name": "test",
        "network": {"layers": [1, 1], "activations": ["sigmoid"], "weights": [[[0.5]]], "biases": [[0.2]]},
        "training": {"loss": "bce", "learning_rate": 0.5},
        "data": {"inputs": [[1], [2]], "targets": [[1], [0]]},
    }
    own = {"minus-dz1[1]": 0.165906, "slope-a1[1]": 0.221713, "change-w1[1,1]": -0.301309, "accuracy": 0.5}
    published = [{"step": 0, "quantity": name, "value": value, "decimals": 6} for name, value in own.items()]

    found = list(verify(preset_of_tables({**tables, "published": published}, "test"), Path()))

    assert [(each.figure.quantity, each.verdict) for each in found] == [(n, FigureVerdict.AGREES) for n in own]
