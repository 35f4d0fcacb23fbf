"""A student's own script: from wrong arrays to the line that is wrong, in one command."""

import io
import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn_tui

from ..helpers.command_line import call, call_with_bytes
from ..helpers.docs import CHECKOUT, page

X, Y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array([[0], [1], [1], [0]], float)


def script(path: Path, wrong: bool = True) -> None:
    """Backpropagation through 2-3-1 as a student writes it; wrong with 1 − z² for the derivative of tanh."""
    run = nn_tui.open("xor")
    (W1, W2), (b1, b2) = (W.T for W in run.W), run.b
    z1 = X @ W1 + b1
    a1 = np.tanh(z1)
    y_hat = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
    loss = -np.mean(Y * np.log(y_hat) + (1 - Y) * np.log(1 - y_hat))
    dz2 = (y_hat - Y) / 4
    dz1 = dz2 @ W2.T * (1 - (z1 if wrong else a1) ** 2)
    dW1, db1 = X.T @ dz1, dz1.sum(axis=0)
    np.savez(path, W1=W1, z1=z1, a1=a1, y_hat=y_hat, loss=loss, dz2=dz2, dz1=dz1, dW1=dW1, db1=db1)


def test_the_first_wrong_number_and_its_cause(tmp_path: Path) -> None:
    script(tmp_path / "mine.npz")

    result = call("verify", "xor", "--against", str(tmp_path / "mine.npz"))

    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        "W is laid out as (in, out), as its shape shows; it is transposed.",
        "9 arrays: 6 agree. The first wrong one is dz1, 9 of its 12 numbers.",
        "At dz1[1]@4: yours -0.00323148, and from your own earlier numbers it is 0.0515877.",
        "dW1, db1 follow from it: computed from your own earlier numbers, they agree.",
        "Cause: dz1 has 1 − a² computed with z in place of a. This explains all 3 arrays that differ.",
        "The right line: dz = da * (1 - a**2)",
    ]


@pytest.mark.parametrize(
    ("preset", "array", "place"),
    [("1-1-1-1", "dW3", "At dw3[1,1] (dl/dw₃): "), ("2-3-1", "dz2", "At dz2[1] (∂L/∂z21): ")],
)
def test_a_wrong_number_is_named_by_the_letters_of_the_article_too(preset: str, array: str, place: str) -> None:
    result = call("verify", preset, "--against", "-", stdin=json.dumps({array: [[-2.4]]}))

    assert any(line.startswith(place) for line in result.stdout.splitlines()), result.stdout


def test_right_arrays_agree(tmp_path: Path) -> None:
    script(tmp_path / "mine.npz", wrong=False)

    result = call("verify", "xor", "--against", str(tmp_path / "mine.npz"))

    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "9 arrays: all agree.")


def test_the_loss_of_one_output_is_compared_and_explained(tmp_path: Path) -> None:
    def verdict(**arrays: object) -> tuple[int, list[str]]:
        result = call("verify", "mazur", "--against", "-", stdin=json.dumps(arrays))
        return result.returncode, result.stdout.splitlines()

    right = {"loss[1]": 0.274811083, "loss[2]": 0.023560026, "loss": 0.298371109}

    assert verdict(**right) == (0, ["2 arrays: all agree."])
    twice = verdict(**{"loss[1]": 0.549622, "loss[2]": 0.047120, "loss": 0.596742})
    assert twice[0] == 0 and "  the loss has no factor ½" in twice[1]
    wrong = verdict(**{**right, "loss[2]": 0.02471})
    assert wrong[0] == 1 and wrong[1][1].startswith("At loss[2]: yours 0.02471, and from your own earlier numbers")
    several = call("verify", "xor", "--against", "-", stdin='{"loss[1]": 0.7}')
    assert several.returncode == 2 and "expected a network with several outputs, and one example" in several.stderr


def test_the_diagnosis_as_json(tmp_path: Path) -> None:
    script(tmp_path / "mine.npz")

    data = json.loads(call("verify", "xor", "--against", str(tmp_path / "mine.npz"), "--json").stdout)

    assert data["first_wrong"] == "dz1" and data["layout"] == "in-out" and not data["agrees"]
    assert [each["names"] for each in data["causes"]] == [["1 − a² of z"]]
    assert data["certainty"] == "sure" and data["bits"] > 8


def test_a_convention_is_no_mistake(tmp_path: Path) -> None:
    run = nn_tui.open("3-4-1")
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"loss": run.loss / 2, "dW2": (run.gradients.W[1] / 2).tolist()}), encoding="utf-8")

    result = call("verify", "3-4-1", "--against", str(path))

    assert result.returncode == 0
    assert "the loss has a factor ½" in result.stdout


