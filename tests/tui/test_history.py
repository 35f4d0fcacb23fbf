"""The history of a training as a table: the numbers of its steps, whatever was changed on the way."""

import csv
import io
import json
from math import isnan
from pathlib import Path
from typing import Any

import pytest

from nn_tui.core.metrics.history import Metrics
from nn_tui.core.timeline.dump import dump
from nn_tui.core.timeline.timeline import Timeline
from nn_tui.core.training.changes import Change
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find, folder_of
from nn_tui.presets.examples import with_inline_data
from nn_tui.presets.export.as_csv import history_csv
from nn_tui.presets.export.as_json import history_json
from nn_tui.presets.export.export_format import HistoryTable, export_history
from nn_tui.presets.reopened import opened
from nn_tui.presets.sessions.session import Session, write_session
from nn_tui.tui.exports import seen_history
from nn_tui.tui.text.chart import Curves

from ..helpers.command_line import call
from ..helpers.quantities import change_of
from ..helpers.sessions import PRESET, forked, go_on


def exported(*arguments: str) -> list[dict[str, Any]]:
    """The rows of a history, which are the same as CSV and as JSON."""
    rows: list[dict[str, Any]] = json.loads(call("export", *arguments, "--history", "--format", "json").stdout)
    lines = csv.DictReader(io.StringIO(call("export", *arguments, "--history", "--format", "csv").stdout))
    assert [{key: float(value) if value else None for key, value in line.items()} for line in lines] == rows
    return rows


@pytest.mark.parametrize("options", [["3-4-1"], ["xor", "--batch-size", "3", "--optimizer", "adam"], ["3-4-1-marks"]])
def test_losses_are_those_of_the_trace(options: list[str]) -> None:
    traced = [json.loads(line) for line in call("train", *options, "--steps", "9", "--trace").stdout.splitlines()]

    rows = exported(*options, "--step", "9")

    assert [(row["step"], row["batch_loss"]) for row in rows] == [(each["step"], each["batch_loss"]) for each in traced]
    assert rows[0]["gradient_norm_2"] == pytest.approx(
        sum(dw**2 for row in traced[0]["layers"][1]["dW"] for dw in row) ** 0.5, rel=1e-14
    )
    assert rows[-1]["update_ratio_1"] is None and rows[0]["update_ratio_1"] > 0


def test_held_out_examples_are_in_the_row_of_the_step_that_an_epoch_led_to() -> None:
    rows = exported("3-4-1-marks", "--batch-size", "100", "--step", "7")
    result = json.loads(call("train", "3-4-1-marks", "--batch-size", "100", "--steps", "6", "--json").stdout)

    assert [row["step"] for row in rows if row["test_loss"] is not None] == [3, 6]
    assert rows[6]["test_loss"] == result["test_loss"] and rows[6]["test_accuracy"] == result["test_accuracy"]


def kept(folder: Path, timeline: Timeline) -> str:
    write_session(folder / "x", Session(preset=PRESET, timeline=dump(timeline)))
    return str(folder / "x")


def test_the_history_of_a_session_goes_through_its_changes(tmp_path: Path) -> None:
    timeline = forked()

    rows = exported(kept(tmp_path, timeline))

    losses = []
    for step in range(8):
        timeline.go_to(step)
        losses.append((step, timeline.trainer.forward(timeline.state()).loss))
    assert [(row["step"], row["batch_loss"]) for row in rows] == losses


def test_a_session_is_exported_where_it_was_left_or_at_a_step(tmp_path: Path) -> None:
    timeline = forked()
    timeline.go_to(5)
    file = kept(tmp_path, timeline)

    for options, step in (([], 5), (["--step", "2"], 2), (["--step", "9"], 9)):
        found = json.loads(call("export", file, *options, "--format", "json").stdout)
        timeline.go_to(min(step, timeline.branch.newest))
        go_on(timeline, step)
        assert found["step"] == step and found["layers"][0]["W"] == timeline.state().W[0].tolist()


