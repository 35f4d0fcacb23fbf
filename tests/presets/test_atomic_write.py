"""Replacing a file: it is whole at any time, and what cannot be is told in one line."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from nn_tui.presets.atomic_write import atomic_write
from nn_tui.presets.errors import SessionError
from nn_tui.presets.reopened import opened

NOBODY = 65534
WRITE = """
import sys
from pathlib import Path
from nn_tui.presets.atomic_write import atomic_write
{before}
try:
    atomic_write(Path({path!r}), b"x" * 100_000)
except ValueError as error:
    print(error)
"""


def written(path: Path, before: str = "") -> str:
    """What a program tells that writes 100 000 bytes there."""
    code = WRITE.format(path=str(path), before=before)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    atomic_write(tmp_path / "x", b"old")
    atomic_write(tmp_path / "x", b"new")

    assert [each.name for each in tmp_path.iterdir()] == ["x"]
    assert (tmp_path / "x").read_bytes() == b"new"


@pytest.mark.posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "x")

    atomic_write(tmp_path / "link", b"new")

    assert (tmp_path / "link").is_symlink() and (tmp_path / "x").read_bytes() == b"new"


def refusing(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next moves of files be refused so often, as Windows does while another program has the file open."""
    move, left = Path.replace, iter(range(times))

    def refused(self: Path, target: Path) -> Path:
        if next(left, None) is not None:
            raise PermissionError(13, "Permission denied")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    monkeypatch.setattr("nn_tui.presets.atomic_write.PAUSE", 0)


def test_on_windows_a_file_that_is_open_elsewhere_for_a_moment_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nn_tui.presets.atomic_write.platform", "win32")
    refusing(2, monkeypatch)

    atomic_write(tmp_path / "x", b"new")

    assert [each.name for each in tmp_path.iterdir()] == ["x"] and (tmp_path / "x").read_bytes() == b"new"


@pytest.mark.parametrize(("system", "times"), [("win32", 1000), ("linux", 1)])
def test_a_file_that_stays_open_elsewhere_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, times: int
) -> None:
    monkeypatch.setattr("nn_tui.presets.atomic_write.platform", system)
    refusing(times, monkeypatch)

    with pytest.raises(SessionError, match="x: cannot be written: Permission denied$"):
        atomic_write(tmp_path / "x", b"new")

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file(full_disk: Path) -> None:
    (full_disk / "x").write_bytes(b"old")

    told = written(full_disk / "x")

    assert told == f"{full_disk / 'x'}: cannot be written: No space left on device\n"
    assert [each.name for each in full_disk.iterdir()] == ["x"] and (full_disk / "x").read_bytes() == b"old"


@pytest.mark.posix
def test_a_file_that_may_not_grow_so_far_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")

    told = written(tmp_path / "x", "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))")

    assert told == f"{tmp_path / 'x'}: cannot be written: File too large\n"
    assert [each.name for each in tmp_path.iterdir()] == ["x"] and (tmp_path / "x").read_bytes() == b"old"


@pytest.mark.posix
def test_a_folder_without_permission_is_reported() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "x").write_bytes(b"old")
        folder.chmod(0o555)

        told = written(folder / "x", f"import os\nos.getuid() or os.setuid({NOBODY})")

        folder.chmod(0o755)
        assert told == f"{folder / 'x'}: cannot be written: Permission denied\n"
        assert [each.name for each in folder.iterdir()] == ["x"] and (folder / "x").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("", "expected the name of a file, got a folder"),
        ("none/x", "cannot be written: there is no folder "),
        pytest.param("/dev/null", "expected the name of a file, got a device", marks=pytest.mark.posix),
        ("x\0y", "cannot be written: expected a name without the character 0"),
        pytest.param("x" * 300, "cannot be written: File name too long", marks=pytest.mark.posix),
    ],
)
def test_a_place_for_no_file_is_reported(tmp_path: Path, name: str, line: str) -> None:
    with pytest.raises(SessionError) as caught:
        atomic_write(tmp_path / name, b"new")

    assert line in str(caught.value) and "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        pytest.param("", "cannot be read: Is a directory", marks=pytest.mark.posix),
        ("none", "cannot be read: No such file or directory"),
        pytest.param("/dev/zero", "not a session: expected a file that nn-tui has saved", marks=pytest.mark.posix),
        ("x\0y", "expected the name of a file, got one with the character 0"),
    ],
)
def test_a_place_of_no_session_is_reported(tmp_path: Path, name: str, line: str) -> None:
    with pytest.raises(SessionError) as caught:
        opened(str(tmp_path / name))

    assert line in str(caught.value) and "\n" not in str(caught.value)
