"""Examples from NumPy's .npz, and how much memory examples may take."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.core.data.dataset import Dataset
from nn_tui.presets.build import build
from nn_tui.presets.data_budget import DataBudget
from nn_tui.presets.errors import PresetError
from nn_tui.presets.examples import examples, with_inline_data
from nn_tui.presets.preset_file import check_preset, preset_of_tables
from nn_tui.presets.schema import Preset

from ..helpers.command_line import call
from ..helpers.experiments import tables

pytestmark = pytest.mark.filterwarnings("error")
OUTPUT = {"cross-entropy": "softmax", "bce": "sigmoid"}
X = np.arange(8).reshape(4, 2)


def preset_of(folder: Path, layers: list[int], loss: str = "mse", data: Any = (), **arrays: Any) -> Preset:
    np.savez(folder / "x.npz", **arrays)
    changes: dict[str, Any] = {"network__layers": layers, "training__loss": loss}
    changes |= {"network__activations": OUTPUT.get(loss, "identity")}
    given = {"inputs": None, "targets": None, "file": "x.npz"} | dict(data)
    changes |= {f"data__{key}": value for key, value in given.items()}
    return check_preset(preset_of_tables(tables(**changes), "test"), "test")


def read(folder: Path, layers: list[int], loss: str = "mse", data: Any = (), **arrays: Any) -> Dataset:
    return examples(preset_of(folder, layers, loss, data, **arrays), folder)[0]


def test_x_and_y_are_examples(tmp_path: Path) -> None:
    data = read(tmp_path, [2, 1], X=X, y=[1.5, 2, 3, 4])

    assert data.X.tolist() == X.tolist() and data.y.tolist() == [[1.5], [2], [3], [4]]
    assert data.origin == "x.npz: 4 rows of 2 numbers, target y: numbers from 1.5 to 4"
    assert read(tmp_path, [2, 2], x=X, targets=np.ones((4, 2))).y.shape == (4, 2)
    assert read(tmp_path, [4, 1], X_train=X.reshape(2, 2, 2), y_train=[[1], [2]]).X.tolist() == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
    ]


@pytest.mark.parametrize("y", [[2, 0, 1, 2], [7, 5, 6, 7], ["c", "a", "b", "c"], [b"c", b"a", b"b", b"c"]])
def test_classes_are_numbers_or_words(tmp_path: Path, y: list[Any]) -> None:
    data = read(tmp_path, [2, 3], "cross-entropy", X=X.astype(np.uint8), y=np.array(y))

    assert data.y.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert data.class_names[0] in ("0", "5", "a")


def test_missing_values_are_dropped_or_filled_in(tmp_path: Path) -> None:
    holed = np.array([[1, 2], [np.nan, 4], [3, np.inf], [5, 6]])

    dropped = read(tmp_path, [2, 1], data={"missing": "drop"}, X=holed, y=[1, 2, 3, 4])
    filled = read(tmp_path, [2, 1], data={"missing": "mean"}, X=holed, y=[1, 2, 3, 4])

    assert dropped.X.tolist() == [[1, 2], [5, 6]] and dropped.rows_of(np.arange(2)).tolist() == [1, 4]
    assert dropped.origin.endswith("; dropped: 2 rows with missing values")
    assert filled.X.tolist() == [[1, 2], [3, 4], [3, 4], [5, 6]]


@pytest.mark.parametrize(
    ("arrays", "line"),
    [
        ({"X": X}, "expected an array named y, got X"),
        ({"a": X, "b": X}, "expected an array named X, got a, b"),
        ({"X": X, "y": [1, 2]}, "expected as many rows of y as of X, 4, got 2"),
        ({"X": X[:, :1], "y": [1] * 4}, "X: expected 2 columns, one for each input, got 1: 1-1 would fit"),
        ({"X": X.astype(str), "y": [1] * 4}, "X: expected numbers"),
        ({"X": [], "y": []}, "X: expected at least one row"),
        ({"X": X, "y": ["a", "b", "c", "a"]}, "expected 2 classes for one output, got 3 classes: a, b, c (target y)"),
        ({"X": X, "y": np.ones((4, 2))}, "y: expected 1 columns, one for each output, got 2"),
        ({"X": X, "y": [1, 2, 3, np.nan]}, "y: expected finite numbers or words, in a column or one column for each"),
        ({"X": X * [1, np.nan], "y": [1] * 4}, "X, row 1, column 2: expected a finite number, got nan: use --missing"),
        ({"X": np.array([{}] * 4), "y": [1] * 4}, "expected NumPy's .npz with arrays of numbers, X and y"),
    ],
)
def test_other_arrays_are_refused_in_one_line(tmp_path: Path, arrays: Any, line: str) -> None:
    with pytest.raises(PresetError) as caught:
        read(tmp_path, [2, 1], **arrays)

    assert f"x.npz: {line}" in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_that_is_none_and_keys_of_csv_are_refused(tmp_path: Path) -> None:
    preset = preset_of(tmp_path, [2, 1], X=X, y=[1] * 4)
    (tmp_path / "x.npz").write_bytes(b"PK\x03\x04 damaged")

    with pytest.raises(PresetError, match="x.npz: expected NumPy's .npz with arrays of numbers, X and y"):
        examples(preset, tmp_path)
    (tmp_path / "x.npz").unlink()
    with pytest.raises(PresetError, match="x.npz: cannot be read: No such file or directory"):
        examples(preset, tmp_path)
    with pytest.raises(PresetError, match="expected a CSV file with data.target; an .npz file has X and y"):
        read(tmp_path, [2, 1], data={"target": "y"}, X=X, y=[1] * 4)


def test_a_larger_budget_allows_more(tmp_path: Path) -> None:
    small, usual = DataBudget(1), DataBudget()
    preset = preset_of(tmp_path, [2, 1], X=np.zeros((9_000, 2)), y=np.zeros(9_000))
    advice = "; a larger data_budget in the configuration allows more, such as NN_TUI_DATA_BUDGET=8"

    assert (usual.file_bytes, usual.cells, usual.numbers) == (10_000_000, 700_000, 1_500_000)
    with pytest.raises(PresetError, match=f"expected at most 187,496 bytes{advice}$"):
        examples(preset, tmp_path, small)
    np.savez(tmp_path / "x.npz", X=np.zeros((8_000, 2), np.uint8), y=np.zeros(8_000, np.uint8))
    with pytest.raises(
        PresetError, match=f"expected at most 7,811 examples for a network of this size, got 8,000{advice}$"
    ):
        examples(preset, tmp_path, small)
    whole = with_inline_data(preset, tmp_path, DataBudget(2))
    assert len(build(whole, tmp_path, budget=DataBudget(2)).trainer.train) == 8_000


def test_csv_files_have_the_same_budget(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,y\n" + "1,2\n" * 6_000, encoding="utf-8")
    command = ("train", "1-1", "--data", str(tmp_path / "x.csv"), "--steps", "1")

    refused, read = call(*command, NN_TUI_DATA_BUDGET="1"), call(*command, NN_TUI_DATA_BUDGET="2")

    assert refused.returncode == 2 and refused.stderr.endswith(
        "x.csv: expected at most 10,937 values; a larger data_budget in the configuration allows more, "
        "such as NN_TUI_DATA_BUDGET=8\n"
    )
    assert read.returncode == 0


def test_5_000_pictures_of_784_pixels_are_trained_on(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    y = draw.integers(0, 10, 5_000)
    pictures = (draw.normal(size=(10, 784))[y] > 0).astype(np.uint8).reshape(-1, 28, 28)
    np.savez_compressed(tmp_path / "x.npz", X=pictures, y=y)
    command = ("train", "784-8-10", "--data", str(tmp_path / "x.npz"), "--batch-size", "100", "--epochs", "1", "--json")

    usual, larger = call(*command), call(*command, NN_TUI_DATA_BUDGET="512")

    assert usual.returncode == 2 and "such as NN_TUI_DATA_BUDGET=512" in usual.stderr
    assert larger.returncode == 0 and '"step":50,' in larger.stdout


@pytest.mark.parametrize("at", [*range(-22, -18), *range(-10, -2)])
def test_a_damaged_file_is_none_that_numpy_writes_whatever_is_damaged(tmp_path: Path, at: int) -> None:
    preset = preset_of(tmp_path, [2, 1], X=X, y=[1] * 4)
    data = bytearray((tmp_path / "x.npz").read_bytes())
    data[at] ^= 0xFF
    (tmp_path / "x.npz").write_bytes(data)

    with pytest.raises(PresetError, match=r"as numpy.savez\(|expected at most|expected an array named"):
        examples(preset, tmp_path)