CHANGES = [
    Change("learning_rate", 0.07),
    Change("optimizer", "adam"),
    Change("batch_size", 3),
    Change("activation", "relu"),
    Change("loss", "half-sse"),
    change_of("x[1]@2", 0.25),
    change_of("w1[1,1]", -0.5),
]


@pytest.mark.parametrize("name", ["xor", "3-4-1-marks", "moons"])
@pytest.mark.parametrize("changes", [[each] for each in CHANGES] + [CHANGES], ids=lambda each: each[-1].what)
def test_a_changed_training_exported_as_toml_begins_and_continues_alike(
    tmp_path: Path, name: str, changes: list[Change]
) -> None:
    preset, folder = find(name), folder_of(name)
    timeline = Timeline(build(preset, folder))
    for change in changes:
        timeline.change(change)
    file = tmp_path / "x"
    write_session(file, Session(preset=with_inline_data(preset, folder), timeline=dump(timeline)))
    call("export", str(file), "--output", str(tmp_path / "x.toml"))

    of = build(find(str(tmp_path / "x.toml")), tmp_path)
    again = Timeline(of)
    for _ in range(3):
        ours, theirs = timeline.state(), again.state()
        assert ours.parameters.tobytes() == theirs.parameters.tobytes()
        assert timeline.trainer.forward(ours).loss == again.trainer.forward(theirs).loss
        go_on(timeline, ours.step + 1)
        go_on(again, ours.step + 1)


def test_a_training_without_a_screen_keeps_its_history_for_charts(tmp_path: Path) -> None:
    file, options = str(tmp_path / "x"), ["3-4-1-marks", "--batch-size", "100"]
    call("train", *options, "--steps", "3", "--save", file)
    call("train", "--resume", file, "--steps", "7", "--save", file)

    kept = opened(file).histories[1]

    history = seen_history(Curves(kept.batch_loss, kept.test_loss, seen=kept.metrics), 2, has_test=True)
    *whole, last = [dict(zip(history.columns, row, strict=True)) for row in history.rows]
    assert whole == exported(*options, "--step", "7")[:-1]
    assert last["step"] == 7 and last["batch_loss"]


def test_of_a_long_training_the_history_for_charts_is_as_close_late_as_early(tmp_path: Path) -> None:
    call("train", "xor", "--steps", "9999", "--save", str(tmp_path / "x"))

    steps = [step for step, _ in opened(str(tmp_path / "x")).histories[1].gradients[0]]

    assert steps[0] == 0 and len(steps) <= 1_000
    assert max(later - step for step, later in zip(steps, [*steps[1:], 9999], strict=True)) < 100


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_history_is_written_while_its_steps_are_computed(form: str) -> None:
    rows = ((step, 1.0) for step in range(100_000))

    first = next(iter(export_history(form, HistoryTable(["step", "batch_loss"], rows))))

    assert 0 < first.count(b"\n") < 10_000
    assert first.count(b"\n") - 2 <= next(rows)[0] <= first.count(b"\n") + 2


def test_a_history_without_steps_is_an_empty_list() -> None:
    assert json.loads(b"".join(export_history("json", HistoryTable(["step"], [])))) == []


def test_what_was_seen_of_some_steps_has_gaps() -> None:
    curves = Curves(train=[(0, 1.0), (1, 0.5), (7, float("nan"))], test=[(1, 0.75)], seen=Metrics([[(1, 2.0)]]))

    history = seen_history(curves, 1, has_test=True)

    rows = list(history.rows)
    again = history._replace(rows=rows)
    assert list(history_csv(again)) == [
        "step,batch_loss,batch_accuracy,test_loss,test_accuracy,gradient_norm_1,update_ratio_1",
        "0,1.0,,,,,",
        "1,0.5,,0.75,,2.0,",
        "7,nan,,,,,",
    ]
    loaded = json.loads("\n".join(history_json(again)))
    assert loaded[1] == {
        "step": 1,
        "batch_loss": 0.5,
        "batch_accuracy": None,
        "test_loss": 0.75,
        "test_accuracy": None,
        "gradient_norm_1": 2.0,
        "update_ratio_1": None,
    }
    assert loaded[2]["batch_loss"] is None and isnan(rows[2][1] or 0)
