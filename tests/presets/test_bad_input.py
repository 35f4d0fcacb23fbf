"""What is wrong in a preset is told in one line: where, what, and what would be right."""

import gzip
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from nn_tui.core.functions.activations import ACTIVATIONS
from nn_tui.core.functions.losses import LOSSES
from nn_tui.core.functions.optimizers import OPTIMIZERS
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find
from nn_tui.presets.csv.reader import read_table
from nn_tui.presets.errors import PresetError
from nn_tui.presets.preset_file import check_preset, parse_preset, preset_of_tables, read_preset
from nn_tui.presets.rule_tables import OPTIMIZER_TABLES, SCHEDULE_TABLES
from nn_tui.presets.schema import ClipTable, NetworkTable, PenaltyTable, Preset, StopTable, TrainingTable
from nn_tui.presets.toml_reader import home_of

from ..helpers.experiments import tables
from ..helpers.fuzz import FUZZ
from ..helpers.plain_line import assert_plain

GOOD = (Path(__file__).parents[1] / "data" / "good.toml").read_text(encoding="utf-8")
LARGER = "; a larger data_budget in the configuration allows more, such as NN_TUI_DATA_BUDGET=512"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"training__learning_rate": -1}, "test: training.learning_rate: expected a number above 0, got -1"),
        ({"training__learning_rate": float("nan")}, "test: training.learning_rate: expected a number above 0, got nan"),
        (
            {"training__learning_rate": float("inf")},
            "test: training: SGD: learning_rate must be a finite number above 0, got inf",
        ),
        (
            {"training__optimizer": {"name": "adamw", "weight_decay": float("inf")}},
            "test: training: AdamW: weight_decay must be a finite number from 0 up, got inf",
        ),
        (
            {"training__schedule": {"name": "exponential", "gamma": float("inf")}},
            "test: training: Exponential: gamma must be a finite number above 0, got inf",
        ),
        (
            {"training__penalty": {"l2": float("inf")}},
            "test: training: Penalty: l2 must be a finite number from 0 up, got inf",
        ),
        ({"training__learning_rate": "fast"}, "test: training.learning_rate: expected a number, got 'fast'"),
        ({"training__loss": "log"}, f"test: training.loss: expected {' or '.join(map(repr, LOSSES))}"),
        (
            {"training__momentum": 0.9},
            "test: training: unknown key 'momentum': [training] has optimizer = { name = \"momentum\", momentum = … }",
        ),
        ({"network__layers": [2, 0, 1]}, "test: network.layers[1]: expected a whole number from 1 up, got 0"),
        ({"network__layers": [2]}, "test: network.layers: expected at least 2 values, got 1"),
        ({"network__layers": [1] * 1001}, "test: network.layers: expected at most 1,000 values, got 1,001"),
        ({"network__layers": [2, 10**9, 10**9, 1]}, "test: network.layers: expected at most 500,000 weights"),
        (
            {"network__activations": ["tanh"]},
            "test: network.activations: expected 2, one for each layer after the inputs, got 1",
        ),
        (
            {"network__activations": "relu"},
            'test: training.loss: bce needs predictions between 0 and 1: expected "sigmoid"',
        ),
        ({"network__init": None}, "test: network: expected weights or init, one of the two; init = {"),
        (
            {"network__biases": [[0, 0], [0]]},
            "test: network.biases[0]: expected 3 numbers, for a per-neuron bias of layer 1, got 2",
        ),
        ({"data__targets": [[0], [1], [1]]}, "test: data.targets: expected 4 rows, one for each row of inputs, got 3"),
        (
            {"data__inputs": [[0, 0], [0], [1, 0], [1, 1]]},
            "test: data.inputs[1]: expected 2 numbers, one for each input, got 1",
        ),
        ({"data__inputs": [[0, float("inf")]] * 4}, "test: data.inputs[0][1]: expected a finite number, got inf"),
        (
            {"data__targets": [[0], [2], [1], [0]]},
            "test: data.targets[1][0]: expected a number from 0 to 1, as the loss is bce, got 2",
        ),
        ({"data__file": "a.csv"}, "test: data: expected inputs and targets, or dataset, or file"),
        ({"data__test": 1.5}, "test: data.test: expected a number below 1, got 1.5"),
        (
            {"network__activations": ["tanh", "softmax"], "training__loss": "cross-entropy"},
            "test: network.activations: softmax needs several outputs, because a single one is always 1 and learns nothing; "
            'expected "sigmoid" for the last layer, with the loss "bce"',
        ),
        (
            {"training__update": "sequential", "training__clip": {"norm": 1}},
            'test: training.clip.norm: expected value instead, because update is "sequential"',
        ),
        (
            {"training__optimizer": {"name": "adam", "bias_correction": 0}},
            "test: training.optimizer.bias_correction: expected true or false, got 0",
        ),
        (
            {"training__optimizer": {"name": "adam", "beta1": 0.9}},
            "test: training.optimizer: unknown key 'beta1': known are name, beta_1, beta_2, epsilon, "
            "bias_correction; did you mean 'beta_1'?",
        ),
        (
            {"training__optimizer": {"name": "rprop"}},
            f"test: training.optimizer.name: expected {' or '.join(map(repr, OPTIMIZERS))}, got 'rprop'; "
            "did you mean 'rmsprop'?",
        ),
        (
            {"network__activations": "linear"},
            f"test: network.activations: expected {' or '.join(map(repr, ACTIVATIONS))}, got 'linear'; "
            "did you mean 'identity'?",
        ),
        (
            {"network__activations": "leaky-relu(3)"},
            "test: network.activations: leaky-relu: expected a number above 0 and at most 1 in brackets, got '3'",
        ),
        ({"data__targets": [0, 1, 1, 0]}, "test: data.targets[0]: expected a list such as [0], got 0"),
        ({"training__stop": 3}, "test: training.stop: expected a table, got 3"),
        ({"training__seed": -(10**4000)}, f"test: training.seed: expected a whole number from 0 up, got -1{'0' * 37}…"),
        (
            {"network__init": {"scheme": "normal", "scale": 1e308}},
            "test: network.init.scale: expected a number up to 1e+30",
        ),
    ],
)
def test_one_line_says_where_and_what(changes: dict[str, Any], line: str) -> None:
    with pytest.raises(PresetError) as caught:
        check_preset(preset_of_tables(tables(**changes), "test"), "test")

    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


