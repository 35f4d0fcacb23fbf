"""The last sessions: one a run, the newest few, and which of them were broken off."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nn_tui.presets.errors import SessionError
from nn_tui.presets.sessions.autosave import FEW, AutosaveFile, autosaves, forget_crashed, newest_autosave

BEGIN = """
from nn_tui.presets.sessions.autosave import AutosaveFile
run = AutosaveFile("xor")
{keeps}
print(run.path, flush=True)
input()
"""


def broken_off(*, keeps: bool = True) -> Path:
    """The file of a run that was killed."""
    code = BEGIN.format(keeps="run.path.touch()" if keeps else "")
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        path = Path(process.stdout.readline().strip())
        assert autosaves() == []
        process.kill()
    return path


def ended(name: str, seconds_ago: float) -> Path:
    run = AutosaveFile(name)
    run.path.touch()
    os.utime(run.path, (written := run.path.stat().st_mtime - seconds_ago, written))
    run.end()
    return run.path


def test_each_run_has_its_own_file_and_the_newest_comes_first() -> None:
    paths = [ended("xor", seconds) for seconds in (30, 20, 10)]

    assert [each.path for each in autosaves()] == paths[::-1] and newest_autosave() == paths[-1]
    assert [each.name for each in autosaves()] == ["xor"] * 3
    assert not any(each.has_crashed for each in autosaves())


def test_a_run_at_work_is_none_of_the_last_sessions_until_it_is_killed() -> None:
    path = broken_off()

    assert [(each.path, each.has_crashed) for each in autosaves()] == [(path, True)]
    forget_crashed()
    assert [(each.path, each.has_crashed) for each in autosaves()] == [(path, False)]


def test_a_run_that_resumes_a_session_writes_to_its_file_and_another_run_does_not() -> None:
    path = broken_off()

    first, second = AutosaveFile("xor", path), AutosaveFile("xor", path)

    assert first.path == path != second.path
    first.end()
    assert [each.has_crashed for each in autosaves()] == [False]


def test_a_file_of_the_user_is_continued_in_another_one(tmp_path: Path, state: Path) -> None:
    assert AutosaveFile("xor", tmp_path / "xor.nn-session").path.parent == state


def test_only_a_few_stay_and_nothing_of_runs_that_kept_nothing(state: Path) -> None:
    paths = [ended("xor", seconds) for seconds in range(FEW + 3, 0, -1)]
    broken_off_early = state / "xor-0.running"
    broken_off_early.touch()
    (state / ".nn-tui-0").touch()
    os.utime(state / ".nn-tui-0", (0, 0))

    AutosaveFile("iris").end()

    assert [each.path for each in autosaves()] == paths[: -FEW - 1 : -1]
    assert not broken_off_early.exists() and len(list(state.iterdir())) == FEW


@pytest.mark.posix
def test_what_is_no_file_is_none_of_the_last_sessions(state: Path) -> None:
    path = ended("xor", 0)
    (state / "xor-1.nn-session").symlink_to(state / "nowhere")
    os.mkfifo(state / "xor-2.nn-session")
    (state / "xor-3.nn-session").mkdir()

    assert [each.path for each in autosaves()] == [path]


def test_the_session_that_is_gone_on_with_stays_however_old_it_is() -> None:
    oldest = ended("xor", 1000)
    for seconds in range(FEW):
        ended("xor", seconds)

    AutosaveFile("xor", oldest).end()

    assert oldest.exists()


@pytest.mark.parametrize("name", ["", "a/b", "..", "x" * 100, "\x1b[2J"])
def test_a_name_that_no_file_can_have_is_no_file_s_name(name: str, state: Path) -> None:
    run = AutosaveFile(name)

    assert run.path.parent == state and run.path.name.startswith("session-")


def test_without_any_session_that_is_reported() -> None:
    with pytest.raises(SessionError, match="there is no saved session yet"):
        newest_autosave()
