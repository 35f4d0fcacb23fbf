"""The installed program in a real terminal."""

import os
import re
import signal
from pathlib import Path

import pytest

from nn_tui.presets.reopened import opened
from nn_tui.presets.sessions.autosave import autosaves, newest_autosave

from ..helpers.command_line import NN_TUI
from ..helpers.terminal import Terminal, assert_clean, terminal


def test_from_the_picker_to_quit() -> None:
    with terminal(NN_TUI) as screen:
        screen.wait_for("type to filter")
        screen.type("3-4-1\r")
        screen.wait_for("ŷ₁ 0.521")
        for prediction in ("0.648", "0.758", "0.836"):
            screen.type("s")
            screen.wait_for(f"ŷ₁ {prediction}")
        screen.type("2")
        screen.wait_for("w¹₁₁")
        screen.type("4")
        screen.wait_for("0.6")
        screen.type("q")

        assert screen.wait_for_end() == 0
        assert screen.output.endswith(b"Saved. Resume with: nn-tui open\r\n")
        assert_clean(screen)


def test_it_answers_while_it_runs_flat_out_and_stops_at_once() -> None:
    with terminal(NN_TUI, "xor", columns=120, rows=36) as screen:
        screen.wait_for("backward pass")
        screen.type(" ")
        screen.wait_for("updates/s")
        screen.type("n")
        screen.wait_for("example 2 of 4")
        screen.read_until(lambda: step_of(screen, "running") > 1000, "step 1 000")
        screen.type(" ")
        screen.wait_for("‖ paused")
        step = step_of(screen, "paused")
        screen.type("s")
        screen.wait_for(f"step {step + 1:,}".replace(",", " "))


def step_of(screen: Terminal, state: str) -> int:
    """The step that the header says beside a state; -1 where it says another state."""
    found = re.search(rf"{state}  step (\d+(?: \d{{3}})*)", screen.text())
    return int(found[1].replace(" ", "")) if found else -1


@pytest.mark.parametrize(("name", "runs"), [("SIGTERM", True), ("SIGHUP", False), ("SIGINT", True), ("SIGQUIT", False)])
def test_a_signal_saves_the_training_and_leaves_a_clean_terminal(name: str, runs: bool) -> None:
    number = signal.Signals[name]
    with terminal(NN_TUI, "xor") as screen:
        screen.wait_for("backward pass")
        screen.type("s")
        screen.wait_for("paused  step 1 ")
        if runs:
            screen.type(" ")
            screen.wait_for("running")
        os.kill(screen.pid, number)

        assert screen.wait_for_end() == 128 + number
        assert_clean(screen)
        assert b"Traceback" not in screen.output

    step = opened(str(newest_autosave())).timeline.position.step
    assert step >= 1 if runs else step == 1
    assert not any(each.has_crashed for each in autosaves())


def test_control_c_leaves_a_clean_terminal() -> None:
    with terminal(NN_TUI, "3-4-1") as screen:
        screen.wait_for("backward pass")
        screen.type("\x03")

        assert screen.wait_for_end() == 0
        assert_clean(screen)


def test_control_c_can_be_pressed_more_than_once() -> None:
    with terminal(NN_TUI, "3-4-1") as screen:
        screen.wait_for("backward pass")
        for _ in range(100):  # the later ones come when the terminal sends a signal instead of a key
            screen.type("\x03")
            screen.read()

        assert b"^C" in screen.output
        assert screen.wait_for_end() == 0


def test_the_size_that_is_needed_is_reported_and_nothing_is_lost() -> None:
    with terminal(NN_TUI, "3-4-1") as screen:
        screen.wait_for("ŷ₁ 0.521")
        screen.type("s")
        screen.wait_for("ŷ₁ 0.648")
        screen.resize(40, 12)
        screen.wait_for("nn-tui needs 60×20, this is 40×12")
        screen.resize(120, 36)
        screen.wait_for("ŷ₁ 0.648")
        screen.wait_for("w¹₁₁  +0.198195")


def test_no_escape_sequence_of_a_preset_reaches_the_terminal(tmp_path: Path) -> None:
    source = (Path(__file__).parents[1] / "data" / "good.toml").read_text(encoding="utf-8")
    file = tmp_path / "hostile.toml"
    file.write_text(re.sub(r'title = ".*"', r'title = "[/nope] \\u001b]2;x\\u0007"', source), encoding="utf-8")
    with terminal(NN_TUI, str(file), columns=120, rows=36) as screen:
        screen.wait_for("[/nope] \\x1b]2;x\\x07")

        assert b"\x1b]2;x" not in screen.output


def test_headless_training_shows_a_bar_on_a_terminal() -> None:
    with terminal(NN_TUI, "train", "xor", "--steps", "20000") as screen:
        screen.wait_for("100%")

        assert screen.wait_for_end() == 0