def test_every_key_of_a_table_in_training_says_where_it_belongs() -> None:
    inner: tuple[type[Struct], ...] = (
        PenaltyTable,
        ClipTable,
        StopTable,
        *OPTIMIZER_TABLES.values(),
        *SCHEDULE_TABLES.values(),
    )
    known = {*TrainingTable.__struct_fields__, *NetworkTable.__struct_fields__}
    keys = {key for table in inner for key in table.__struct_fields__} - known

    homes = {key: home_of(key, "training", Preset) for key in keys}

    assert len(homes) > 15 and all(home and f"{key} = …" in home for key, home in homes.items())


def test_a_preset_in_utf_32_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(GOOD, encoding="utf-32")

    assert read_preset(tmp_path / "x.toml") == parse_preset(GOOD, "x")


@pytest.mark.parametrize(
    ("key", "name", "meant"),
    [
        ("network__activations", "logistic", "sigmoid"),
        ("network__activations", "LeakyReLU", "leaky-relu"),
        ("network__activations", "LeakyReLU(0.2)", "leaky-relu"),
        ("network__activations", "swish", "silu"),
        ("training__loss", "mean_squared_error", "mse"),
        ("training__loss", "binary_crossentropy", "bce"),
        ("training__loss", "categorical_crossentropy", "cross-entropy"),
        ("training__loss", "BCELoss", "bce"),
        ("training__loss", "BCEWithLogitsLoss", "bce"),
        ("training__loss", "bse", "sse"),
        ("training__batch_size", "full", "all"),
        ("training__optimizer", "SGD", "sgd"),
        ("training__optimizer", "adm", "adam"),
    ],
)
def test_a_name_of_another_program_is_answered_with_ours(key: str, name: str, meant: str) -> None:
    with pytest.raises(PresetError, match=re.escape(f"got '{name}'; did you mean '{meant}'?") + "$"):
        check_preset(preset_of_tables(tables(**{key: name}), "test"), "test")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"training__optimizer": {"momentum": 0.9}}, "training.optimizer: the key name is missing"),
        ({"training__schedule": {"name": "cosine"}}, "training.schedule: the key epochs is missing"),
        ({"training__batch_size": True}, 'training.batch_size: expected a whole number from 1 up, or "all", got true'),
        (
            {"training__batch_size": [1]},
            'training.batch_size: expected a whole number from 1 up, or "all", got a list',
        ),
        ({"training__batch_size": 0}, 'training.batch_size: expected a whole number from 1 up, or "all", got 0'),
        ({"training__stop": {"steps": 1.5}}, "training.stop.steps: expected a whole number, got 1.5"),
        ({"training__stop": {"loss": "x"}}, "training.stop.loss: expected a number, got 'x'"),
        ({"training__optimizer": []}, "training.optimizer: expected text or a table, got a list"),
        ({"training__shuffle": 1}, "training.shuffle: expected true or false, got 1"),
        ({"training__epochs": 9}, "training: unknown key 'epochs': [training] has stop = { epochs = … }"),
        (
            {"training__beta_1": 0.9},
            "training: unknown key 'beta_1': [training] has optimizer = { name = \"adam\", beta_1 = … }",
        ),
        (
            {"training__gamma": 0.9},
            "training: unknown key 'gamma': [training] has schedule = { name = \"exponential\", gamma = … }",
        ),
        ({"training__norm": 1}, "training: unknown key 'norm': [training] has clip = { norm = … }"),
        (
            {"training__optimizer": {"name": "adam", "learning_rate": 1}},
            "training.optimizer: unknown key 'learning_rate': [training] has learning_rate",
        ),
        (
            {"network__notation": "nodes"},
            "network: unknown key 'notation': notation belongs at the top of the file, before the first table",
        ),
        ({"data__origin": "x" * 10_001}, "data.origin: expected at most 10,000 characters, got 10,001"),
        ({"data__loss": "bce"}, "data: unknown key 'loss': [training] has loss"),
        (
            {"network__init": {"scheme": "he", "weights": []}},
            "network.init: unknown key 'weights': weights belongs in [network], instead of init",
        ),
        (
            {"network__init": {"scheme": "he", "biases": []}},
            "network.init: unknown key 'biases': biases belongs in [network], instead of init",
        ),
        (
            {"training__schedule": {"name": "step", "every": 1, "epochs": 9}},
            "training.schedule: unknown key 'epochs': known are name, every, gamma",
        ),
    ],
)
def test_a_refusal_has_the_words_of_the_file(changes: dict[str, Any], line: str) -> None:
    with pytest.raises(PresetError) as caught:
        preset_of_tables(tables(**changes), "test")

    assert str(caught.value) == f"test: {line}"


