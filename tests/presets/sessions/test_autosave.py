"""The last sessions: one a run, the newest few, and which of them were broken off."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nn_tui.presets.sessions.autosave import FEW, Run, forget_broken_off, kept, last_path
from nn_tui.presets.sessions.errors import SessionError

BEGIN = """
from nn_tui.presets.sessions.autosave import Run
run = Run("xor")
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
        assert kept() == []
        process.kill()
    return path


def ended(name: str, seconds_ago: float) -> Path:
    run = Run(name)
    run.path.touch()
    os.utime(run.path, (written := run.path.stat().st_mtime - seconds_ago, written))
    run.end()
    return run.path


def test_each_run_has_its_own_file_and_the_newest_comes_first() -> None:
    paths = [ended("xor", seconds) for seconds in (30, 20, 10)]

    assert [each.path for each in kept()] == paths[::-1] and last_path() == paths[-1]
    assert [each.name for each in kept()] == ["xor"] * 3
    assert not any(each.is_broken_off for each in kept())


def test_a_run_at_work_is_none_of_the_last_sessions_until_it_is_killed() -> None:
    path = broken_off()

    assert [(each.path, each.is_broken_off) for each in kept()] == [(path, True)]
    forget_broken_off()
    assert [(each.path, each.is_broken_off) for each in kept()] == [(path, False)]


def test_a_run_that_goes_on_with_a_session_takes_its_file_and_another_one_does_not() -> None:
    path = broken_off()

    first, second = Run("xor", path), Run("xor", path)

    assert first.path == path != second.path
    first.end()
    assert [each.is_broken_off for each in kept()] == [False]


def test_somebody_s_own_file_is_gone_on_with_in_another_one(tmp_path: Path, state: Path) -> None:
    assert Run("xor", tmp_path / "xor.nn-session").path.parent == state


def test_only_a_few_stay_and_nothing_of_runs_that_kept_nothing(state: Path) -> None:
    paths = [ended("xor", seconds) for seconds in range(FEW + 3, 0, -1)]
    broken_off_early = state / "xor-0.running"
    broken_off_early.touch()
    (state / ".nn-tui-0").touch()
    os.utime(state / ".nn-tui-0", (0, 0))

    Run("iris").end()

    assert [each.path for each in kept()] == paths[: -FEW - 1 : -1]
    assert not broken_off_early.exists() and len(list(state.iterdir())) == FEW


def test_the_session_that_is_gone_on_with_stays_however_old_it_is() -> None:
    oldest = ended("xor", 1000)
    for seconds in range(FEW):
        ended("xor", seconds)

    Run("xor", oldest).end()

    assert oldest.exists()


@pytest.mark.parametrize("name", ["", "a/b", "..", "x" * 100, "\x1b[2J"])
def test_a_name_that_no_file_can_have_is_no_file_s_name(name: str, state: Path) -> None:
    run = Run(name)

    assert run.path.parent == state and run.path.name.startswith("session-")


def test_without_any_session_that_is_told() -> None:
    with pytest.raises(SessionError, match="no session has been kept yet"):
        last_path()
