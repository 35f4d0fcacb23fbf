"""Columns, missing values and encodings of CSV files, as options and keys of a preset say them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from nn_tui.core.data.dataset import Dataset
from nn_tui.presets.errors import PresetError
from nn_tui.presets.examples import examples, with_inline_data
from nn_tui.presets.preset_file import check_preset, parse_preset, preset_of_tables
from nn_tui.presets.schema import Preset
from nn_tui.presets.toml_writer import toml_text

from ..helpers.command_line import call, refusal
from ..helpers.experiments import tables
from ..helpers.machines import OPTIONS, SHAPE, machines

pytestmark = pytest.mark.filterwarnings("error")
OUTPUT = {"cross-entropy": "softmax", "bce": "sigmoid"}


def preset_of(folder: Path, text: str | bytes, layers: list[int], loss: str = "mse", **data: Any) -> Preset:
    (folder / "x.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    changes: dict[str, Any] = {"network__layers": layers, "training__loss": loss}
    changes |= {"network__activations": OUTPUT.get(loss, "identity")}
    changes |= {"data__inputs": None, "data__targets": None, "data__file": "x.csv"}
    changes |= {f"data__{key}": value for key, value in data.items()}
    return check_preset(preset_of_tables(tables(**changes), "test"), "test")


def read(folder: Path, text: str | bytes, layers: list[int], loss: str = "mse", **data: Any) -> Dataset:
    return examples(preset_of(folder, text, layers, loss, **data), folder)[0]


ROWS = "id,a,b,y\nx1,1,10,0\nx2,2,20,1\nx3,3,30,2\n"


def test_columns_are_left_out_or_chosen(tmp_path: Path) -> None:
    for data in ({"ignore": ["id"]}, {"ignore": [1]}, {"features": ["a", "b"]}, {"features": ["a,b"]}):
        assert read(tmp_path, ROWS, [2, 1], **data).X.tolist() == [[1, 10], [2, 20], [3, 30]]
    assert read(tmp_path, ROWS, [1, 1], ignore=["id, b"]).X.tolist() == [[1], [2], [3]]
    assert read(tmp_path, ROWS, [1, 1], ignore=["id", "y"]).y.tolist() == [[10], [20], [30]]
    assert read(tmp_path, ROWS, [2, 1], ignore=["id"]).origin.endswith("target y: numbers from 0 to 2; ignored: id")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (
            {"ignore": ["ide"]},
            "no column is named 'ide' (data.ignore); known are id, a, b, y; did you mean 'id'?",
        ),
        (
            {"ignore": ["id", "y"], "target": "y"},
            "column 'y' is ignored (data.ignore) and the target: expected only one",
        ),
        (
            {"ignore": ["a"], "features": ["a", "b"]},
            "column 'a' is ignored (data.ignore) and a feature (data.features): expected only one",
        ),
        ({"one_hot": ["y"], "target": "y"}, "column 'y' is the target and a feature (data.one_hot): expected only one"),
        (
            {"one_hot": ["a"], "ignore": ["id"]},
            "expected 2 features, one for each input, got 4: a, b (y is the target; a has 3 values): 4-1 would fit",
        ),
        (
            {},
            "expected 2 features, one for each input, got 3: id, a, b (y is the target; id has text: --one-hot or "
            "--ignore)",
        ),
    ],
)
def test_columns_that_do_not_fit_are_one_line_with_the_way_on(tmp_path: Path, data: dict[str, Any], line: str) -> None:
    with pytest.raises(PresetError) as caught:
        read(tmp_path, ROWS, [2, 1], **data)

    assert str(caught.value).endswith(f"x.csv: {line}")


COLOURS = "a,colour,y\n1,red,0\n2,blue,1\n3,,0\n4,red,1\n"


def test_a_column_of_text_becomes_an_input_for_each_value(tmp_path: Path) -> None:
    data = read(tmp_path, "a,colour,y\n1,red,0\n2,blue,1\n3,red,0\n", [3, 1], one_hot=["colour"])

    assert data.X.tolist() == [[1, 0, 1], [2, 1, 0], [3, 0, 1]]
    assert data.input_names == ("a", "colour=blue", "colour=red")
    assert "; colour as 2 inputs blue, red" in data.origin
    assert read(tmp_path, "1,red,0\n2,blue,1\n", [3, 1], one_hot=[2]).input_names == ("1", "2=blue", "2=red")
    assert read(tmp_path, COLOURS, [2, 1], features=["colour"], one_hot=["colour"], missing="drop").X.shape == (3, 2)
    with pytest.raises(PresetError, match="line 4, column colour: expected a class, got nothing: fill it in, or use"):
        read(tmp_path, COLOURS, [3, 1], one_hot=["colour"])


HOLED = "a,b,y\n1,10,0\n,20,1\n3,NA,0\n5,?,1\n6,60,\n,,\n"


def test_rows_with_missing_values_are_dropped_and_keep_their_numbers(tmp_path: Path) -> None:
    data = read(tmp_path, HOLED, [2, 1], missing="drop")

    assert data.X.tolist() == [[1, 10]] and data.rows_of(np.arange(1)).tolist() == [1]
    assert data.origin.endswith("; dropped: 4 rows with missing values")
    assert read(tmp_path, HOLED, [1, 1], missing="drop", ignore=["a"]).rows_of(np.arange(2)).tolist() == [1, 2]
    with pytest.raises(PresetError, match="every row has a missing value: expected --missing mean, or --ignore"):
        read(tmp_path, "a,y\n,1\n2,\n", [1, 1], missing="drop")
    with pytest.raises(PresetError, match=r"every row is without y: --target names another column$"):
        read(tmp_path, "a,y\n1,\n2,\n", [1, 1], missing="mean")


def test_missing_values_are_filled_in_by_the_mean_of_the_training_examples(tmp_path: Path) -> None:
    preset = preset_of(tmp_path, HOLED, [2, 1], missing="mean", train_rows=3)

    train, test = examples(preset, tmp_path)

    assert test and train.X.tolist() == [[1, 10], [2, 20], [3, 15]] and test.X.tolist() == [[5, 15]]
    assert train.fill is not None and train.fill.tolist() == [2, 15]
    assert train.origin.endswith("; dropped: 1 row without y; filled in by the mean: 3 missing values of a, b")
    frequencies = read(tmp_path, COLOURS, [3, 1], one_hot=["colour"], missing="mean").X[2, 1:]
    np.testing.assert_allclose(frequencies, [1 / 3, 2 / 3], rtol=1e-15)
    with pytest.raises(PresetError, match="b has no value in the training examples: leave it out with --ignore"):
        read(tmp_path, "a,b,y\n1,,0\n2,,1\n3,4,1\n", [2, 1], missing="mean", train_rows=2)


def test_a_filled_value_is_0_to_the_last_bit_where_it_is_standardized(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    rows = [[f"{each:.3f}" if rng.random() > 0.1 else "" for each in rng.normal(37.1, 5, 3)] for _ in range(200)]
    text = "a,b,c,y\n" + "".join(",".join(row) + ",1\n" for row in rows)

    preset = preset_of(tmp_path, text, [3, 1], missing="mean", standardize=True, test=0.25)
    train, _ = examples(preset, tmp_path)

    holes = np.array([[not cell for cell in row] for row in rows])[np.asarray(train.rows) - 1]
    assert holes.sum() > 20 and (train.X[holes] == 0.0).all() and train.fill is not None
    assert (train.scale.standardized(train.fill[np.newaxis]) == 0.0).all()  # type: ignore[union-attr]
    inline, _ = examples(with_inline_data(preset, tmp_path), tmp_path)
    assert np.array_equal(inline.X, train.X)


@pytest.mark.parametrize("missing", ["drop", "mean"])
def test_a_preset_with_the_examples_in_it_is_the_same_training(tmp_path: Path, missing: str) -> None:
    wanted: dict[str, Any] = {
        "one_hot": ["colour"],
        "missing": missing,
        "standardize": True,
        "standardize_target": True,
        "test": 0.3,
    }
    preset = preset_of(tmp_path, COLOURS + ",red,7\n9,blue,8\n", [3, 1], **wanted)

    whole = with_inline_data(preset, tmp_path)
    again = parse_preset(toml_text(whole), "test")

    assert again == whole and whole.data.file is None
    for one, other in zip(examples(preset, tmp_path), examples(again, Path("/nowhere")), strict=True):
        assert one and other and one.X.tobytes() == other.X.tobytes() and one.y.tobytes() == other.y.tobytes()
        assert one.rows_of(np.arange(len(one))).tolist() == other.rows_of(np.arange(len(other))).tolist()
        assert one.input_names == other.input_names and one.origin == other.origin


def test_an_empty_row_in_the_middle_is_left_out(tmp_path: Path) -> None:
    data = read(tmp_path, "a,y\n1,2\n,\n3,4\n", [1, 1])

    assert data.X.tolist() == [[1], [3]] and data.rows_of(np.arange(2)).tolist() == [1, 3]
    assert data.origin.endswith("; 1 empty row ignored")


def test_the_target_of_a_regression_is_standardized(tmp_path: Path) -> None:
    data = read(tmp_path, "a,y\n1,100\n2,200\n3,600\n", [1, 1], standardize_target=True)

    np.testing.assert_allclose((data.y.mean(), data.y.std()), (0, 1), atol=1e-15)
    assert data.target_scale is not None and data.X.tolist() == [[1], [2], [3]]
    np.testing.assert_allclose(data.target_scale.original(data.y)[:, 0], [100, 200, 600], rtol=1e-15)


def test_classes_are_not_standardized(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match="data.standardize_target: expected a loss of numbers, such as mse, got bce"):
        preset_of(tmp_path, "a,y\n1,0\n2,1\n", [1, 1], "bce", standardize_target=True)
    with pytest.raises(PresetError, match="expected targets that are numbers, got the classes no, yes"):
        read(tmp_path, "a,y\n1,no\n2,yes\n", [1, 1], standardize_target=True)


ACCENT = "größe,y\n1,2\n3,4\n"


@pytest.mark.parametrize(
    ("encoded", "encoding", "words"),
    [
        ("utf-16-le", None, "UTF-16 without a byte order mark"),
        ("utf-16-be", None, "UTF-16 without a byte order mark"),
        ("utf-16-le", "utf-16-le", "UTF-16 without a byte order mark"),
        ("utf-16-be", "utf-16", "UTF-16 without a byte order mark"),
        ("utf-16", "utf-16-le", "UTF-16"),
        ("latin-1", "latin-1", "latin-1"),
        ("cp437", "cp437", "cp437"),
        ("utf-8", "utf-8", ""),
        ("utf-8-sig", "utf-8", ""),
    ],
)
def test_the_encoding_is_detected_or_named_and_said(
    tmp_path: Path, encoded: str, encoding: str | None, words: str
) -> None:
    data = read(tmp_path, ACCENT.encode(encoded), [1, 1], encoding=encoding)

    assert data.X.tolist() == [[1], [3]] and data.input_names == ("größe",)
    assert f"header (größe, y), {words}, target y" in data.origin or not words


def test_another_encoding_than_that_of_the_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match=r"byte 2: expected text in UTF-8: use another --encoding, or none$"):
        read(tmp_path, ACCENT.encode("cp1252"), [1, 1], encoding="utf-8")
    with pytest.raises(PresetError, match=r"byte 0: expected text in UTF-16: use another --encoding, or none$"):
        read(tmp_path, ACCENT.encode("cp1252"), [1, 1], encoding="utf-16")
    assert refusal("train", "1-1", "--data", "x.csv", "--encoding", "latn-1")[1] == (
        "Invalid value for '--encoding': expected an encoding such as utf-8, utf-16, latin-1 or cp1250, got 'latn-1'; "
        "did you mean 'latin-1'?"
    )


@pytest.mark.parametrize("name", ["Latin1", "latin-1", "ISO-8859-1", "ISO_8859-15", "windows-1252", "CP1252"])
def test_an_encoding_is_named_as_people_write_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.csv").write_bytes(ACCENT.encode("latin-1"))

    done = call("train", "1-1", "--data", str(tmp_path / "x.csv"), "--encoding", name, "--steps", "1")

    assert done.returncode == 0 and "header (größe, y)" in done.stderr


def test_rows_are_as_many_as_inputs() -> None:
    preset = preset_of_tables(tables(data__rows=[1, 3]), "test")

    with pytest.raises(PresetError, match="data.rows: expected 4 rows, one for each row of inputs, got 2"):
        check_preset(preset, "test")
    assert examples(replace(preset, data=replace(preset.data, rows=[1, 3, 4, 9])), Path())[0].rows_of(
        np.array([3])
    ).tolist() == [9]


def test_an_engineers_table_trains_with_one_command(tmp_path: Path) -> None:
    file = machines(tmp_path / "machines.csv")

    done = call("train", SHAPE, "--data", str(file), *OPTIONS, "--epochs", "100", "--json", "--shuffle")

    assert done.returncode == 0 and '"test_accuracy":0.' in done.stdout
    assert done.stderr.startswith(
        "machines.csv: 2000 rows, header (id, material, Temperatur °C …), semicolons, decimal comma, Windows-1252, "
        "target state: 3 classes fault, ok, warn; material as 3 inputs brass, nylon, steel; ignored: id; dropped: "
    )


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--ignore", "id"), "--ignore: expected --data with it"),
        (("--one-hot", "a"), "--one-hot: expected --data with it"),
        (("--missing", "drop"), "--missing: expected --data with it"),
        (
            ("--missing", "all", "--data", "x.csv"),
            "Invalid value for '--missing': expected one of 'drop', 'mean', got 'all'",
        ),
    ],
)
def test_options_that_do_not_fit_are_one_line(options: tuple[str, ...], line: str) -> None:
    assert refusal("train", "xor", *options) == (2, line)
