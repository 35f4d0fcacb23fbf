"""Own presets: found by their names, listed whatever is wrong with them, and written whole."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.presets import user
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import builtin_names, find, folder_of, user_names
from nn_tui.presets.errors import PresetError
from nn_tui.presets.form import PresetForm
from nn_tui.presets.preset_file import check_preset, preset_of_tables

from ..helpers.fuzz import FUZZ

GOOD = (Path(__file__).parents[1] / "data" / "good.toml").read_text(encoding="utf-8")
DRAFT = PresetForm("mine", "2-3-1", "tanh", "bce", "adam", "0.05", "moons", "40", "0.1", "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NN_TUI_PRESETS", str(tmp_path / "presets"))
    return tmp_path / "presets"


@pytest.mark.posix
def test_a_pipe_has_no_title(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "own.toml")

    assert user.title_in_head(tmp_path / "own.toml") == ""


def test_files_in_the_folder_are_found_by_their_names(folder: Path) -> None:
    folder.mkdir()
    for name in ("b", "a", "3-4-1"):
        (folder / f"{name}.toml").write_text(GOOD, encoding="utf-8")
    (folder / "notes.txt").write_text("no preset", encoding="utf-8")

    assert user_names() == ["a", "b"]
    assert find("a").title == "One bias for a whole layer" and folder_of("a") == folder
    assert find("3-4-1").title == "Pass or fail: one example by hand"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('name = "a"\ntitle = "Two words"\n[network]\n', "Two words"),
        ('title = "Zwei Wörter"\r\n[network]\r\n', "Zwei Wörter"),
        ('[network]\ntitle = "of a table"\n', ""),
        ('title = "a \\"quoted\\" word"\n', ""),
        ("title = 'a literal'\n", ""),
        ('subtitle = "no title"\n', ""),
        ("", ""),
    ],
)
def test_a_title_is_read_from_the_head_of_a_file_if_it_is_written_as_usual(
    text: str, title: str, tmp_path: Path
) -> None:
    (tmp_path / "a.toml").write_bytes(text.encode())

    assert user.title_in_head(tmp_path / "a.toml") == title
    assert user.title_in_head(tmp_path / "no.toml") == ""


def test_without_a_folder_there_are_none(folder: Path) -> None:
    assert user_names() == []


def test_a_draft_is_written_and_read_again(folder: Path) -> None:
    path = user.save_user_preset("mine", DRAFT.tables())

    preset = find("mine")
    assert path == folder / "mine.toml" and list(folder.iterdir()) == [path]
    assert preset == check_preset(preset_of_tables(DRAFT.tables(), "mine"), "mine")
    assert (
        preset.network.activations == ["tanh", "sigmoid"] and preset.data.dataset and preset.data.dataset.samples == 40
    )
    assert len(build(preset, folder_of("mine")).trainer.train) == 40


def test_what_is_there_is_replaced_only_when_that_is_wanted(folder: Path) -> None:
    user.save_user_preset("mine", DRAFT.tables())
    other = DRAFT._replace(layers="2-5-1").tables()

    with pytest.raises(PresetError, match=r"mine\.toml: exists already: expected another name"):
        user.save_user_preset("mine", other)
    assert find("mine").network.layers == [2, 3, 1]

    user.save_user_preset("mine", other, replace=True)
    assert find("mine").network.layers == [2, 5, 1] and len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(
    "name", ["", "a/b", "..", ".hidden", "x" * 61, "a\n", "end.", "a.toml", "\x1b[31m", *builtin_names()[:1]]
)
def test_a_name_that_cannot_be_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(PresetError, match="^name: "):
        user.save_user_preset(name, DRAFT.tables())


def test_a_folder_that_cannot_be_written_is_reported(folder: Path) -> None:
    folder.write_text("no folder", encoding="utf-8")

    with pytest.raises(PresetError, match="cannot be written: "):
        user.save_user_preset("mine", DRAFT.tables())


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"layers": "2-x-1"}, "mine: network.layers[1]: expected a whole number, got 'x'"),
        ({"layers": ""}, "mine: network.layers"),
        ({"layers": "2-0-1"}, "mine: network.layers[1]: expected a whole number from 1 up, got 0"),
        ({"learning_rate": "fast"}, "mine: training.learning_rate: expected a number, got 'fast'"),
        ({"learning_rate": "-1"}, "mine: training.learning_rate: expected a number above 0, got -1"),
        ({"samples": "many"}, "mine: data.dataset.samples: expected a whole number, got 'many'"),
        ({"noise": "−1"}, "mine: data.dataset.noise: expected a number from 0 up, got -1"),
        ({"data": "file"}, "data.file: expected the name of a CSV file"),
        ({"data": "file", "file": "-"}, "data.file: expected the name of a CSV file"),
    ],
)
def test_a_draft_is_checked_as_a_file_is(changes: dict[str, str], fault: str) -> None:
    with pytest.raises(PresetError) as caught:
        check_preset(preset_of_tables(DRAFT._replace(**changes).tables(), "mine"), "mine")

    assert str(caught.value).startswith(fault)


TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from(["", "0", "-1", "nan", "inf", "1e400", "2-3-1", "--", "²", "1_0"])
)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
@settings(max_examples=FUZZ)
def test_anything_that_is_typed_is_a_network_or_one_line(layers: str, rate: str, samples: str, noise: str) -> None:
    draft = DRAFT._replace(layers=layers, learning_rate=rate, samples=samples, noise=noise)
    try:
        check_preset(preset_of_tables(draft.tables(), "mine"), "mine")
    except PresetError as error:
        assert str(error)
