"""The command line: what it writes, and how it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nn_tui import __version__
from nn_tui.core.steps.events import Finished
from nn_tui.core.steps.stop import Stop
from nn_tui.presets.catalogue import builtin_names, find
from nn_tui.presets.preset_file import read_preset
from nn_tui.presets.rule_tables import SCHEDULE_TABLES
from nn_tui.presets.schema import PenaltyTable

from ..helpers.command_line import NN_TUI, call, run
from ..helpers.experiments import experiment_of


def test_the_module_does_what_the_program_does() -> None:
    module = (sys.executable, "-m", "nn_tui")

    assert call("presets").stdout == run("presets").stdout == run("presets", program=module).stdout
    assert run("--version").stdout == run("--version", program=module).stdout == f"nn-tui {__version__}\n"


def test_presets_are_listed_with_their_titles() -> None:
    done = call("presets")

    assert done.returncode == 0
    assert done.stdout.startswith("3-4-1 ") and "  Pass or fail: one example by hand\n" in done.stdout


def test_a_trace_has_a_line_for_each_state() -> None:
    done = call("train", "3-4-1", "--steps", "6", "--trace")

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["step"] for line in lines] == list(range(7))
    predictions = [f"{line['predictions'][0][0]:.6f}" for line in lines]
    assert predictions == ["0.520888", "0.647828", "0.757648", "0.836315", "0.880797", "0.907697", "0.925053"]
    assert set(lines[0]) == {"step", "epoch", "batch_loss", "predictions", "layers"}
    assert set(lines[0]["layers"][0]) == {"W", "b", "z", "a", "da", "dz", "dW", "db"}
    assert done.stderr == ""


def test_a_traced_number_is_the_engines_to_the_last_bit() -> None:
    of = experiment_of("3-4-1")
    backward = of.trainer.backward(of.trainer.forward(of.start))

    first = json.loads(call("train", "3-4-1", "--steps", "0", "--trace").stdout)

    assert first["layers"][0]["W"] == of.start.W[0].tolist()
    assert first["layers"][1]["dW"] == backward.dW[1].tolist()


def test_the_result_as_json() -> None:
    result = json.loads(call("train", "3-4-1-marks", "--epochs", "20", "--json").stdout)

    of = experiment_of("3-4-1-marks")
    assert of.trainer.test
    *_, end = of.trainer.events(of.start, Stop(epochs=20))
    assert isinstance(end, Finished)
    for name, data in (("train", of.trainer.train), ("test", of.trainer.test)):
        y_hat = of.trainer.forward_on(end.backward.state, data.X, data.y).y_hat
        share = float(((y_hat >= 0.5) == (data.y == 1.0)).mean())
        loss = float(-np.log(np.where(data.y == 1.0, y_hat, 1.0 - y_hat)).mean())
        assert result[f"{name}_accuracy"] == share and result[f"{name}_loss"] == pytest.approx(loss)
    assert list(result)[:2] == ["step", "epoch"] and (result["step"], result["epoch"]) == (20, 20)
    assert list(result)[2:6] == ["train_loss", "train_accuracy", "test_loss", "test_accuracy"]
    assert list(result)[6:8] == ["train_rmse", "test_rmse"]
    assert list(result)[8:12] == ["seconds", "steps_per_second", "train_confusion", "test_confusion"]
    assert list(result)[12:] == ["engine", "engine_reason", "arithmetic"]
    assert result["engine"] in ("c", "numpy") and result["arithmetic"] == "ordered-1"


def test_what_there_is_not_is_null() -> None:
    result = json.loads(call("train", "mazur", "--steps", "0", "--json").stdout)

    assert [name for name, value in result.items() if value is None] == [
        "train_accuracy",
        "test_loss",
        "test_accuracy",
        "train_rmse",
        "test_rmse",
        "steps_per_second",
        "train_confusion",
        "test_confusion",
    ]


def test_the_train_loss_is_what_training_minimizes_penalty_and_all(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(
        'name = "x"\n[network]\nlayers = [1, 1]\nweights = [[[2.0]]]\nbiases = [[0.0]]\nactivations = "identity"\n'
        '[training]\nloss = "sse"\nlearning_rate = 0.1\npenalty = { l2 = 0.5 }\n'
        "[data]\ninputs = [[1.0]]\ntargets = [[0.0]]\n",
        encoding="utf-8",
    )

    result = json.loads(call("train", str(file), "--steps", "0", "--json").stdout)
    trace = json.loads(call("train", str(file), "--steps", "0", "--trace").stdout)

    # (2·1 − 0)² + ½ · 0.5 · 2² = 5.
    assert result["train_loss"] == trace["batch_loss"] == 5.0


def test_the_result_in_a_sentence_names_each_loss_and_a_dead_layer_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(
        'name = "x"\n[network]\nlayers = [1, 2, 1]\nweights = [[[-1.0], [-2.0]], [[1.0, 1.0]]]\n'
        'activations = ["relu", "sigmoid"]\n[training]\nloss = "bce"\nlearning_rate = 0.1\n'
        "[data]\ninputs = [[1.0], [2.0], [3.0]]\ntargets = [[0], [1], [1]]\ntrain_rows = 2\n",
        encoding="utf-8",
    )

    done = call("train", str(file), "--steps", "0")

    # The output is ½, whatever the example: its loss is ln 2.
    losses = "train loss 0.693147  train accuracy 50.0 %  held-out loss 0.693147  "
    assert done.stdout.startswith(f"step 0  epoch 0  {losses}") and done.returncode == 0
    assert done.stderr == (
        "nn-tui: dead: all 2 neurons of layer 1: z is 0 or less for every example, so no gradient passes back\n"
    )


def test_options_change_the_preset() -> None:
    options = [
        "--learning-rate",
        "0.1",
        "--loss",
        "half-sse",
        "--activation",
        "relu",
        "--batch-size",
        "2",
        "--seed",
        "3",
    ]

    result = json.loads(call("train", "xor", "--epochs", "3", "--json", *options).stdout)

    assert (result["step"], result["epoch"]) == (6, 3)


def test_options_change_the_tables_of_the_preset(tmp_path: Path) -> None:
    options = (
        *("--schedule", "cosine,epochs=40", "--penalty", "l2=0.01,biases=true,form=lambda/m", "--reduction", "sum"),
        *("--class-weights", "1,3", "--patience", "7"),
    )
    file = tmp_path / "changed.toml"

    assert call("export", "xor", "--format", "toml", "-o", str(file), *options).returncode == 0

    training = read_preset(file).training
    assert training.schedule == SCHEDULE_TABLES["cosine"](epochs=40)
    assert training.penalty == PenaltyTable(l2=0.01, biases=True, form="lambda/m")
    assert (training.reduction, training.class_weights, training.stop.patience) == ("sum", [1.0, 3.0], 7)


def test_a_training_runs_to_its_epochs_or_until_its_patience_is_over(tmp_path: Path) -> None:
    file = tmp_path / "noise.csv"
    rng = np.random.default_rng(0)
    file.write_text("a,y\n" + "".join(f"{a:.3f},{y}\n" for a, y in zip(rng.normal(size=40), [0, 1] * 20, strict=True)))
    options = ("train", "1-8-1", "--data", str(file), "--test", "0.5", "--epochs", "400", "--json")

    early = call(*options, "--patience", "5")

    assert json.loads(early.stdout)["epoch"] < 400 == json.loads(call(*options).stdout)["epoch"]
    assert "nn-tui: stopped by patience = 5: the held-out loss was lowest after epoch" in early.stderr


def test_a_shape_learns_from_a_csv_file(tmp_path: Path) -> None:
    file = tmp_path / "and.csv"
    file.write_text("y,a,b\n0,0,0\n0,0,1\n0,1,0\n1,1,1\n", encoding="utf-8")

    named = json.loads(call("train", "xor", "--data", str(file), "--target", "y", "--steps", "3000", "--json").stdout)
    shape = json.loads(call("train", "2-3-1", "--data", str(file), "--target", "y", "--steps", "3000", "--json").stdout)

    assert named["train_accuracy"] == shape["train_accuracy"] == 1.0


def test_with_data_the_name_of_a_preset_that_is_a_shape_is_the_shape(tmp_path: Path) -> None:
    file = tmp_path / "and.csv"
    file.write_text("a,b,y\n0,0,0\n0,1,0\n1,0,0\n1,1,1\n", encoding="utf-8")

    done = call("train", "2-3-1", "--data", str(file), "--steps", "0", "--trace")
    preset = json.loads(call("train", "2-3-1", "--steps", "0", "--trace").stdout)

    assert done.stderr.startswith("nn-tui: with --data, 2-3-1 is the shape of a new network, not the preset 2-3-1; ")
    file.write_text("a,b,y\n0,0,0\n0,1\n", encoding="utf-8")
    failed = call("train", "2-3-1", "--data", str(file), "--optimizer", "adam")
    assert failed.stderr.count("\n") == 1 and "shape of a new network" not in failed.stderr, "an error comes alone"
    assert json.loads(done.stdout)["layers"][0]["W"] != preset["layers"][0]["W"]
    assert "shape" not in call("train", "2-4-1", "--data", str(file), "--steps", "0").stderr


def test_without_a_target_the_last_columns_are_predicted(tmp_path: Path) -> None:
    file = tmp_path / "and.csv"
    file.write_text("a,b,y\n0,0,0\n0,1,0\n1,0,0\n1,1,1\n", encoding="utf-8")

    line = json.loads(call("train", "2-4-1", "--data", str(file), "--steps", "0", "--trace").stdout)

    assert len(line["predictions"]) == 4


def test_one_line_says_how_a_file_was_read(tmp_path: Path) -> None:
    file = tmp_path / "flowers.csv"
    file.write_text("x1,x2,y\n" + "1,5,b\n2,5,a\n3,5,c\n" * 100, encoding="utf-8")

    done = call("train", "2-4-3", "--data", str(file), "--standardize", "--steps", "1", "--json")

    assert done.stderr == "flowers.csv: 300 rows, header (x1, x2, y), target y: 3 classes a, b, c; constant: x2\n"
    assert json.loads(done.stdout)["step"] == 1
    assert call("train", "iris", "--steps", "1").stderr == ""
    told = call("step", "2-4-3", "--data", str(file), stdin="n\n").stdout.splitlines()
    assert told[1] == "Data: flowers.csv: 300 rows, header (x1, x2, y), target y: 3 classes a, b, c; constant: x2."


def test_header_and_targets_are_said_by_options(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("1,2,3\n4,5.5,6\n7,8,9\n", encoding="utf-8")
    options = ["train", "1-2", "--loss", "mse", "--data", str(file), "--target", "3", "--target", "2", "--steps", "1"]

    assert call(*options).stderr == "x.csv: 3 rows, no header, targets column 3, column 2\n"
    assert call(*options, "--header").stderr == "x.csv: 2 rows, header (1, 2, 3), targets 3, 2\n"
    refused = call("train", "xor", "--no-header", "--steps", "1")
    assert (refused.returncode, refused.stderr) == (2, "nn-tui: --header: expected --data with it\n")


def test_huge_numbers_are_standardized_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("a,y\n-1e308,0\n1.7e308,1\n-1.7e308,0\n", encoding="utf-8")

    done = call("train", "1-1", "--loss", "bce", "--data", str(file), "--standardize", "--steps", "5")

    assert done.returncode == 0 and done.stderr == "x.csv: 3 rows, header (a, y), target y: 2 classes 0, 1\n"


def test_a_training_that_diverges_exits_with_3() -> None:
    done = call("train", "1-1-1-1", "--learning-rate", "1000", "--json")

    assert done.returncode == 3
    assert done.stderr.startswith("nn-tui: step ") and done.stderr.count("\n") == 1
    assert json.loads(done.stdout)["step"] >= 0


@pytest.mark.parametrize(
    ("arguments", "verb"),
    [
        (["explain", "--quantity", "loss"], "explained"),
        (["worksheet"], "written down"),
        (["share"], "shared"),
        (["export", "--format", "csv"], "exported"),
        (["export", "--format", "csv", "--history"], "exported"),
    ],
)
def test_a_step_that_training_does_not_reach_exits_with_3(arguments: list[str], verb: str) -> None:
    done = call(arguments[0], "1-1-1-1", *arguments[1:], "--step", "50", "--learning-rate", "1000")

    assert done.returncode == 3
    assert done.stderr.startswith(f"nn-tui: step 50 cannot be {verb}: ") and done.stderr.count("\n") == 1


def test_check_lists_every_gradient_and_exits_with_0() -> None:
    done = call("check", "3-4-1", "--step", "5")

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1 + 21 + 1
    assert done.stdout.splitlines()[-1].startswith("step 5: 21 gradients, 21 agree;")


def test_check_exits_with_1_where_a_gradient_is_not_that_of_the_loss() -> None:
    done = call("check", "mazur-sequential")

    assert done.returncode == 1
    assert "dw1[1,1]" in done.stdout and "wrong" in done.stdout


def test_verify_exits_with_0_over_everything_shipped() -> None:
    done, of_one = call("verify", "--json"), call("verify", "mazur-sequential")

    found = json.loads(done.stdout)
    assert done.returncode == of_one.returncode == 0
    assert {each["preset"] for each in found} == {name for name in builtin_names() if find(name).published}
    assert [each for each in found if each["verdict"] == "disagrees"] == []
    assert all(each["why"] for each in found if each["verdict"] == "explained")
    assert "figures: " in of_one.stdout and "disagrees" not in of_one.stdout


def test_verify_exits_with_1_where_nothing_explains_a_figure(tmp_path: Path) -> None:
    source = (Path(__file__).parents[1] / "data" / "good.toml").read_text(encoding="utf-8")
    figure = '[[published]]\nstep = 1\nquantity = "a2[1]"\nvalue = 0.123456789\ndecimals = 9\n'
    (tmp_path / "x.toml").write_text(f"{source}\n{figure}", encoding="utf-8")

    done = call("verify", str(tmp_path / "x.toml"), "--json")

    assert done.returncode == 1
    (found,) = json.loads(done.stdout)
    assert found["verdict"] == "disagrees" and found["printed"] == 0.123456789 and found["why"] is None


@pytest.mark.parametrize(("quantity", "value"), [("dw2[1,1]", "−0.404965"), ("dw1[4,3]", "0.045558")])
def test_explain_ends_in_the_engines_number(quantity: str, value: str) -> None:
    done = call("explain", "3-4-1", quantity, "--step", "0")

    assert done.returncode == 0 and done.stderr == ""
    assert f" = {value}\n" in done.stdout


def test_explain_writes_in_the_presets_notation_or_the_one_asked_for() -> None:
    own, asked = (
        call("explain", "mazur", "--quantity", "dw2[1,1]", *options).stdout
        for options in ((), ("--notation", "indexed"))
    )

    assert own.startswith("∂L/∂w5 = 0.082167") and asked.startswith("∂L/∂W2[1,1] = 0.082167")


def test_explain_and_worksheet_write_latex_documents() -> None:
    explained = call("explain", "2-2-1", "--quantity", "loss", "--format", "latex").stdout
    blank, filled = (
        call("worksheet", "2-2-1", "--step", "3", "--format", "latex", *options).stdout
        for options in ((), ("--answers",))
    )

    for text in (explained, blank, filled):
        assert text.startswith("\\documentclass") and text.rstrip().endswith("\\end{document}")
    assert "\\underline" in blank and "\\underline" not in filled


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["explain", "3-4-1"], 'expected the name of one number, such as nn-tui explain 3-4-1 "dw1[1,1]"'),
        (["explain", "3-4-1", "--quantity", "q1"], "--quantity: no quantity is named 'q1': expected"),
        (["explain", "3-4-1", "--quantity", "\x1b[31m"], "no quantity is named"),
        (["explain", "3-4-1", "--quantity", "w9[1,1]"], "--quantity: w9[1,1]: the network has layers 1 to 2"),
        (
            ["explain", "3-4-1", "--quantity", "w1[1,1]", "--step", "-1"],
            "expected a whole number from 0 to 10000000, got -1",
        ),
        (
            ["explain", "3-4-1", "--quantity", "w1[1,1]", "--decimals", "18"],
            "expected a whole number from 0 to 17, got 18",
        ),
        (
            ["explain", "3-4-1", "--quantity", "loss", "--notation", "greek"],
            "expected one of 'superscript', 'counted', 'nodes', 'indexed', got 'greek'",
        ),
        (["worksheet", "digits"], "expected a network of at most 100 parameters"),
        (["worksheet", "3-4-1-marks"], "expected at most 10 examples in a batch"),
        (
            ["xor-branches"],
            "no command or preset is named 'xor-branches'; it is a lesson: nn-tui tour xor-branches opens it",
        ),
        (["nope"], "no command or preset is named 'nope'; did you mean open? nn-tui presets lists them"),
        (["train", "nope"], "no preset is named 'nope'; nn-tui presets lists them"),
        (["train", "none.toml"], "none.toml: cannot be read: No such file or directory"),
        (["train", "3-4-1", "--learning-rate", "-1"], "expected a number > 0, got -1"),
        (["train", "3-4-1", "--learning-rate", "nan"], "expected a number > 0, got nan"),
        (["train", "3-4-1", "--learning-rate", "0,5"], "expected a point for decimals, as in 0.5, got '0,5'"),
        (
            ["train", "xor", "--schedule", "cos"],
            "training.schedule.name: expected 'constant' or 'step' or 'exponential'",
        ),
        (["train", "xor", "--schedule", "cosine,epochs"], "expected settings such as cosine,epochs=50, got"),
        (["train", "xor", "--schedule", "cosine"], "training.schedule: the key epochs is missing"),
        (["train", "xor", "--penalty", "0.1"], "expected settings such as l2=0.01,biases=true, got '0.1'"),
        (["train", "xor", "--penalty", "l2=-1"], "training.penalty.l2: expected a number from 0 up"),
        (["train", "xor", "--penalty", "l2=0.1,l2=0.2"], "expected each setting once, got 'l2' twice"),
        (["train", "xor", "--schedule", "cosine,epochs=50,epochs=3"], "expected each setting once, got 'epochs' twice"),
        (["train", "xor", "--penalty", "l2=1_000"], "training.penalty.l2: expected a number, got text"),
        (["train", "xor", "--penalty", "l2=٣"], "training.penalty.l2: expected a number, got text"),
        (["train", "xor", "--steps", "1_000"], "expected a whole number from 0 up, got 1_000"),
        (["train", "xor", "--class-weights", "1,x"], "expected numbers such as 1,5, got '1,x'"),
        (["train", "xor", "--patience", "0"], "expected a whole number from 1 up, got 0"),
        (["train", "3-4-1", "--batch-size", "0"], 'expected "all" or a number from 1 up, got 0'),
        (["train", "3-4-1", "--steps", "-1"], "expected a whole number from 0 up, got -1"),
        (["train", "3-4-1", "--steps", "1.5"], "expected a whole number from 0 up, got 1.5"),
        (["train", "3-4-1", "--loss", "log"], "got 'log'; did you mean 'bce'?"),
        (["train", "3-4-1", "--trace", "--json"], "expected one of them, got both"),
        (
            ["train", "1-1-1-1", "--loss", "bce"],
            'training.loss: bce needs predictions between 0 and 1: expected "sigmoid"',
        ),
        (["train"], "Missing argument 'TARGET'"),
        (["train", "3-4-1", "--nope"], "No such option"),
        (["train", "4-8-3", "--steps", "1"], "--data: expected the examples for a network of shape 4-8-3"),
        (["train", "xor", "--target", "y"], "--target: expected --data with it"),
        (["train", "2-1", "--data", "none.csv", "--steps", "1"], "none.csv: cannot be read: No such file"),
        (["--learning-rate", "0.1"], "expected a preset for these options"),
        (["evil\x1b]2;x\x07"], "evil\\x1b]2;x\\x07"),
    ],
)
def test_bad_input_is_one_line_and_exit_status_2(tmp_path: Path, arguments: list[str], line: str) -> None:
    done = call(*arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert line in done.stderr and done.stderr.startswith("nn-tui: ") and done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr and done.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.posix
def test_a_reader_that_stops_reading_is_no_error() -> None:
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {NN_TUI} train 3-4-1 --steps 5000 --trace | head -1"],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.stderr == "" and json.loads(done.stdout)["step"] == 0


def test_another_optimizer_has_its_usual_learning_rate_unless_one_is_given() -> None:
    usual = call("train", "2-2-2", "--optimizer", "adam", "--steps", "3", "--json")
    given = call("train", "2-2-2", "--optimizer", "adam", "--learning-rate", "0.001", "--steps", "3", "--json")
    own = call("train", "2-2-2", "--optimizer", "sgd", "--steps", "3", "--json")

    assert usual.stderr == "nn-tui: learning rate 0.001, as is usual for adam; --learning-rate sets another\n"
    assert json.loads(usual.stdout)["train_loss"] == json.loads(given.stdout)["train_loss"]
    assert given.stderr == own.stderr == ""


def test_a_misspelt_command_is_answered_with_the_one_that_is_meant() -> None:
    assert call("trian", "xor").stderr == "nn-tui: no command is named 'trian'; did you mean 'train'?\n"
    assert call("debug", "xor").stderr == "nn-tui: no command is named 'debug'; nn-tui --help lists the commands\n"
    assert call("xor", "verify").stderr == "nn-tui: verify: expected the command first: nn-tui verify xor\n"
    options_first = call("--start-pace", "0", "tour").stderr
    assert options_first == "nn-tui: tour: expected the command before its options: nn-tui tour …\n"


@pytest.mark.parametrize(
    "words", ["--seed 3 train xor", "--seed 3 xor train", "xor --seed 3 train", "--steps 3 train xor"]
)
def test_a_command_behind_its_options_is_the_word_that_the_error_names(words: str) -> None:
    done = call(*words.split())

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "nn-tui: train: expected the command before its options: nn-tui train …\n"


@pytest.mark.parametrize("words", [[], ["train"], ["check"], ["open"]])
def test_an_empty_target_is_answered_with_what_is_expected(words: list[str]) -> None:
    done = call(*words, "")

    assert done.stderr.startswith("nn-tui: an empty TARGET: expected a preset's name, a TOML file, a session, ")


@pytest.mark.parametrize("option", ["--data", "--weights", "--save", "--resume"])
def test_an_empty_name_of_a_file_is_refused(option: str) -> None:
    fault = f"Invalid value for '{option}': expected the name of a file, got an empty text"

    assert call("train", "xor", option, "").stderr == f"nn-tui: {fault}\n"


def test_an_empty_name_of_a_lesson_is_no_folder() -> None:
    assert call("tour", "").stderr.startswith("nn-tui: no lesson is named '': known are 3-4-1-by-hand, ")


def test_a_second_target_is_refused_by_its_name() -> None:
    assert call("xor", "moons").stderr == "nn-tui: expected one TARGET, got 'xor' and 'moons'\n"


def test_the_help_behind_a_target_names_no_hidden_command() -> None:
    assert call("xor", "--help").stdout.startswith("Usage: nn-tui [OPTIONS] [TARGET]\n")


def test_train_says_which_epoch_was_the_best_where_it_stops_early(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(
        'name = "x"\n[network]\nlayers = [1, 1]\nactivations = "identity"\nweights = [[[0]]]\n[training]\n'
        'loss = "half-sse"\nlearning_rate = 3\nstop = { patience = 2 }\n[data]\ninputs = [[1]]\ntargets = [[1]]\n',
        encoding="utf-8",
    )

    found = call("train", str(tmp_path / "x.toml"))

    # Of ŷ = w + b and the gradients ŷ − y, an update makes the error −5 times as large: ½ · 25, ½ · 625, ½ · 15625.
    assert found.stderr == "nn-tui: stopped by patience = 2: the train loss was lowest after epoch 1, 12.5\n"
    assert found.stdout.startswith("step 3  epoch 3  train loss 7812.50")
