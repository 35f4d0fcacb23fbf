"""What terminals do to programs: they stop them, go away, change their size, and are written to by others."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from nn_tui.presets.reopened import opened
from nn_tui.presets.sessions.autosave import ENDING, autosaves, newest_autosave, state_folder
from nn_tui.tui.terminal.log import log_path

from ...helpers.command_line import NN_TUI
from ...helpers.terminal import Terminal, assert_clean, last_words, terminal

STRAY = """
import os, sys
from nn_tui.tui.main import main
from nn_tui.tui.dashboard.gradient_checks import GradientChecks

def write(checks):
    print("STRAY")
    print("STRAY", file=sys.stderr)
    os.write({descriptor}, b"\\x1b[HWRITTEN" * 3)

GradientChecks.toggle = write
main()
"""

DRAWN_WHILE_SUSPENDED = """
from nn_tui.tui.main import main
from nn_tui.tui.dashboard.gradient_checks import GradientChecks

def draw(checks):
    screen = checks._dashboard
    with screen.app.suspend():
        for _ in range(1000):
            screen.app._driver.write("DRAWN")
        print("suspended")

GradientChecks.toggle = draw
main()
"""


BROKEN_INPUT = """
from nn_tui.tui.main import main
from nn_tui.tui.terminal import driver

def fail(token, parser):
    raise ZeroDivisionError("a defect")