def test_a_key_outside_its_table_is_answered_with_the_table() -> None:
    with pytest.raises(PresetError, match=r"^test: unknown key 'seed': \[training\] has seed$"):
        preset_of_tables({"seed": 1, **tables()}, "test")


@pytest.mark.parametrize("name", ["network", "training", "data"])
def test_a_missing_table_is_named(name: str) -> None:
    others = {key: value for key, value in tables().items() if key != name}

    with pytest.raises(PresetError, match=rf"^test: the table \[{name}\] is missing$"):
        preset_of_tables(others, "test")


def test_a_published_step_that_would_take_for_ever_is_refused() -> None:
    figure = {"step": 10**12, "quantity": "loss", "value": 0, "decimals": 1}

    with pytest.raises(
        PresetError, match=r"published\[0\].step: expected a whole number up to 100000, got 1000000000000"
    ):
        preset_of_tables({**tables(), "published": [figure]}, "test")


@pytest.mark.parametrize(
    ("weights", "line"),
    [
        ([[[1, 1]] * 3], "network.weights: expected 2 layers of weights, got 1"),
        ([[[1, 1]] * 2, [[1, 1, 1]]], "network.weights[0]: expected 3 rows, one for each neuron of layer 1, got 2"),
        ([[[1, 1]] * 3, [[1, 1]]], "network.weights[1][0]: expected 3 numbers, one for each neuron of layer 1, got 2"),
        ([[[1, 1]] * 3, [[1, float("nan"), 1]]], "network.weights[1][0][1]: expected a finite number, got nan"),
    ],
)
def test_weights_that_do_not_fit_the_layers(weights: Any, line: str) -> None:
    with pytest.raises(PresetError, match="^test: ") as caught:
        check_preset(preset_of_tables(tables(network__weights=weights, network__init=None), "test"), "test")

    assert str(caught.value) == f"test: {line}"


