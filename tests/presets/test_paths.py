"""File names: what Windows takes for a device is no name on any system, and there no file."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nn_tui.presets import catalogue, paths, toml_reader, user
from nn_tui.presets.atomic_write import check_writable, write_unique_file
from nn_tui.presets.csv.reader import read_table
from nn_tui.presets.errors import PresetError
from nn_tui.presets.form import PresetForm
from nn_tui.presets.paths import is_device, is_name
from nn_tui.presets.sessions import session
from nn_tui.presets.sessions.autosave import AutosaveFile, session_path

DEVICES = ["con", "NUL", "Prn", "aux", "aux.toml", "com1.x", "COM0", "lpt9", "lpt¹", "nul .a.b"]
NO_DEVICES = ["console", "com", "com10", "lpt", "nul-1", "xor", "my con", "3-4-1"]
TABLES = PresetForm("mine", "2-3-1", "tanh", "bce", "adam", "0.05", "moons", "40", "0.1", "").tables()
READERS: list[Callable[[Path], object]] = [toml_reader.read_text, read_table, session.read_session]

A_DRIVE = pytest.param("a:b", marks=pytest.mark.posix)  # there this is the file b on another drive


def make_exist(path: Path) -> None:
    """Let a file of this name exist, as Windows says of its devices."""
    if sys.platform != "win32":
        path.write_text("there", encoding="utf-8")


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(paths, "platform", "win32")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", DEVICES)
def test_a_device_of_windows_is_no_name_on_any_system(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(PresetError, match="^name: "):
        user.check_user_name(name)
    assert session_path(name).name == "session.nn-session"
    assert AutosaveFile(name).path.name.startswith("session-")
    assert write_unique_file(name, "step-5", ".csv", b"").name == "nn-tui-step-5.csv"


@pytest.mark.parametrize("name", NO_DEVICES)
def test_a_name_that_only_looks_like_one_is_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("name", ["Xor", "XOR", "Digits"])
def test_a_shipped_preset_in_capitals_is_the_same_name(name: str) -> None:
    with pytest.raises(PresetError, match=f"^name: {name.lower()} comes with nn-tui: expected another name"):
        user.check_user_name(name)


def test_an_own_preset_in_capitals_is_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NN_TUI_PRESETS", str(tmp_path))
    user.save_user_preset("straße", TABLES)

    with pytest.raises(PresetError, match="^name: straße exists, and some systems do not distinguish the two"):
        user.save_user_preset("STRASSE", TABLES, replace=True)
    user.save_user_preset("straße", TABLES, replace=True)


@pytest.mark.parametrize("name", [*DEVICES, A_DRIVE, "aux:", "x.toml:stream"])
@pytest.mark.parametrize("read", READERS)
def test_on_windows_no_device_is_read(on_windows: Path, name: str, read: Callable[[Path], object]) -> None:
    make_exist(on_windows / name)

    with pytest.raises(PresetError, match="cannot be read: expected the name of a file, got the name of a device$"):
        read(on_windows / name)


@pytest.mark.parametrize("name", ["NUL", A_DRIVE, "com1.csv"])
def test_on_windows_no_device_is_written_or_opened(on_windows: Path, name: str) -> None:
    make_exist(on_windows / name)

    with pytest.raises(PresetError, match="expected the name of a file, got a device$"):
        check_writable(on_windows / name)
    with pytest.raises(PresetError, match="is named|no such file|is data"):
        catalogue.find(name)
    assert not session.is_session(on_windows / name)


@pytest.mark.posix
@pytest.mark.parametrize("name", ["NUL", "a:b", "com1.csv"])
def test_elsewhere_these_are_files(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("1,2\n", encoding="utf-8")

    check_writable(tmp_path / name)
    assert not is_device(tmp_path / name) and read_table(tmp_path / name).rows == [["1", "2"]]
