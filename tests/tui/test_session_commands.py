"""The commands about sessions: what is saved, shared and exported, and how they refuse."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from nn_tui.core.steps.stop import Stop
from nn_tui.presets.catalogue import find
from nn_tui.presets.opened import opened_preset
from nn_tui.presets.reopened import opened
from nn_tui.presets.user import builtin_folder
from nn_tui.tui.commands.train_output import SessionRecorder
from nn_tui.tui.main import THREADS
from nn_tui.tui.terminal.signals import exits_on_signals

from ..helpers.command_line import NN_TUI, call, run


@pytest.mark.parametrize(
    ("preset", "options"),
    [
        ("3-4-1", []),
        ("xor", ["--batch-size", "3", "--optimizer", "adam", "--learning-rate", "0.1"]),
        ("3-4-1-marks", ["--batch-size", "32", "--optimizer", "momentum", "--learning-rate", "0.1"]),
        ("spiral", []),
    ],
)
def test_a_resumed_training_is_an_uninterrupted_one_byte_for_byte(
    tmp_path: Path, preset: str, options: list[str]
) -> None:
    file = str(tmp_path / "x")
    straight = call("train", preset, *options, "--steps", "40", "--trace").stdout.splitlines()

    first = call("train", preset, *options, "--steps", "13", "--trace", "--save", file)
    second = call("train", "--resume", file, "--steps", "25", "--trace", "--save", file)
    third = call("train", "--resume", file, "--steps", "40", "--trace")

    assert first.stderr == second.stderr == third.stderr == ""
    assert first.stdout.splitlines() == straight[:14]
    assert second.stdout.splitlines() == straight[13:26]
    assert third.stdout.splitlines() == straight[25:]
    assert call("open", file, "--trace").stdout.splitlines() == [straight[25]]
    assert [step for step, _ in opened(file).histories[1].batch_loss] == list(range(26))


def test_a_session_of_a_csv_file_opens_without_the_file(tmp_path: Path) -> None:
    data = tmp_path / "and.csv"
    data.write_text("a,b,y\n0,0,no\n0,1,no\n1,0,no\n1,1,yes\n", encoding="utf-8")
    options = ["2-3-1", "--data", str(data), "--test", "0.25", "--standardize"]
    straight = call("train", *options, "--steps", "9", "--trace").stdout.splitlines()
    shared = call("share", *options, "--step", "9").stdout.strip()

    call("train", *options, "--steps", "4", "--save", str(tmp_path / "x"))
    data.unlink()

    assert call("train", "--resume", str(tmp_path / "x"), "--steps", "9", "--trace").stdout.splitlines() == straight[4:]
    assert call("open", shared, "--trace").stdout.splitlines() == straight[9:]


def test_examples_from_the_standard_input_are_saved(tmp_path: Path) -> None:
    text = "a,b,y\n0,0,0\n0,1,0\n1,0,0\n1,1,1\n"

    done = call("train", "2-3-1", "--data", "-", "--steps", "4", "--trace", "--save", str(tmp_path / "x"), stdin=text)

    assert call("open", str(tmp_path / "x"), "--trace").stdout.splitlines() == done.stdout.splitlines()[-1:]


@pytest.mark.posix
def test_a_training_that_is_terminated_is_saved(tmp_path: Path) -> None:
    endless = [NN_TUI, "train", "xor", "--steps", "100000000", "--trace", "--save", str(tmp_path / "x")]

    with subprocess.Popen(endless, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout
        lines = [program.stdout.readline() for _ in range(9)]  # then the pipe is full, which must not keep it
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=60)

    assert program.returncode == 128 + signal.SIGTERM and json.loads(lines[-1])["step"] == 8
    done = call("open", str(tmp_path / "x"), "--trace")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["step"] >= 8


@pytest.mark.posix
def test_a_training_that_is_terminated_at_any_moment_opens_again(tmp_path: Path) -> None:
    statuses: list[object] = []
    while 0 not in statuses:
        training = opened_preset(find("xor"), builtin_folder())
        with exits_on_signals() as signals, pytest.raises(SystemExit) as end:
            with SessionRecorder(training, tmp_path / "x", signals) as keeping, terminated_at(len(statuses) + 1):
                for event in training.experiment.trainer.events(training.timeline.state(), Stop(steps=1)):
                    keeping.note(event)
            raise SystemExit(0)
        statuses.append(end.value.code)

        found = opened(str(tmp_path / "x"))

        assert len(found.histories[1].batch_loss) - 1 <= found.timeline.position.step <= 1
    assert len(statuses) > 9 and set(statuses) == {0, 128 + signal.SIGTERM}


@contextmanager
def terminated_at(number: int) -> Iterator[None]:
    """Within, SIGTERM comes before a line by which something is kept of a training, counted from 1."""
    lines = count(1)

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.endswith(KEEPING):
            return None
        if event == "line" and next(lines) == number:
            signal.raise_signal(signal.SIGTERM)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


KEEPING = ("core/timeline/timeline.py", "core/metrics/history.py")
"""The files that keep states and losses of a training."""


def test_a_training_that_breaks_off_is_saved(tmp_path: Path) -> None:
    done = call("train", "1-1-1-1", "--learning-rate", "1000", "--json", "--save", str(tmp_path / "x"))

    assert done.returncode == 3
    step = json.loads(call("open", str(tmp_path / "x"), "--trace").stdout)["step"]
    assert step == json.loads(done.stdout)["step"]


@pytest.mark.posix
def test_an_interrupted_training_is_saved(tmp_path: Path) -> None:
    file = tmp_path / "x"
    arguments = [NN_TUI, "train", "3-4-1", "--steps", "100000000", "--trace", "--save", str(file)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdout.readline()
        process.send_signal(signal.SIGINT)
        lines = process.stdout.readlines()
    assert process.returncode == 130

    resumed = call("train", "--resume", str(file), "--steps", str(len(lines) + 5), "--trace").stdout.splitlines()
    straight = call("train", "3-4-1", "--steps", str(len(lines) + 5), "--trace").stdout.splitlines()

    assert resumed and resumed == straight[-len(resumed) :]


@pytest.mark.skipif(sys.platform != "linux", reason="only there can a process choose its processors")
def test_the_bits_are_the_same_on_any_number_of_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sys.platform == "linux"
    for name in THREADS:
        monkeypatch.delenv(name, raising=False)
    processors = os.sched_getaffinity(0)
    # All examples at once: only products of large matrices are parted.
    arguments = ["export", "digits", "--batch-size", "all", "--step", "5", "--format", "json"]

    on_all = run(*arguments).stdout
    try:
        os.sched_setaffinity(0, {min(processors)})
        on_one = run(*arguments).stdout
    finally:
        os.sched_setaffinity(0, processors)

    assert on_all and on_all == on_one


@pytest.mark.parametrize("preset", ["3-4-1", "xor", "iris"])
def test_a_shared_line_shows_the_same_numbers(preset: str) -> None:
    line = call("share", preset, "--step", "7").stdout

    shown = call("open", line.strip(), "--trace").stdout

    assert line.startswith("nn2:") and line.count("\n") == 1
    assert shown == call("train", preset, "--steps", "7", "--trace").stdout.splitlines(keepends=True)[-1]


def test_an_exported_preset_opens_to_the_same_numbers(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    assert call("export", "3-4-1", "--step", "3", "--format", "toml", "--output", str(file)).stdout == ""

    now = json.loads(call("train", str(file), "--steps", "0", "--trace").stdout)
    then = json.loads(call("export", "3-4-1", "--step", "3", "--format", "json").stdout)

    assert (now["step"], then["step"]) == (0, 3)
    assert now["predictions"] == then["predictions"] and now["layers"] == then["layers"]


def test_a_training_that_is_too_large_for_a_session_is_reported_before_it_begins(tmp_path: Path) -> None:
    (tmp_path / "and.csv").write_text("a,b,y\n0,0,0\n1,1,1\n", encoding="utf-8")
    options = ["2-700-700-1", "--data", str(tmp_path / "and.csv"), "--optimizer", "adam", "--steps", "1000000"]

    done = call("train", *options, "--save", str(tmp_path / "x"))

    assert done.returncode == 2 and "too large to save: expected at most 16,777,216 bytes" in done.stderr


def test_an_exported_table_has_a_line_for_each_number() -> None:
    lines = call("export", "3-4-1", "--format", "csv").stdout.splitlines()

    assert lines[0] == "step,quantity,value" and lines[1].startswith("0,loss,")


def test_what_could_not_be_saved_is_reported_before_training(tmp_path: Path) -> None:
    done = call("train", "3-4-1", "--steps", "1000000000", "--save", str(tmp_path / "none" / "x"))

    assert done.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["train", "3-4-1", "--resume", "x"], "--resume: expected neither TARGET nor options"),
        (["train", "--resume", "x", "--learning-rate", "1"], "--resume: expected neither TARGET nor options"),
        (["train", "--resume", "none"], "none: cannot be read: No such file or directory"),
        pytest.param(["train", "--resume", "."], ".: cannot be read: Is a directory", marks=pytest.mark.posix),
        (["train", "--resume", "nn2:x"], "the shared line: cut off or changed"),
        (["train", "3-4-1", "--steps", "1", "--save", "."], ".: expected the name of a file, got a folder"),
        (["train", "3-4-1", "--steps", "1", "--save", "x/"], "x/: expected the name of a file, got a folder"),
        (["train", "3-4-1", "--steps", "1", "--save", "none/x"], "none/x: cannot be written: there is no folder none"),
        pytest.param(
            ["train", "3-4-1", "--steps", "1", "--save", "/dev/full"],
            "expected the name of a file, got a device",
            marks=pytest.mark.posix,
        ),
        (["open", "none"], "no preset is named 'none'"),
        (["open", "./none"], "'./none': no such file; expected a preset's name, a TOML file, a session"),
        (["open", "nn2:\x1b[31m"], "the shared line: cut off or changed"),
        (["open", "nn9:AAAA"], "the shared line: shared by another nn-tui: expected nn2:…, got nn9:…"),
        (["share", "nope"], "no preset is named 'nope'"),
        (["share", "digits"], "digits: too large for a line: expected at most 65,536 characters"),
        (["export", "3-4-1"], "expected --output FILE, or --format with one of csv, json, toml, npz"),
        (
            ["export", "3-4-1", "-o", "out.txt"],
            "--output: the ending of out.txt names no format: expected --format with",
        ),
        (
            ["export", "3-4-1", "--format", "xml"],
            "expected one of 'csv', 'json', 'toml', 'npz', 'safetensors', 'numpy', 'pytorch', got 'xml'",
        ),
        (["export", "3-4-1", "--format", "npz", "--output", "."], ".: expected the name of a file, got a folder"),
        (["export", "3-4-1", "-o", "out.toml/"], "out.toml/: expected the name of a file, got a folder"),
        (["export", "3-4-1", "-o", "out.toml/."], "out.toml/.: expected the name of a file, got a folder"),
        (
            ["export", "xor", "--history", "--format", "npz"],
            "--history: expected --format csv or json with it, got npz",
        ),
        (
            ["export", "xor", "--history", "--format", "csv", "--step", "9000000"],
            "--step: expected less than 1,428,571, as each step has 7 numbers",
        ),
        (["export", "none.nn-session", "--format", "csv"], "'none.nn-session': no such file"),
        (["export", "nn2:x", "--format", "csv"], "the shared line: cut off or changed"),
        (["export", "nn2:x", "--format", "csv", "--seed", "1"], "--seed: a session keeps its initial weights"),
        (["open", "nn2:x", "--trace", "--against", "a.npz"], "--trace, --against: expected one of them, got both"),
    ],
)
def test_bad_input_is_one_line_and_exit_status_2(tmp_path: Path, arguments: list[str], line: str) -> None:
    done = call(*arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert line in done.stderr and done.stderr.startswith("nn-tui: ") and done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr and done.stdout == ""
    assert list(tmp_path.iterdir()) == []