def test_a_toml_error_names_line_and_column() -> None:
    with pytest.raises(PresetError, match=r"^x\.toml: not TOML: .*line 2, column 8"):
        parse_preset('name = "a"\nlayers [', "x.toml")


def test_a_missing_file_and_an_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match=r"none\.toml: cannot be read: No such file"):
        find(str(tmp_path / "none.toml"))
    with pytest.raises(PresetError, match=r"^no preset is named 'nope'; nn-tui presets lists them$"):
        find("nope")
    with pytest.raises(PresetError, match="a folder: expected a preset.s name, a TOML file"):
        find(str(tmp_path))


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"name = '\xff'")

    with pytest.raises(PresetError, match="byte 8: expected UTF-8 text"):
        read_preset(tmp_path / "x.toml")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "x.toml").write_bytes(GOOD.encode(encoding))

    assert read_preset(tmp_path / "x.toml") == parse_preset(GOOD, "x")


def build_with_csv(folder: Path, text: str, **changes: Any) -> None:
    (folder / "d.csv").write_text(text, encoding="utf-8")
    data = {"data__inputs": None, "data__targets": None, "data__file": "d.csv", "data__target": "y", **changes}
    build(check_preset(preset_of_tables(tables(**data), "test"), "test"), folder)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a,b,y\n1,2,0\n1,two,1\n", "line 3, column b: expected a number, got 'two': correct it, or delete the line"),
        (
            "a,b,y\n1,2,0\n1,,1\n",
            "line 3, column b: expected a number, got nothing: fill it in, or use --missing drop or --missing mean",
        ),
        (
            "a,b,y\n1,nan,0\n",
            "line 2, column b: expected a number, got 'nan', a missing value: fill it in, or use --missing drop or --missing mean",
        ),
        (
            "a,b,y\n1,-2e308,0\n2,3,1\n",
            "line 2, column b: expected a number, got '-2e308': the largest number is 1.8e308",
        ),
        ("a,b,y\n1,2,0\n1,2\n", "line 3: expected 3 values, as in the other lines, got 2"),
        ("a,b\n1,2\n", "no column is named 'y' (data.target); known are a, b"),
        (
            "a,b,c,y\n1,2,3,0\n",
            "expected 2 features, one for each input, got 3: a, b, c (y is the target): 3-3-1 would fit",
        ),
        (
            "a,b,y\n1,2,7\n",
            "expected 2 classes for one output, got 1 class: 7 (target y) in every row; --target names another column",
        ),
        (
            "a,b,y\n1,2,7.5\n",
            "row 1: expected a number from 0 to 1, as the loss is bce, got 7.5; another loss, such as mse, accepts any number",
        ),
        (
            'a,b,y\n1,2,"x\ny"\n1,2,z\n1,2,w\n',
            "expected 2 classes for one output, got 3 classes: w, 'x\\ny', z (target y): 2-3-3 would fit",
        ),
        ("a,b,y\n", "expected at least one row of values"),
        ("", "expected at least one row of values"),
    ],
)
def test_a_csv_error_names_the_line_and_the_column(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(PresetError) as caught:
        build_with_csv(tmp_path, text)

    assert str(caught.value).endswith(f"d.csv: {line}")


@settings(max_examples=FUZZ, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text())
def test_any_text_is_a_preset_or_one_line(text: str) -> None:
    try:
        parse_preset(text, "x")
    except PresetError as error:
        assert_plain(error)


@settings(max_examples=FUZZ)
@given(
    at=st.integers(0, len(GOOD)),
    cut=st.integers(0, 8),
    put=st.sampled_from(["", "[", "]", "-1", "nan", '"', "1e999", "{", "x", "9" * 400]),
)
def test_a_damaged_preset_is_a_preset_or_one_line(at: int, cut: int, put: str) -> None:
    damaged = GOOD[:at] + put + GOOD[at + cut :]

    try:
        build(parse_preset(damaged, "x"), Path("nowhere"))
    except PresetError as error:
        assert_plain(error)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a." * 10 + "a = 1", "expected keys of at most 5 parts (near line 1)"),
        ('b = 1\n"a" . "a" . "a" . "a" . "a" . "a" = 1', "expected keys of at most 5 parts (near line 2)"),
        ('b = """\n" # """\n[a.a.a.a.a.a]', "expected keys of at most 5 parts (near line 2)"),
        ("a = 1\n" * 20_001, "expected at most 20,000 values"),
        ("[a]\n" * 10_001, "expected at most 10,000 headers"),
        (f"a = [{'[],' * 200_001}]", "expected at most 200,000 lists"),
        (f"a = [{'{},' * 20_001}]", "expected at most 20,000 tables"),
        (f"a = [{'0,' * 500_001}]", "expected at most 500,000 numbers"),
    ],
)
def test_what_would_become_too_large_is_reported_before_it_does(text: str, line: str) -> None:
    with pytest.raises(PresetError) as caught:
        parse_preset(text, "test")

    assert str(caught.value) == f"test: not TOML: {line}"


