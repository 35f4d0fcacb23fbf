"""Killed in the middle of saving: what is on the disk opens, and leads to the same bits as a straight replay."""

import os
import sys
from pathlib import Path
from random import Random
from time import monotonic

from nn_tui.core.training.in_bursts import state_at
from nn_tui.presets.reopened import opened
from nn_tui.presets.sessions.autosave import ENDING, autosaves, state_folder
from nn_tui.tui.text.numbers import count

from ..helpers.terminal import Terminal, terminal

KILLS = int(os.environ.get("NN_TUI_KILLS", "4"))
"""Fifty are for a run by hand."""

ENDLESS = """
name = "xor"
[network]
layers = [2, 3, 1]
init = { scheme = "xavier", seed = 1 }
[training]
loss = "bce"
learning_rate = 0.5
[data]
inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
targets = [[0], [1], [1], [0]]
"""
"""A training that is still running whenever it is killed."""


def assert_as_replayed(file: Path) -> int:
    """See that a session holds the very bits of a training without a break; its step."""
    found = opened(str(file))
    step = found.timeline.position.step
    state = state_at(found.experiment.trainer, found.experiment.start, step)
    assert found.timeline.state().parameters.tobytes() == state.parameters.tobytes()
    return step


def test_a_session_opens_whenever_the_program_is_killed(tmp_path: Path) -> None:
    random, file, preset = Random(1), tmp_path / "xor.nn-session", tmp_path / "xor.toml"
    preset.write_text(ENDLESS, encoding="utf-8")
    for _ in range(KILLS):
        terminal = Terminal(
            "sh", "-c", f"cd '{tmp_path}' && exec '{sys.executable}' -m nn_tui xor.toml", columns=80, rows=24
        )
        try:
            terminal.wait_for("inputs")
            terminal.type(" ")
            terminal.wait_for("running")
            end = monotonic() + random.uniform(0.05, 0.6)
            while monotonic() < end or not file.exists():
                terminal.type("w")
                terminal.read()
        finally:
            terminal.close()  # SIGKILL
        assert_as_replayed(file)
    leftovers = [path.name for path in tmp_path.iterdir() if path not in (file, preset)]
    assert len(leftovers) <= KILLS


def killed_while_running() -> Path:
    """The session of a run that was killed after it was kept by itself some steps on."""
    killed = Terminal(sys.executable, "-m", "nn_tui", "--autosave", "0.2", "xor")
    try:
        killed.wait_for("inputs")
        killed.type(" ")
        killed.read_until(lambda: any(left_at(file) > 100 for file in files()), "a session")
    finally:
        killed.close()  # SIGKILL
    return autosaves()[0].path


def files() -> list[Path]:
    return list(state_folder().glob(f"*{ENDING}"))


def left_at(file: Path) -> int:
    return opened(str(file)).timeline.position.step


def test_a_run_that_is_killed_is_offered_at_the_next_start_and_continues_to_the_same_bits() -> None:
    file = killed_while_running()
    step = assert_as_replayed(file)
    losses = opened(str(file)).histories[1].batch_loss
    assert losses[-1][0] <= step + 1

    with terminal(sys.executable, "-m", "nn_tui", "--autosave", "0.2", "3-4-1", columns=120, rows=36) as other:
        other.wait_for("xor crashed just now: press p and enter to resume it")
        other.type("s")
        other.wait_for("0.648")
        other.read_until(lambda: len(files()) == 2, "a session of its own")
        other.type("p")
        other.wait_for("Resume after a crash")
        other.type("\r")
        other.wait_for(f"paused  step {count(step)} ")
        other.type("s")
        other.wait_for(f"paused  step {count(step + 1)} ")
        other.type("q")
        assert other.wait_for_end() == 0
    assert assert_as_replayed(file) == step + 1
    assert not any(each.has_crashed for each in autosaves())


def test_the_last_session_is_opened_after_a_kill() -> None:
    step = left_at(killed_while_running())

    with terminal(sys.executable, "-m", "nn_tui", "open") as again:
        again.wait_for(f"paused  step {count(step)} ")
