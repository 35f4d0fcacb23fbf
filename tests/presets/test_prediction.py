"""Predictions of new rows: the numbers of the training, by the names of columns, in the units of the data."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn_tui
from nn_tui.core.steps.stop import Stop
from nn_tui.core.training.trainer import Trainer
from nn_tui.presets.build import build
from nn_tui.presets.errors import PresetError
from nn_tui.presets.prediction import Predictions, Reading, predictions
from nn_tui.presets.preset_file import check_preset, preset_of_tables
from nn_tui.presets.toml_writer import toml_text

from ..helpers.command_line import call, refusal
from ..helpers.experiments import tables
from ..helpers.machines import OPTIONS, SHAPE, machines

pytestmark = pytest.mark.filterwarnings("error")
OUTPUT = {"cross-entropy": "softmax", "bce": "sigmoid", "hinge": "tanh"}


class Trained:
    """A small training of a file, and what it predicts of another."""

    def __init__(self, folder: Path, text: str, layers: list[int], loss: str = "mse", **data: Any) -> None:
        (folder / "train.csv").write_text(text, encoding="utf-8")
        changes = {"network__layers": layers, "network__activations": OUTPUT.get(loss, "identity")}
        changes |= {"training__loss": loss, "training__batch_size": "all"}
        given = {"inputs": None, "targets": None, "file": "train.csv"} | data
        changes |= {f"data__{key}": value for key, value in given.items()}
        of = build(check_preset(preset_of_tables(tables(**changes), "test"), "test"), folder)
        *_, end = of.trainer.events(of.start, Stop(steps=20))
        self.folder, self.trainer, self.state = folder, of.trainer, end.backward.state  # type: ignore[union-attr]
        self.missing: str | None = data.get("missing")

    def of(self, text: str, **reading: Any) -> Predictions:
        (self.folder / "new.csv").write_text(text, encoding="utf-8")
        found = Reading(**{"missing": self.missing, **reading})
        return predictions(self.trainer, self.state, self.folder / "new.csv", found)

    def y_hat(self) -> list[list[float]]:
        trainer: Trainer = self.trainer
        found: list[list[float]] = trainer.forward_on(self.state, trainer.train.X, trainer.train.y).y_hat.tolist()
        return found


CLASSES = "a,b,kind\n1,10,no\n2,30,yes\n3,20,maybe\n4,10,no\n"


def test_rows_of_the_training_are_predicted_as_in_the_training(tmp_path: Path) -> None:
    trained = Trained(tmp_path, CLASSES, [2, 3], "cross-entropy", standardize=True)

    found = trained.of(CLASSES)

    assert found.columns == ("predicted", "maybe", "no", "yes")
    assert [list(row[1:]) for row in found.rows] == trained.y_hat()
    assert [row[0] for row in found.rows] == [("maybe", "no", "yes")[int(np.argmax(row))] for row in trained.y_hat()]
    assert found.origin == "new.csv: 4 rows, header (a, b, kind)"


def test_columns_are_found_by_their_names_or_in_the_order_that_is_named(tmp_path: Path) -> None:
    trained = Trained(tmp_path, CLASSES, [2, 3], "cross-entropy")
    expected = trained.of("a,b\n1,10\n").rows

    assert trained.of("id;b;a\nx;10;1\n").rows == expected
    assert trained.of("1,10\n", header=False).rows == expected
    assert trained.of("q,p\n10,1\n", features=["p", "q"]).rows == expected
    assert trained.of("10,1\n", features=["2,1"], header=False).rows == expected


@pytest.mark.parametrize(
    ("text", "reading", "line"),
    [
        ("a,c\n1,2\n", {}, "no column is named 'b' (an input of the network); known are a, c"),
        ("a,b\n1,x\n", {}, "line 2, column b: expected a number, got 'x': use --one-hot b"),
        ("a,b\n1,\n", {}, "line 2, column b: expected a number, got nothing: fill it in, or use --missing drop"),
        (
            "1,2,3\n",
            {},
            "expected 2 columns: a, b, got 3: column 1, column 2, column 3; --features names them in this order",
        ),
        ("a,b\n1,2\n", {"features": ["a"]}, "expected 2 columns: a, b, got 1 (--features)"),
        ("a,b\n", {}, "expected at least one row of values"),
    ],
)
def test_another_file_is_refused_in_one_line(tmp_path: Path, text: str, reading: Any, line: str) -> None:
    trained = Trained(tmp_path, CLASSES, [2, 3], "cross-entropy")

    with pytest.raises(PresetError) as caught:
        trained.of(text, **reading)

    assert line in str(caught.value) and "\n" not in str(caught.value)


ONE_HOT = "x,colour=dark,y\n.1,red,5\n.2,blue=1,6\n.3,red,4\n.4,blue=1,7\n"


def test_a_column_of_texts_is_read_as_in_the_training(tmp_path: Path) -> None:
    trained = Trained(tmp_path, ONE_HOT, [3, 1], one_hot=["colour=dark"])

    assert [list(row) for row in trained.of(ONE_HOT).rows] == trained.y_hat()
    assert trained.of(ONE_HOT).columns == ("y",)
    with pytest.raises(PresetError, match="line 2, column colour=dark: expected one of blue=1, red, got 'green'"):
        trained.of("x,colour=dark\n1,green\n")


def test_missing_values_are_as_in_the_training_or_as_asked_for(tmp_path: Path) -> None:
    filled = Trained(tmp_path, "a,b,y\n1,10,0\n3,,1\n5,30,2\n", [2, 1], missing="mean")
    dropped = Trained(tmp_path, "a,b,y\n1,10,0\n3,,1\n5,30,2\n", [2, 1], missing="drop")
    new = "a,b\n2,\n,\n2,20\n"

    one, none, other = filled.of(new).rows
    assert (
        one == other
        and none == ("",)
        and filled.of(new).origin.endswith(
            "; filled in by the mean: missing values of 1 row; no prediction for 1 row with missing values"
        )
    )
    assert [row == ("",) for row in dropped.of(new).rows] == [True, True, False]
    assert dropped.of(new, missing="mean").rows[0] != ("",)


def test_numbers_are_in_the_units_of_the_data(tmp_path: Path) -> None:
    text = "a,price\n1,1000\n2,2000\n3,3100\n4,3900\n"
    trained = Trained(tmp_path, text, [1, 1], standardize=True, standardize_target=True)

    found = trained.of(text)

    assert found.columns == ("price",) and trained.trainer.train.target_scale is not None
    expected = trained.trainer.train.target_scale.original(np.array(trained.y_hat()))
    assert [list(row) for row in found.rows] == expected.tolist()


def test_two_classes_of_one_output_have_a_probability_each(tmp_path: Path) -> None:
    trained = Trained(tmp_path, "a,y\n1,no\n2,yes\n3,yes\n", [1, 1], "bce")
    p = trained.y_hat()[0][0]

    found = trained.of("a\n1\n")

    assert found.columns == ("predicted", "no", "yes")
    assert found.rows == trained.of("a,z\n1,0\n").rows == [("yes" if p >= 0.5 else "no", 1 - p, p)]
    hinge = Trained(tmp_path, "a,y\n1,-1\n2,1\n3,1\n", [1, 1], "hinge").of("a,z\n1,0\n")
    assert hinge.columns == ("predicted", "output") and hinge.rows[0][0] in ("-1", "1")


def test_an_output_that_is_no_number_predicts_no_class(tmp_path: Path) -> None:
    trained = Trained(tmp_path, "a,b,y\n1,0,no\n2,1,yes\n3,0,yes\n", [2, 1], "bce")
    trained.state = trained.trainer.start((np.array([[10.0, -10.0]]),), (np.zeros(1),))

    of_huge, usual = trained.of("a,b\n1e308,1e308\n1,0\n").rows

    assert of_huge[0] == "" and np.isnan(of_huge[1]) and usual[0] == "yes"


def test_columns_of_a_preset_without_names_are_found_by_x1_and_x2() -> None:
    def predicted(text: str, *options: str) -> list[str]:
        return call("predict", "xor", "--step", "300", "--data", "-", *options, stdin=text).stdout.splitlines()

    straight = predicted("x1,x2\n1,0\n1,1\n0,0\n")
    assert predicted("x2,x1\n0,1\n1,1\n0,0\n") == straight
    assert predicted("1,0\n1,1\n0,0\n") == predicted("p,q\n1,0\n1,1\n0,0\n") == straight
    kept = predicted("id,X2,X1\na-7,0,1\n8,1,1\n9,0,0\n", "--keep", "id")
    assert kept == [f"id,{straight[0]}", f"a-7,{straight[1]}", f"8,{straight[2]}", f"9,{straight[3]}"]
    status, line = refusal("predict", "xor", "--data", "-", stdin="x1,x3\n1,0\n")
    assert status == 2 and line.endswith("expected the columns x1, x2, got x1, x3; --features names them in this order")
    status, line = refusal("predict", "xor", "--data", "-", "--features", "x1,x1", stdin="x1,x2\n1,0\n")
    assert status == 2 and line.endswith("expected each column once, got x1 twice (--features)")
    status, line = refusal("predict", "xor", "--data", "-", "--keep", ",", stdin="x1,x2\n1,0\n")
    assert status == 2 and line.endswith("expected names of columns, got ',' (--keep)")


def test_inputs_of_npz_are_predicted(tmp_path: Path) -> None:
    trained = Trained(tmp_path, CLASSES, [2, 3], "cross-entropy", standardize=True)
    file = tmp_path / "new.npz"
    np.savez(file, X=np.array([[1, 10], [2, 30], [3, np.nan]]))

    found = predictions(trained.trainer, trained.state, file, Reading("drop"))

    assert found.rows == [*trained.of("a,b\n1,10\n2,30\n").rows, ("",) * 4]
    assert found.origin == "new.npz: 3 rows; no prediction for 1 row with missing values"
    with pytest.raises(PresetError, match=r"new.npz: X, row 3, column 2: expected a finite number: use --missing drop"):
        predictions(trained.trainer, trained.state, file, Reading())
    with pytest.raises(PresetError, match=r"new.npz: expected a CSV file with --keep; an .npz file has X alone"):
        predictions(trained.trainer, trained.state, file, Reading("drop", kept=["a"]))
    np.savez(file, X=[[1]])
    with pytest.raises(PresetError, match=r"new.npz: X: expected 2 columns, one for each input, got 1$"):
        predictions(trained.trainer, trained.state, file, Reading())


def session_of(folder: Path) -> Path:
    machines(folder / "machines.csv", 300)
    data = ("--data", str(folder / "machines.csv"), *OPTIONS)
    done = call("train", SHAPE, *data, "--epochs", "50", "--save", str(folder / "m.nn-session"))
    assert done.returncode == 0
    return folder / "m.nn-session"


def test_a_session_predicts_a_new_file(tmp_path: Path) -> None:
    session, new = str(session_of(tmp_path)), str(machines(tmp_path / "new.csv", 40, seed=8))

    done = call("predict", session, "--data", new, "-o", str(tmp_path / "p.csv"))

    assert done.returncode == 0 and done.stdout == ""
    assert done.stderr.startswith("new.csv: 40 rows, header (id, material, Temperatur °C …), semicolons, decimal comma")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "p.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 40 and {row["predicted"] for row in rows} == {"fault", "ok", "warn"}
    run = nn_tui.open(session)
    y_hat = run.predict(new)
    assert [float(row["ok"]) for row in rows] == y_hat[:, 1].tolist()
    trainer = run._debugger.timeline.trainer
    np.testing.assert_allclose(run.predict(trainer.train.original(trainer.train.X), raw=True), run.predictions, 1e-9)


def test_the_standard_input_is_predicted(tmp_path: Path) -> None:
    done = call("predict", "moons", "--step", "200", "--data", "-", stdin="0.1,0.2\n1,-.5\n")

    assert done.stderr == "standard input: 2 rows, no header\n"
    assert done.stdout.startswith("predicted,0,1\n0,") and len(done.stdout.splitlines()) == 3


def test_a_preset_is_trained_to_its_stop_first(tmp_path: Path) -> None:
    (tmp_path / "stop.toml").write_text(toml_text(tables(training__stop={"steps": 30})), encoding="utf-8")
    (tmp_path / "endless.toml").write_text(toml_text(tables()), encoding="utf-8")

    by_itself, at_30, at_0 = (
        call("predict", str(tmp_path / "stop.toml"), *step, "--data", "-", stdin="1,0\n").stdout
        for step in ((), ("--step", "30"), ("--step", "0"))
    )

    assert by_itself == at_30 != at_0 and by_itself.startswith("predicted,0,1\n")
    assert refusal("predict", str(tmp_path / "endless.toml"), "--data", "x.csv") == (
        2,
        "--step: expected a number of updates to train first, as the preset has no stop",
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("4-8-3", "--data", "x"), "TARGET: '4-8-3' is a shape: expected a session or a preset; nn-tui train 4-8-3"),
        (("xor", "--data", "nowhere.csv"), "nowhere.csv: cannot be read: No such file or directory"),
        (("xor",), "Missing option '--data'"),
    ],
)
def test_wrong_input_is_one_line(arguments: tuple[str, ...], line: str) -> None:
    status, said = refusal("predict", *arguments)

    assert status == 2 and line in said and "\n" not in said