def test_dots_and_brackets_in_texts_and_comments_count_for_nothing() -> None:
    dots = "a. b. c. d. e. f. g. h " + "[" * 300_000
    begin, source, end = GOOD.partition("source = ")
    text = f"# '{dots}\n{begin}{source}'{dots}\"' # {dots}\n{end.partition(chr(10))[2]}"

    assert parse_preset(text, "test").source == f'{dots}"'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1,2\n" * 350_001, f"expected at most 700,000 values{LARGER}"),
        ("1," * 10_000 + "1\n", "expected at most 10,000 columns, got 10,001"),
        ("a,b\n" + "\n" * 700_000, f"expected at most 700,000 values{LARGER}"),
        ("1," * 500_001, "expected lines of at most 1,000,000 characters"),
        ("1" * 10_000_001, f"cannot be read: expected at most 10,000,000 bytes{LARGER}"),
    ],
)
def test_a_table_that_would_become_too_large_is_reported(tmp_path: Path, text: str, line: str) -> None:
    (tmp_path / "x.csv").write_text(text)

    with pytest.raises(PresetError) as caught:
        read_table(tmp_path / "x.csv")

    assert str(caught.value) == f"{tmp_path / 'x.csv'}: {line}"


@pytest.mark.parametrize(
    ("layers", "samples", "line"),
    [
        ([2, 3, 1], 1_000_000, f"expected at most 249,997 examples for a network of this size, got 1,000,000{LARGER}"),
        ([2, 400, 400, 1], 2000, f"expected at most 1,466 examples for a network of this size, got 2,000{LARGER}"),
    ],
)
def test_more_examples_than_memory_holds_are_shown_before_they_are_made(
    layers: list[int], samples: int, line: str
) -> None:
    network = {"network__layers": layers, "network__activations": "sigmoid"}
    data = {"data__inputs": None, "data__targets": None, "data__dataset": {"name": "moons", "samples": samples}}

    with pytest.raises(PresetError) as caught:
        build(check_preset(preset_of_tables(tables(**network, **data), "test"), "test"), Path())

    assert str(caught.value).endswith(f": {line}")


def test_a_damaged_packed_file_is_reported(tmp_path: Path) -> None:
    damaged = bytearray(gzip.compress(b"a,b,y\n" + b"1,2,3\n" * 1000))
    damaged[20] ^= 0xFF
    (tmp_path / "x.csv.gz").write_bytes(damaged)

    with pytest.raises(PresetError, match=r"x\.csv\.gz: cannot be read: "):
        read_table(tmp_path / "x.csv.gz")


def test_a_file_name_with_the_character_0_is_reported(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match="expected the name of a file, got one with the character 0$"):
        read_table(tmp_path / "a\0b")


@pytest.mark.posix
def test_a_file_without_an_end_is_reported() -> None:
    with pytest.raises(PresetError, match="^/dev/zero: expected at most 4,000,000 bytes"):
        find("/dev/zero")


KINDS = {"device": "/dev/zero", "folder": "folder", "pipe": "pipe"}


@pytest.mark.posix
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", ["the preset", "weights", "data"])
def test_no_preset_and_no_file_that_one_names_is_a_pipe_or_device(tmp_path: Path, key: str, kind: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    path = tmp_path / "own.toml"
    if key == "the preset":
        path.symlink_to(tmp_path / KINDS[kind])
    elif key == "weights":
        path.write_text(f'name = "own"\n[network]\nlayers = [1, 1]\nweights = "{KINDS[kind]}"\n')
    else:
        path.write_text(f'name = "own"\n[data]\nfile = "{KINDS[kind]}"\n')

    with pytest.raises(PresetError, match=f"cannot be read: expected a file, got a {kind}$"):
        read_preset(path)
