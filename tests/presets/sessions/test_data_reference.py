"""A session with too many examples names their file by name and checksum: it resumes with that file only."""

import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from nn_tui.core.timeline.dump import dump
from nn_tui.presets.data_reference import is_plain
from nn_tui.presets.errors import SessionError
from nn_tui.presets.preset_file import read_preset
from nn_tui.presets.reopened import opened
from nn_tui.presets.sessions.session import Session, decode_session, encode_session, read_session
from nn_tui.presets.sessions.share_link import share_link

from ...helpers.command_line import call, refusal


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session beside its data file, opened from elsewhere."""
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "dots.npz", X=rng.integers(0, 256, (3_000, 100)).astype(np.uint8), y=rng.integers(0, 2, 3_000))
    data = ("--data", str(tmp_path / "dots.npz"), "--batch-size", "500", "--test", "0.2", "--standardize")
    done = call("train", "100-3-1", *data, "--epochs", "2", "--save", str(tmp_path / "dots.nn-session"))
    assert done.returncode == 0, done.stderr
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path / "dots.nn-session"


def test_it_resumes_with_the_file_beside_it_to_the_same_bits(saved: Path) -> None:
    data = ("--data", str(saved.parent / "dots.npz"), "--batch-size", "500", "--test", "0.2", "--standardize")
    straight = call("train", "100-3-1", *data, "--epochs", "3", "--json").stdout

    resumed = call("train", "--resume", str(saved), "--epochs", "3", "--json").stdout

    losses = [msgspec.json.decode(each) for each in (straight, resumed)]
    assert losses[0]["test_loss"] == losses[1]["test_loss"] and losses[0]["train_loss"] == losses[1]["train_loss"]
    assert saved.stat().st_size < 100_000
    assert read_session(saved).preset.data.file == "dots.npz"
    assert str(saved.parent).encode() not in msgspec.msgpack.encode(read_session(saved).preset)


def test_a_file_elsewhere_is_named_and_another_one_is_refused(saved: Path) -> None:
    folder = saved.parent / "elsewhere"
    session = str(shutil.move(saved, folder / "moved.nn-session"))

    status, line = refusal("train", "--resume", session, "--epochs", "3")
    assert status == 2 and "expected the file dots.npz, with the examples of the training, beside it" in line
    status, line = refusal("open", session, "--data", "nowhere.npz", "--trace")
    assert status == 2 and line.startswith("nowhere.npz: is no file (--data): expected dots.npz")
    at = str(saved.parent / "dots.npz")
    assert call("train", "--resume", session, "--data", at, "--epochs", "3").returncode == 0
    assert call("open", session, "--data", at, "--trace").stdout.startswith('{"step":10')
    (folder / "dots.npz").write_bytes(Path(at).read_bytes() + b" ")
    status, line = refusal("open", session, "--trace")
    assert status == 2 and line.endswith("dots.npz: the file has changed since the training: its checksum differs")


def test_a_prediction_names_the_data_file_of_a_session_that_was_moved(saved: Path) -> None:
    session, at = str(shutil.move(saved, saved.parent / "elsewhere" / "moved.nn-session")), saved.parent / "dots.npz"
    new = ("--data", str(at))

    status, line = refusal("predict", session, *new)
    assert status == 2 and line.endswith("--data (of predict --training-data) names another place")
    found = call("predict", session, *new, "--training-data", str(at)).stdout.splitlines()
    assert len(found) == 3_001 and found[0] == "predicted,0,1"
    (saved.parent / "other.npz").write_bytes(at.read_bytes() + b" ")
    status, line = refusal("predict", session, *new, "--training-data", str(saved.parent / "other.npz"))
    assert status == 2 and line.endswith("other.npz: the file has changed since the training: its checksum differs")
    status, line = refusal("predict", "xor", *new, "--training-data", str(at))
    assert status == 2 and line == "--training-data: expected a session, which can name its data file"


def test_what_is_passed_on_has_no_folder(saved: Path, tmp_path: Path) -> None:
    found = opened(str(saved))
    with pytest.raises(SessionError, match="too many examples for a line"):
        share_link(found.preset, Path(), (), 0)

    call("export", str(saved), "--format", "toml", "-o", str(tmp_path / "dots.toml"))

    data = read_preset(tmp_path / "dots.toml").data
    assert data.file == "dots.npz" and data.checksum
    assert call("train", str(tmp_path / "dots.toml"), "--epochs", "1").returncode == 0


def test_no_session_names_another_folder(saved: Path) -> None:
    found = opened(str(saved))
    session = Session(preset=found.preset, timeline=dump(found.timeline))
    assert decode_session(encode_session(session, "x"), "x").preset.data.file == "dots.npz"
    for name in ("../x.npz", "/etc/passwd", "..", "", "\\\\host\\x.csv", "c:x.csv", "a\\b.csv", "nul", "con.csv"):
        assert not is_plain(name), name


def test_a_session_that_has_its_examples_takes_no_file(tmp_path: Path) -> None:
    call("train", "xor", "--steps", "3", "--save", str(tmp_path / "xor.nn-session"))

    status, line = refusal("open", str(tmp_path / "xor.nn-session"), "--data", "x.csv", "--trace")

    assert status == 2 and line.endswith("expected no data file, as its examples are in it (--data)")
