"""The front door: what `import nn_tui` offers to a person who writes Python."""

import doctest
import json
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn_tui
from nn_tui.core.gradient_check import Verdict

X, Y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
NOTEBOOK = Path(__file__).parents[1] / "docs" / "python.ipynb"


def xor(**settings: Any) -> nn_tui.Run:
    return nn_tui.new("2-3-1", X, Y, **{"loss": "bce", "activations": ["tanh", "sigmoid"], "seed": 3, **settings})


def test_a_single_output_of_two_classes_has_sigmoid_and_bce() -> None:
    def choice(y: list[object], **settings: object) -> tuple[str, str]:
        run = nn_tui.new("1-2-1", [[1.0], [2.0]], y, **settings)  # type: ignore[arg-type]
        output = run._debugger.timeline.trainer.output
        return output.loss.name, output.activation.name

    assert choice([0, 1]) == choice(["no", "yes"]) == ("bce", "sigmoid")
    assert choice([0, 1], loss="mse") == choice([0, 2]) == choice([0, 0.5]) == ("mse", "identity")
    assert choice([0, 1], activations="tanh") == ("mse", "tanh")


def test_the_example_of_the_package_is_true() -> None:
    assert doctest.testmod(nn_tui) == doctest.TestResults(failed=0, attempted=9)


def test_every_cell_of_the_notebook_runs_and_shows_what_it_says() -> None:
    names: dict[str, Any] = {}
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        *statements, last = "".join(cell["source"]).splitlines()
        exec("\n".join(statements), names)
        if not cell["outputs"]:
            exec(last, names)
        for output in cell["outputs"]:
            shown = eval(last, names)
            assert repr(shown) == "".join(output["data"]["text/plain"])
            if "text/markdown" in output["data"]:
                assert shown._repr_markdown_() == "".join(output["data"]["text/markdown"])
    assert len(cells) > 5


def test_every_public_name_is_there_and_no_other() -> None:
    assert all(hasattr(nn_tui, name) for name in nn_tui.__all__)
    assert set(nn_tui.__all__) < set(dir(nn_tui))
    with pytest.raises(AttributeError, match="it has BackwardPass, Check"):
        _ = nn_tui.nothing  # type: ignore[attr-defined]


def test_importing_loads_neither_numpy_nor_textual() -> None:
    code = "import sys, nn_tui; print({'numpy', 'textual', 'msgspec'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"


def test_the_numbers_are_those_of_numpy() -> None:
    run = xor().step(7)
    a = np.tanh(np.array(X) @ run.W[0].T + run.b[0])
    y_hat = 1 / (1 + np.exp(-(a @ run.W[1].T + run.b[1])))
    dz = (y_hat - np.array(Y)[:, None]) / 4

    assert np.allclose(run.predictions, y_hat, rtol=1e-14) and np.allclose(run.a[0], a, rtol=1e-14)
    assert np.allclose(run.gradients.W[1], dz.T @ a, rtol=1e-12)
    assert run["dw2[1,3]"] == run.gradients.W[1][0, 2] and run["z1[2]@4"] == run.z[0][3, 1]
    assert run["loss"] == run.loss and np.allclose(run.predict([1, 0]), y_hat[2])


def test_a_run_has_given_weights() -> None:
    W: list[list[list[float]]] = [[[0.5, -0.25], [1, 2]], [[1, -1]]]
    b: list[list[float]] = [[0, 0.1], [0.2]]
    run = nn_tui.new((2, 2, 1), np.array([[1.0, 2.0]]), np.array([[1.0]]), weights=W, biases=b, activations="identity")

    assert run.predictions.item() == pytest.approx((0.5 - 0.5) - (1 + 4 + 0.1) + 0.2)


def test_back_and_forward_lead_to_the_same_bits() -> None:
    run = xor(optimizer="adam", batch_size=2, shuffle=True).step(9)
    before = run.state.parameters

    assert run.back(4).state.step == 5 and np.array_equal(run.go_to(9).state.parameters, before)
    assert run.go_to(0).step(2, "epoch").state.step == 4 and run.back(2, "epoch").state.step == 0
    assert run.back(3).state.step == 0


def test_a_branch_leaves_the_run_it_is_from_alone() -> None:
    run = xor().step(6)
    other = run.go_to(4).branch(learning_rate=5.0).step(3)

    assert run.state.step == 4 and other.state.step == 7
    assert other.history.loss[4] == run.history.loss[4] and other.history.loss[5] != run.history.loss[5]
    difference = run.compare(other)
    assert difference.step == 6 and difference.loss[0] == run.history.loss[6][1]
    assert abs(difference.values[0] - difference.values[1]) == np.abs(difference.parameters).max() > 0
    assert "the same parameters" in str(run.compare(run.branch()))


def test_an_edit_is_undone_by_going_back() -> None:
    run = xor().step(2)
    before = run["w1[1,1]"]
    run["w1[1,1]"] = 5

    assert run["w1[1,1]"] == 5 and run.back()["w1[1,1]"] == before
    assert run.change(optimizer="adam").step()["t-w1[1,1]"] == 1