def test_another_step_and_the_standard_input() -> None:
    run = nn_tui.open("3-4-1").step(2)
    file = io.BytesIO()
    np.savez(file, W1=run.W[0], dW2=run.gradients.W[1])

    result = call_with_bytes("verify", "3-4-1", "--against", "-", "--step", "2", stdin=file.getvalue())

    assert (result.returncode, result.stdout) == (0, b"2 arrays: all agree.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["verify", "--against", "x.npz"], "--against: expected one TARGET, got 0"),
        (["verify", "xor", "--step", "2"], "--step: expected --against FILE with it"),
        (["verify", "xor", "--against", "missing.npz"], "missing.npz: cannot be read: No such file or directory"),
    ],
)
def test_what_is_missing_is_said(arguments: list[str], sentence: str) -> None:
    result = call(*arguments)

    assert result.returncode == 2 and sentence in result.stderr


def test_python_finds_the_same() -> None:
    run = nn_tui.open("3-4-1")
    dz1 = run.gradients.a[0] * run.z[0] * (1 - run.z[0])
    found = run.compare_to({"a1": run.a[0], "da1": run.gradients.a[0], "dz1": dz1})

    assert found.first_wrong == "dz1" and not found.agrees
    assert "dz1 has a(1 − a) computed with z in place of a" in str(found)
    assert run.compare_to({"dW1": run.gradients.W[0]}).agrees
    with pytest.raises(ValueError, match="'foo': expected names such as W1"):
        run.compare_to({"foo": 1.0})