driver.messages = fail
main()
"""

ODD = [
    b"\xf6",
    b"\x1b[M\xff\xff\xff",
    b"\x1b[115;1:3u\x1b[1114112u",
    b"\x1b[48;24;80;0;0t\x1b[<0;9;9M\x1b[<0;9;9m",
    b"\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62;22c\x1bP>|XTerm(377)\x1b\\",
]
"""What terminals send by themselves: a byte of no character, mouse, keys and sizes of other protocols, and answers."""


def stepped(shown: Terminal) -> None:
    shown.wait_for("backward pass")
    shown.type("s")
    shown.wait_for("paused  step 1 ")


@pytest.mark.parametrize("runs", [False, True])
def test_control_z_stops_the_program_in_a_clean_terminal_and_it_continues_there(runs: bool) -> None:
    with terminal(NN_TUI, "xor") as shown:
        stepped(shown)
        if runs:
            shown.type(" ")
            shown.wait_for("running")
        shown.type("\x1a")
        shown.read_until(lambda: shown.state() == "T", "the stop")
        shown.read()
        assert_clean(shown)
        shown.wipe()
        os.kill(shown.pid, signal.SIGCONT)
        shown.wait_for("running" if runs else "paused  step 1 ")
        shown.type(" " if runs else "s")
        shown.wait_for("paused" if runs else "paused  step 2 ")
        shown.type("q")

        assert shown.wait_for_end() == 0
        assert_clean(shown)


def test_a_fault_of_the_input_thread_ends_in_one_line_and_a_clean_terminal() -> None:
    with terminal(sys.executable, "-c", BROKEN_INPUT, "xor", columns=200) as shown:
        shown.wait_for("backward pass")
        shown.type("s")

        assert shown.wait_for_end() == 1
        assert_clean(shown)
        words = last_words(shown)
    assert words.strip() == f"nn-tui: ZeroDivisionError: a defect; {log_path()} has the traceback"
    assert "in fail" in log_path().read_text(encoding="utf-8")


def test_what_a_terminal_sends_by_itself_does_nothing() -> None:
    with terminal(NN_TUI, "xor") as shown:
        stepped(shown)
        for step, odd in enumerate(ODD, start=2):
            shown.send(odd)
            shown.type("s")
            shown.wait_for(f"paused  step {step} ")
        shown.type("q")

        assert shown.wait_for_end() == 0
        assert_clean(shown)


def test_a_paste_that_never_ends_keeps_the_keys_only_for_a_while() -> None:
    with terminal(NN_TUI, "xor") as shown:
        stepped(shown)
        shown.type("\x1b[200~abc")

        def is_stepped() -> bool:
            shown.type("s")
            return "paused  step 1 " not in shown.text()

        shown.read_until(is_stepped, "a step")


@pytest.mark.parametrize("shows", [b"\x1b[?1049h", b"opening", b"Parameters", b"backward pass"])
def test_a_signal_while_it_starts_has_its_own_status(shows: bytes) -> None:
    with terminal(NN_TUI, "xor", columns=120, rows=36) as shown:
        shown.read_until(lambda: shows in shown.output, "the start")
        os.kill(shown.pid, signal.SIGTERM)

        assert shown.wait_for_end() == 128 + signal.SIGTERM
        assert_clean(shown)


def test_it_can_be_stopped_at_any_moment() -> None:
    """A handler that breaks into what it stops waits for its locks: one stop in twenty hung, or ended in a traceback."""
    with terminal(NN_TUI, "xor") as shown:
        stepped(shown)
        shown.type(" ")
        for _ in range(30):
            os.kill(shown.pid, signal.SIGTSTP)
            shown.read_until(lambda: shown.state() == "T", "the stop")
            os.kill(shown.pid, signal.SIGCONT)
            shown.type("j")
        shown.type("q")

        assert shown.wait_for_end() == 0
        assert_clean(shown)


def test_what_is_drawn_while_it_is_suspended_goes_nowhere_and_is_not_waited_for() -> None:
    with terminal(sys.executable, "-c", DRAWN_WHILE_SUSPENDED, "xor") as shown:
        stepped(shown)
        shown.type("c")
        shown.read_until(lambda: b"suspended" in shown.output, "the end of the drawing")
        shown.type("s")
        shown.wait_for("paused  step 2 ")
        shown.type("q")
        assert b"DRAWN" not in shown.output

        assert shown.wait_for_end() == 0
        assert_clean(shown)


def test_a_signal_to_continue_without_a_stop_only_draws_again() -> None:
    with terminal(NN_TUI, "xor") as shown:
        stepped(shown)
        for _ in range(3):
            shown.wipe()
            os.kill(shown.pid, signal.SIGCONT)
            shown.wait_for("paused  step 1 ")
        threads = [Path(task, "comm").read_text() for task in Path(f"/proc/{shown.pid}/task").iterdir()]
        shown.type("sq")

        assert len(threads) <= 5
        assert shown.wait_for_end() == 0
        assert_clean(shown)


@pytest.mark.parametrize("runs", [False, True])
@pytest.mark.parametrize("hears", [False, True])
def test_it_ends_with_its_terminal_and_the_training_is_saved(runs: bool, hears: bool) -> None:
    argv = (NN_TUI, "xor") if hears else ("sh", "-c", f"trap '' HUP; '{NN_TUI}' xor; exit $?")
    with terminal(*argv) as shown:
        stepped(shown)
        if runs:
            shown.type(" ")
            shown.wait_for("running")

        assert shown.hang_up() == 128 + signal.SIGHUP

    assert opened(str(newest_autosave())).timeline.position.step >= 1
    assert not any(each.has_crashed for each in autosaves())
    assert {path.suffix for path in state_folder().iterdir()} == {ENDING}


def test_it_ends_with_its_terminal_in_the_middle_of_a_stop() -> None:
    with terminal(NN_TUI, "xor") as shown:
        stepped(shown)
        os.kill(shown.pid, signal.SIGTSTP)
        shown.read_until(lambda: b"\x1b[?1049l" in shown.output, "the shell's screen")

        assert shown.hang_up() == 128 + signal.SIGHUP


def test_a_signal_that_is_to_be_ignored_is() -> None:
    with terminal("sh", "-c", f"trap '' HUP; exec '{NN_TUI}' xor") as shown:
        stepped(shown)
        os.kill(shown.pid, signal.SIGHUP)
        shown.type("s")
        shown.wait_for("paused  step 2 ")
        shown.type("q")

        assert shown.wait_for_end() == 0


@pytest.fixture
def fresh() -> Iterator[Terminal]:
    """A screen that nothing has happened to."""
    with terminal(NN_TUI, "xor", columns=120, rows=36) as shown:
        shown.wait_for("? help")
        yield shown


def wait_until_same(shown: Terminal, fresh: Terminal) -> None:
    def is_same() -> bool:
        fresh.read()
        return shown.text() == fresh.text()

    shown.read_until(is_same, "a screen as a fresh one")


def test_after_a_storm_of_sizes_the_screen_is_as_a_fresh_one(fresh: Terminal) -> None:
    random = Random(3)
    with terminal(NN_TUI, "xor") as shown:
        shown.wait_for("? help")
        for _ in range(200):
            shown.resize(random.randint(1, 250), random.randint(1, 80))
        shown.resize(120, 36)

        wait_until_same(shown, fresh)


@pytest.mark.parametrize("descriptor", [1, 2])
def test_what_others_write_on_the_screen_is_gone_after_a_redraw(descriptor: int, fresh: Terminal) -> None:
    with terminal(sys.executable, "-c", STRAY.format(descriptor=descriptor), "xor", columns=120, rows=36) as shown:
        wait_until_same(shown, fresh)
        shown.type("c")
        shown.wait_for("WRITTEN")
        shown.type("\x0c")

        wait_until_same(shown, fresh)
        assert b"STRAY" not in shown.output


@pytest.fixture
def small_disk(state: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the last sessions on a disk of its own, under a name that fits into a line."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(state)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    monkeypatch.chdir(state.parent)
    monkeypatch.setenv("NN_TUI_STATE", state.name)
    yield state
    subprocess.run(["umount", str(state)], check=True)


def fill(disk: Path) -> Path:
    """A file that leaves no room for another one."""
    with (disk / "other").open("wb", buffering=0) as other, pytest.raises(OSError, match="No space"):
        while True:
            other.write(b"x" * 512)
    return disk / "other"


def test_a_full_disk_is_reported_while_the_run_continues_and_the_old_file_stays(small_disk: Path) -> None:
    with terminal(NN_TUI, "--autosave", "0.1", "xor", columns=120, rows=36) as shown:
        stepped(shown)
        shown.read_until(lambda: len(list(small_disk.glob(f"*{ENDING}"))) == 1, "a session")
        (file,) = small_disk.glob(f"*{ENDING}")
        other, before = fill(small_disk), file.read_bytes()
        shown.type(" ")
        shown.wait_for("left on device")
        shown.type(" ")
        shown.wait_for("paused")
        assert file.read_bytes() == before
        other.unlink()
        shown.type("q")
        assert shown.wait_for_end() == 0

    assert opened(str(file)).timeline.position.step > 1


def test_a_place_for_no_sessions_is_reported_while_it_runs_and_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NN_TUI_STATE", "file")
    with terminal(NN_TUI, "--autosave", "0.1", "xor") as shown:
        stepped(shown)
        shown.wait_for("no folder file")
        shown.type("q")

        assert shown.wait_for_end() == 2
        words = last_words(shown)
    assert words.startswith("nn-tui: file/xor-") and words.count("\n") == 1 and "there is no folder file" in words