def test_a_saved_run_opens_where_it_was(tmp_path: Path) -> None:
    run = xor().step(5)
    run.save(tmp_path / "mine.nn-session")
    again = nn_tui.open(tmp_path / "mine.nn-session")

    assert repr(again) == repr(run) and np.array_equal(again.state.parameters, run.state.parameters)
    assert list(again.history.loss) == list(run.history.loss)
    assert again.step().loss == run.step().loss


def test_a_run_is_exported_for_other_programs(tmp_path: Path) -> None:
    X, kinds = [[0, 10], [1, 20], [2, 40], [3, 50]], ["odd", "even", "odd", "even"]
    run = nn_tui.new("2-3-2", X, kinds, standardize=True, input_names=["p", "q"]).step(5)

    run.export(tmp_path / "x.npz", fold=True)
    run.export(tmp_path / "x.py", "numpy")

    file = np.load(tmp_path / "x.npz")
    hidden = np.tanh(np.array(X) @ file["0.weight"].T + file["0.bias"])
    z = hidden @ file["2.weight"].T + file["2.bias"]
    np.testing.assert_allclose(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), run.predictions, rtol=1e-12)
    np.testing.assert_allclose(run.predict(X, raw=True), run.predictions, rtol=1e-12)
    assert file["class_names"].tolist() == ["even", "odd"] and file["input_names"].tolist() == ["p", "q"]
    runpy.run_path(str(tmp_path / "x.py"))
    with pytest.raises(nn_tui.PresetError, match="csv: expected npz or safetensors with fold"):
        run.export(tmp_path / "x.csv", fold=True)
    with pytest.raises(nn_tui.PresetError, match="format: expected one of 'csv', .*, got 'doc'"):
        run.export(tmp_path / "x.doc")
    for write, end in ((run.export, "y.csv/"), (run.save, "y/")):
        with pytest.raises(nn_tui.PresetError, match="expected the name of a file, got a folder"):
            write(f"{tmp_path}/{end}")


def test_another_optimizer_brings_its_usual_learning_rate() -> None:
    losses = [nn_tui.open("xor", **given).step(3).loss for given in ({"optimizer": "adam"}, {"learning_rate": 0.001})]
    assert losses[0] == nn_tui.open("xor", optimizer="adam", learning_rate=0.001).step(3).loss != losses[1]


def test_an_explanation_reads_well_everywhere() -> None:
    found = nn_tui.open("3-4-1").explain("dw2[1,1]")
    assert str(found) == repr(found) and "= ∂E/∂z²₁ · a¹₁" in str(found)
    assert "$$" in found._repr_markdown_() and r"\partial" in found._repr_latex_()


def test_a_wrong_gradient_is_said() -> None:
    check = nn_tui.Check(nn_tui.Quantity.parse("dw1[1,1]"), 1.0, 2.0, 0.5, Verdict.WRONG)
    report = nn_tui.GradientReport((check,))
    assert not report.agrees and str(report).splitlines()[1] == "dw1[1,1]: wrong, gradient 1, slope 2"


def test_a_training_that_diverges_says_so_and_stays_where_it_can() -> None:
    run = nn_tui.new("1-1", [[1e100]], [[1.0]], loss="mse", learning_rate=1e100)
    with pytest.raises(nn_tui.TrainingError, match="step [12]"):
        run.step(3)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: nn_tui.open("xr"), "did you mean xor"),
        (lambda: nn_tui.open("xor", learning_rate="a"), "training.learning_rate: expected a number, got 'a'"),
        (lambda: nn_tui.open("xor", learning_rat=1), "unknown key 'learning_rat'"),
        (lambda: nn_tui.new("2-3-1", X, [0, 1]), "data.targets: expected 4 rows"),
        (lambda: nn_tui.new("2-3-1", [["a", 0]], [0]), r"data.inputs\[0\]\[0\]: expected a number"),  # type: ignore[arg-type]
        (lambda: nn_tui.new("2-x", X, Y), "expected neurons of each layer, such as 2-3-1, got '2-x'"),
        (lambda: xor().step(-1), "expected a count from 0 up"),
        (lambda: xor().step(1, "phase"), "expected update or epoch, got 'phase'"),
        (lambda: xor().go_to(-1), "expected a step from 0 up"),
        (lambda: xor().change(learning_rate=-1), "learning_rate: expected a number above 0"),
        (lambda: xor()["q"], "no quantity is named 'q'"),
        (lambda: xor()["w9[1,1]"], "has layers 1 to 2"),
        (lambda: xor().predict([1, 2, 3]), r"expected inputs of shape \(examples, 2\)"),
        (lambda: xor().compare(nn_tui.open("3-4-1")), "the same layers"),
        (lambda: nn_tui.dashboard(xor()), "needs a terminal"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(call: Callable[[], object], said: str) -> None:
    with pytest.raises((ValueError, IndexError, RuntimeError, nn_tui.PresetError), match=said):
        call()