def test_weights_of_ones_own_are_where_everything_begins(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    W1, b1, W2, b2 = rng.normal(size=(3, 2)), rng.normal(size=3), rng.normal(size=(1, 3)), rng.normal(size=1)
    a1 = np.tanh(X @ W1.T + b1)
    y_hat = 1 / (1 + np.exp(-(a1 @ W2.T + b2)))
    dz2 = (y_hat - Y) / 4
    path = tmp_path / "mine.npz"
    arrays = {"0.weight": W1, "0.bias": b1, "2.weight": W2, "2.bias": b2}
    arrays |= {"a1": a1, "dz2": dz2, "db2": dz2.mean(axis=0)}
    np.savez(path, **arrays)  # type: ignore[arg-type]  # its other arguments are not arrays

    lines = call("verify", "xor", "--against", str(path)).stdout.splitlines()

    assert lines[0] == "Your weights are not those of the preset: everything is computed from yours."
    assert "The first wrong one is db2" in lines[1]
    assert any("db2 is divided by the number of examples once too often" in each for each in lines)


def test_a_nan_of_theirs_is_wrong_and_what_follows_from_it_follows() -> None:
    run = nn_tui.open("3-4-1")
    z1, a1 = run.z[0].copy(), run.a[0].copy()
    z1[0, 1] = a1[0, 1] = np.nan

    found = run.compare_to({"z1": z1, "a1": a1, "loss": np.nan})

    assert found.first_wrong == "z1" and not found.agrees
    assert "a1, loss follow from it" in str(found)
    for number in (np.nan, np.inf):
        assert not run.compare_to({"W1": np.full((4, 3), number), "a1": np.full(4, number), "loss": number}).agrees
    result = call("verify", "3-4-1", "--against", "-", stdin='{"y_hat": NaN}')
    assert result.returncode == 1 and "yours nan, and from your own earlier numbers it is 0.520888" in result.stdout


def rounded_start() -> dict[str, Any]:
    """The arrays of 3-4-1 from weights typed with three decimals, with z for a in dz1."""
    run = nn_tui.open("3-4-1")
    W1, W2 = (np.round(W, 3) for W in run.W)
    x = np.array([7.0, 8.0, 10.0])
    z1 = W1 @ x
    a1 = 1 / (1 + np.exp(-z1))
    y_hat = 1 / (1 + np.exp(-(W2 @ a1)))
    dz2 = y_hat - 1
    dz1 = (W2.T @ dz2) * z1 * (1 - z1)
    return {"W1": W1, "W2": W2, "z1": z1, "a1": a1, "y_hat": y_hat, "dz2": dz2, "dz1": dz1, "dW1": np.outer(dz1, x)}


def test_weights_that_are_the_presets_but_rounded_are_where_the_computation_begins() -> None:
    found = str(nn_tui.open("3-4-1").compare_to(rounded_start()))

    assert found.startswith("Your weights are those of the preset, rounded: everything is computed from yours.\n")
    assert "8 arrays: 6 agree. The first wrong one is dz1" in found
    assert "\ndW1 follows from it" in found


def test_rounded_weights_that_are_not_given_are_found_and_then_the_mistake() -> None:
    arrays = {name: each for name, each in rounded_start().items() if not name.startswith("W")}

    found = str(nn_tui.open("3-4-1").compare_to(arrays))

    assert found.startswith(
        "Everything is computed from the preset's weights, rounded to 3 decimals: more numbers agree that way.\n"
    )
    assert "6 arrays: 4 agree. The first wrong one is dz1" in found
    assert "Cause: dz1 has a(1 − a) computed with z in place of a. This explains all 2 arrays that differ." in found


def test_updated_weights_that_began_with_rounded_ones_have_their_mistake_too() -> None:
    run = nn_tui.open("xor")
    (W1, W2), (b1, b2) = ([np.round(each, 2) for each in arrays] for arrays in (run.W, run.b))
    a1 = np.tanh(X @ W1.T + b1)
    dz2 = (1 / (1 + np.exp(-(a1 @ W2.T + b2))) - Y) / 4
    dz1 = dz2 @ W2  # without the derivative
    rate = run._debugger.timeline.trainer.optimizer.learning_rate

    found = str(run.compare_to({"W1_next": W1 - rate * dz1.T @ X, "W2_next": W2 - rate * dz2.T @ a1}))

    assert found.startswith(
        "Everything is computed from the preset's weights, rounded to 2 decimals: more numbers agree that way."
    )
    assert "dz1 is da1: the derivative of the activation is missing" in found


def test_minus_delta_a_slope_and_a_change_are_arrays_too() -> None:
    run = nn_tui.open("xor")
    slope, change = 1 - run.a[0] ** 2, -0.5 * run.gradients.W[0]
    arrays = {"a1": run.a[0], "-δ2": -run.gradients.z[1], "slope1": slope, "ΔW1": change}

    assert str(run.compare_to(arrays)).endswith("4 arrays: all agree.")
    found = str(run.compare_to({"a1": run.a[0], "slope1": 1 - run.a[0]}))
    assert "The first wrong one is slope1" in found and "uses 1 − a as the derivative" in found


def test_what_only_rounding_changes_does_not_follow_from_a_mistake() -> None:
    arrays = rounded_start()
    run = nn_tui.open("3-4-1")
    z1 = np.round(run.z[0], 2)
    a1 = 1 / (1 + np.exp(-z1))

    found = str(run.compare_to({"z1": z1, "a1": a1, "dz1": arrays["dz1"]}))

    assert "\na1 differs only because your earlier numbers are rounded.\n" in found
    assert "follow" not in found


def test_a_sum_without_its_axis_is_one_number_for_all_biases() -> None:
    run = nn_tui.open("xor")

    found = str(run.compare_to({"dz1": run.gradients.z[0], "db1": run.gradients.z[0].sum()}))

    assert "The right line: db = dz.sum(axis=0)" in found
    assert "every entry of db1 is the sum over all neurons: the axis of the sum is missing" in found


def test_other_weights_that_are_not_given_are_asked_for() -> None:
    arrays = rounded_start()

    found = str(nn_tui.open("3-4-1").compare_to({"z1": arrays["z1"] + [0.1, 0.3, 0.2, 0.7]}))

    assert found.endswith("\nIf your weights are not those of the preset, add W1 and b1.")


def test_a_number_is_also_named_by_the_name_and_the_order_of_ones_own_array() -> None:
    run = nn_tui.open("xor")
    (W1, W2), (dW1, dW2) = run.W, run.gradients.W
    wrong = dW1.copy()
    wrong[2, 1] += 0.1
    names = {"net.0.weight": W1, "net.2.weight": W2, "net.0.weight.grad": wrong, "net.2.weight.grad": dW2}

    assert (
        "The first wrong one is net.0.weight.grad, 1 of its 6 numbers.\n"
        "At dw1[3,2] (your net.0.weight.grad[3,2]): " in str(run.compare_to(names))
    )
    transposed = str(run.compare_to({"W1": W1.T, "dW1": wrong.T}))
    assert "At dw1[3,2] (your dW1[2,3]): " in transposed
    assert "\nNo known cause explains the difference.\n" in transposed


def test_the_first_wrong_number_has_the_name_that_finds_it_in_the_dashboard() -> None:
    run = nn_tui.open("xor")
    dz1 = run.gradients.z[0].copy()
    dz1[3, 1] += 0.1

    found = str(run.compare_to({"delta1": dz1}))

    assert "At dz1[2]@4: " in found
    assert str(run.explain("dz1[2]@4")).startswith("∂L/∂z¹₂⁽⁴⁾ = ")


def test_a_factor_of_the_update_is_reported_with_the_learning_rate_that_does_the_same() -> None:
    run = nn_tui.open("3-4-1")
    after = [W - 2 * 0.5 * dW for W, dW in zip(run.W, run.gradients.W, strict=True)]

    gradients = {f"dW{n}": dW for n, dW in enumerate(run.gradients.W, 1)}
    said = str(run.compare_to({**gradients, "W1_next": after[0], "W2_next": after[1]})).splitlines()

    assert said[-1] == "The same update has a learning rate of 1 in place of 0.5."


def test_from_a_gradient_check_that_fails_to_the_wrong_line_as_the_readme_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["backprop.py", str(tmp_path / "mine.npz")])
    runpy.run_path(str(CHECKOUT / "docs" / "backprop.py"))
    said = capsys.readouterr().out.splitlines()

    result = call("verify", "xor", "--against", str(tmp_path / "mine.npz"))

    assert result.returncode == 1
    said += result.stdout.splitlines()
    shown = page("README").partition("$ python docs/backprop.py\n")[2].partition("```")[0]
    assert [line for line in shown.splitlines() if line[0] not in "$…"] == [said[0], *said[3:4], *said[-2:]]
    assert said[-2].startswith("Cause: dz1 has 1 − a² computed with z in place of a")
