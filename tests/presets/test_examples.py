"""Data: generated, shipped, and from CSV files of many kinds."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.data.dataset import GENERATORS, Dataset
from nn_tui.core.steps.events import Finished
from nn_tui.core.steps.stop import Stop
from nn_tui.presets.catalogue import find, folder_of
from nn_tui.presets.errors import PresetError
from nn_tui.presets.examples import examples
from nn_tui.presets.preset_file import check_preset, preset_of_tables

from ..helpers.experiments import experiment_of, tables
from ..helpers.fuzz import FUZZ

SPECIES = "a,b,kind\n1,2,red\n3,4,blue\n5,6,red\n7,8,green\n"


def read(folder: Path, text: str, layers: list[int], loss: str = "mse", **data: Any) -> tuple[Dataset, Dataset | None]:
    (folder / "d.csv").write_text(text, encoding="utf-8", newline="")
    changes: dict[str, Any] = {"network__layers": layers, "network__activations": "identity", "training__loss": loss}
    changes |= {"data__inputs": None, "data__targets": None, "data__file": "d.csv"}
    changes |= {f"data__{key}": value for key, value in data.items()}
    return examples(check_preset(preset_of_tables(tables(**changes), "test"), "test"), folder)


@pytest.mark.parametrize("name", GENERATORS)
def test_generated_data_follows_its_seed(name: str) -> None:
    first, second = (GENERATORS[name](np.random.default_rng(3), 50, 0.1) for _ in range(2))
    other = GENERATORS[name](np.random.default_rng(4), 50, 0.1)

    assert first[0].tobytes() == second[0].tobytes() and first[1].tobytes() == second[1].tobytes()
    assert first[0].tobytes() != other[0].tobytes()
    assert len(first[0]) == len(first[1]) == 50 and first[1].shape == (50, 1)


@pytest.mark.parametrize("name", sorted(set(GENERATORS) - {"sine", "plane"}))
def test_generated_classes_are_0_and_1(name: str) -> None:
    _, y = GENERATORS[name](np.random.default_rng(0), 400, 0.0)

    assert set(y.ravel().tolist()) == {0.0, 1.0}


def test_generated_data_by_hand() -> None:
    rng = np.random.default_rng(0)

    X, y = GENERATORS["xor"](rng, 5, 0.0)
    assert X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1], [0, 0]] and y.ravel().tolist() == [0, 1, 1, 0, 0]
    X, y = GENERATORS["circles"](rng, 100, 0.0)
    np.testing.assert_allclose(np.hypot(*X.T), np.where(y.ravel() == 1, 0.5, 1.0), rtol=1e-12)
    X, y = GENERATORS["sine"](rng, 20, 0.0)
    np.testing.assert_allclose(y, np.sin(np.pi * X), rtol=1e-12)
    X, y = GENERATORS["plane"](rng, 20, 0.0)
    np.testing.assert_allclose(y.ravel(), X.mean(axis=1), rtol=1e-12)


def test_two_outputs_get_generated_classes_one_hot() -> None:
    preset = check_preset(
        preset_of_tables(
            tables(network__layers=[2, 3, 2], data__inputs=None, data__targets=None, data__dataset={"name": "moons"}),
            "t",
        ),
        "t",
    )

    train, test = examples(preset, Path())

    assert train.y.shape == (200, 2) and test is None
    assert set(map(tuple, train.y.tolist())) == {(0.0, 1.0), (1.0, 0.0)}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    train, _ = read(tmp_path, f"a{delimiter}b{delimiter}y\n1{delimiter}2{delimiter}3\n", [2, 1])

    assert train.X.tolist() == [[1, 2]] and train.y.tolist() == [[3]]


def test_quotes_byte_order_mark_and_empty_lines_at_the_end(tmp_path: Path) -> None:
    train, _ = read(tmp_path, '\ufeff"a, first",b,y\r\n"1",2,"3"\r\n\r\n', [2, 1], features=["a, first", "b"])

    assert train.X.tolist() == [[1, 2]] and train.y.tolist() == [[3]]


def test_without_a_header_columns_are_numbered(tmp_path: Path) -> None:
    train, _ = read(tmp_path, "1,2,3\n4,5,6\n", [2, 1], target="1")

    assert train.X.tolist() == [[2, 3], [5, 6]] and train.y.tolist() == [[1], [4]]


def test_text_targets_become_one_hot_and_keep_their_names(tmp_path: Path) -> None:
    train, _ = read(tmp_path, SPECIES, [2, 3], target="kind")

    assert train.class_names == ("blue", "green", "red")
    assert train.y.tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 0]]


def test_two_text_classes_are_0_and_1_for_one_output(tmp_path: Path) -> None:
    train, _ = read(tmp_path, "a,b,kind\n1,2,no\n3,4,yes\n", [2, 1])

    assert train.y.tolist() == [[0], [1]] and train.class_names == ("no", "yes")


def test_numbers_are_classes_where_there_are_several_outputs(tmp_path: Path) -> None:
    train, _ = read(tmp_path, "a,b,y\n1,2,10\n3,4,9\n5,6,10\n", [2, 2], target="y")

    assert train.class_names == ("9", "10") and train.y.tolist() == [[0, 1], [1, 0], [0, 1]]


def test_a_missing_class_and_too_many_classes_are_shown(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match="line 3, column kind: expected a class, got nothing"):
        read(tmp_path, "a,b,kind\n1,2,red\n1,2,\n", [2, 2], target="kind")
    with pytest.raises(PresetError, match="expected 2 targets, one for each output, got 3 classes: blue, green, red"):
        read(tmp_path, SPECIES, [2, 2], target="kind")


def test_standardized_by_what_is_trained_on(tmp_path: Path) -> None:
    rows = "".join(f"{n},5,0\n" for n in range(10))

    train, test = read(tmp_path, f"a,b,y\n{rows}", [2, 1], standardize=True, test=0.3)

    assert test and (len(train), len(test)) == (7, 3)
    np.testing.assert_allclose(train.X[:, 0].mean(), 0, atol=1e-15)
    np.testing.assert_allclose(train.X[:, 0].std(), 1, rtol=1e-12)
    assert set(train.X[:, 1].tolist()) == {0.0}


def test_a_packed_file_is_unpacked_and_a_broken_one_is_reported(tmp_path: Path) -> None:
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(b"a,b,y\n1,2,3\n"))
    (tmp_path / "e.csv.gz").write_bytes(gzip.compress(b"a,b,y\n1,2,3\n")[:-12])

    train, _ = read(tmp_path, "", [2, 1], file="d.csv.gz")

    assert train.X.tolist() == [[1, 2]]
    with pytest.raises(PresetError, match=r"e\.csv\.gz: cannot be read"):
        read(tmp_path, "", [2, 1], file="e.csv.gz")


@settings(max_examples=FUZZ)
@given(text=st.text(st.sampled_from('ab019.,;\t"\n\r -e\ufeff\x00é')), layers=st.sampled_from([[2, 1], [1, 1], [2, 3]]))
def test_any_text_is_data_or_one_line(text: str, layers: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    try:
        train, _ = read(tmp_path_factory.getbasetemp(), text, layers)
    except PresetError as error:
        assert "\n" not in str(error).replace(repr(text), "")
    else:
        assert np.isfinite(train.X).all() and np.isfinite(train.y).all()


@pytest.mark.parametrize(
    ("name", "least"), [("digits", 0.95), ("spiral", 0.98), ("moons", 0.98), ("3-4-1-marks", 0.88), ("iris", 0.9)]
)
def test_a_shipped_set_is_learned(name: str, least: float) -> None:
    of = experiment_of(name)

    *_, end = of.trainer.events(of.start, of.stop)

    assert isinstance(end, Finished) and of.trainer.test
    result = of.trainer.evaluate(end.backward.state, of.trainer.test)
    assert result.accuracy is not None and result.accuracy >= least


def test_the_size_of_the_shipped_sets() -> None:
    sizes = {}
    for name in ("iris", "digits"):
        train, test = examples(find(name), folder_of(name))
        sizes[name] = (len(train) + len(test or ()), len(train.class_names))

    assert sizes == {"iris": (150, 3), "digits": (1797, 10)}
    assert Stop(epochs=30) == experiment_of("digits").stop
