"""A person's places: who may read what is kept, and what happens where nothing can be kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nn_tui.presets.atomic_write import atomic_write, check_writable
from nn_tui.presets.errors import SessionError
from nn_tui.presets.sessions.autosave import AutosaveFile, state_folder
from nn_tui.tui.dashboard.exporter import _write_copied
from nn_tui.tui.panel_layout import PanelLayout, write_layout
from nn_tui.tui.terminal.log import defect, keep_log, log_path

from ..helpers.command_line import NN_TUI
from ..helpers.terminal import assert_clean, terminal

pytestmark = pytest.mark.posix


def mode(path: Path) -> str:
    return f"{path.stat().st_mode & 0o777:o}"


def test_what_the_program_keeps_is_nobody_elses_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "new" / "state"
    monkeypatch.setenv("NN_TUI_STATE", str(folder))
    keep_log()

    defect(ValueError("x"))
    run = AutosaveFile("xor")
    write_layout(PanelLayout(large=True))
    _write_copied(b"x")

    assert mode(folder) == "700"
    assert {each.name: mode(each) for each in folder.iterdir()} == dict.fromkeys(
        (log_path().name, run.path.with_suffix(".running").name, "panels.json", "copied.txt"), "600"
    )


@pytest.mark.parametrize(("other", "expected"), [([], "700"), (["notes.txt"], "755")])
def test_what_an_earlier_version_kept_is_made_private_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: list[str], expected: str
) -> None:
    ours = ["xor-0123.nn-session", "xor-0123.running", "nn-tui.log", "nn-tui.log.1", "panels.json", "copied.txt"]
    for name in (*ours, *other):
        (tmp_path / name).write_bytes(b"")
        (tmp_path / name).chmod(0o644)
    tmp_path.chmod(0o755)
    monkeypatch.setenv("NN_TUI_STATE", str(tmp_path))

    state_folder()

    assert mode(tmp_path) == expected
    assert {mode(tmp_path / name) for name in ours} == {"600"}
    assert {mode(tmp_path / name) for name in other} <= {"644"}


def test_a_file_of_the_user_follows_the_umask_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "x"
    umask = os.umask(0o027)
    try:
        atomic_write(file, b"1")
        first = mode(file)
        file.chmod(0o604)
        atomic_write(file, [b"2", b"3"])
    finally:
        os.umask(umask)

    assert (first, mode(file), file.read_bytes()) == ("640", "604", b"23")


READ_ONLY = (
    [Path(line.split()[1]) for line in Path("/proc/mounts").read_text().splitlines() if " ro," in line]
    if (os.path.exists("/proc/mounts"))
    else []
)


@pytest.mark.skipif(not any(each.is_dir() for each in READ_ONLY), reason="there is no read-only file system")
def test_a_read_only_file_system_is_named_as_such() -> None:
    folder = next(each for each in READ_ONLY if each.is_dir())

    for write in (check_writable, lambda path: atomic_write(path, b"")):
        with pytest.raises(SessionError, match="cannot be written: Read-only file system"):
            write(folder / "x")


@pytest.mark.parametrize("command", ["presets", "train xor --steps 1", "config", "open --list"])
def test_who_has_no_home_can_use_the_program(tmp_path: Path, command: str) -> None:
    code = "import os, pwd, sys\ndef gone(*given): raise KeyError\npwd.getpwuid = gone\nfrom nn_tui.tui.main import main\nmain()"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOME", "XDG_", "NN_TUI_"))}

    done = subprocess.run(
        [sys.executable, "-c", code, *command.split()],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=kept,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_a_variable_that_is_no_text_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nn_tui", "config"],
        capture_output=True,
        env={**os.environb, b"NN_TUI_FPS": b"6\xff"},
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (2, b"nn-tui: NN_TUI_FPS: expected UTF-8 text\n")


def test_a_session_that_cannot_be_kept_at_the_end_is_one_line_and_exit_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    monkeypatch.setenv("NN_TUI_STATE", str(file / "state"))
    with terminal(NN_TUI, "xor", columns=200) as shown:
        shown.wait_for("backward pass")
        shown.type("s")
        shown.wait_for("step 1")
        shown.type("q")

        assert shown.wait_for_end() == 2
        assert_clean(shown)
        last = bytes(shown.output).rpartition(b"\x1b[?1004l")[2].decode()
    assert last.count("nn-tui: ") == 1 and "cannot be written: there is no folder" in last
