"""The commands that open trainings of other processes, without a screen."""

import json
import os
import sys
from pathlib import Path

import click
import pytest

from nn_tui.presets.live.live_training import LiveTraining
from nn_tui.presets.live.messages import (
    PROTOCOL,
    Hello,
    ModelDescription,
    Module,
    RecentLosses,
    Report,
    Said,
    TrainingActivity,
)
from nn_tui.presets.live.orders import Order, Run
from nn_tui.presets.live.script_process import ScriptProcess
from nn_tui.presets.live.wire import WireError
from nn_tui.tui.commands.live_output import write_steps

from ...helpers.command_line import call
from ...helpers.live import PlayedTraining


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NN_TUI_STATE", str(tmp_path))


def test_without_a_training_attach_says_how_to_start_one() -> None:
    result = call("attach")
    assert result.returncode == 2
    assert "no training to attach to: start one with nn-tui run train.py" in result.stderr


def test_trainings_are_listed_with_what_attach_needs() -> None:
    with PlayedTraining() as one, PlayedTraining() as other:
        result = call("attach", "--list")
        assert result.returncode == 0
        assert str(one.path) in result.stdout and str(other.path) in result.stdout
        assert f"{os.getpid()}  played.py" in result.stdout
        assert call("attach").stdout == result.stdout, "several are listed"


def test_a_training_that_is_not_there_is_one_line() -> None:
    result = call("attach", "4000000")
    assert result.returncode == 2
    assert "there is no process 4000000; nn-tui attach --list" in result.stderr


def test_run_refuses_a_script_and_a_python_that_are_not_there(tmp_path: Path) -> None:
    assert call("run", "nowhere.py").returncode == 2
    script = tmp_path / "train.py"
    script.write_text("", encoding="utf-8")
    result = call("run", "--python", str(tmp_path / "no-python"), str(script))
    assert result.returncode == 2
    assert "no-python: No such file" in result.stderr


def test_the_output_of_a_script_comes_line_by_line_whatever_it_ends_lines_with() -> None:
    code = (
        "import sys; sys.stdout.write('é one\\rtwo\\r\\nthree\\n'); print('last', end='', file=sys.stderr); sys.exit(3)"
    )
    process, lines, ended = ScriptProcess([sys.executable, "-c", code], {}), list[str](), list[int]()
    process.follow(lambda *more: lines.extend(more), ended.append)
    while not ended:
        process.wait(1.0)
    assert lines == ["é one", "two", "three", "last"]
    assert ended == [3]


def test_a_script_is_interrupted_as_ctrl_c_does() -> None:
    process = ScriptProcess([sys.executable, "-c", "import time\nprint('begun')\ntime.sleep(60)"], {})
    lines: list[str] = []
    process.follow(lambda *more: lines.extend(more), lambda status: None)
    while not lines:
        process.wait(0.01)
    assert process.end() != 0
    assert process.status is not None


def test_losses_are_lines_of_json(tmp_path: Path) -> None:
    from nn_tui.presets.live.messages import RecentLosses
    from nn_tui.tui.commands.live_output import report_lines

    report = RecentLosses(steps=(3, 4), losses=(0.5, float("nan")))
    assert [json.loads(line) for line in report_lines(report, as_json=True)] == [
        {"step": 3, "loss": 0.5},
        {"step": 4, "loss": None},
    ]
    assert list(report_lines(report, as_json=False)) == ["Step 4: loss nan."]


class EndedProcess:
    """A process that has ended, and whose last reports were not read before."""

    def __init__(self, *reports: Report) -> None:
        self._reports = [*reports]

    def send(self, order: Order) -> None:
        if isinstance(order, Run):
            raise WireError("the process has ended")

    def receive(self) -> Report | None:
        return self._reports.pop(0) if self._reports else None

    def close(self) -> None:
        self._reports.clear()


def test_losses_of_a_training_that_ended_after_a_pause_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    hello = Hello(protocol=PROTOCOL, pid=1, script="train.py", torch="2")
    model = ModelDescription(modules=(Module(path="", kind="Net"),), reason="Conv2d has no counterpart")
    paused, finished = TrainingActivity(now="paused", step=1), TrainingActivity(now="finished", step=2)
    channel = EndedProcess(hello, paused, model, paused, RecentLosses(steps=(1,), losses=(0.5,)), finished)

    write_steps(LiveTraining(lambda: channel, "train.py"), as_json=True)

    assert capsys.readouterr().out == '{"step": 1, "loss": 0.5}\n'


def test_why_a_training_could_not_be_watched_is_the_reason_that_is_given() -> None:
    hello = Hello(protocol=PROTOCOL, pid=1, script="train.py", torch="2")
    channel = EndedProcess(
        hello, Said(text="nn-tui cannot watch this training any longer: its numbers are quaternions")
    )

    with pytest.raises(click.UsageError, match="quaternions"):
        write_steps(LiveTraining(lambda: channel, "train.py"), as_json=True)
