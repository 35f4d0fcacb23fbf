"""Whatever a preset can set is kept: by a shared line, a session and an exported preset, to the same bits."""

from pathlib import Path
from typing import Any

import pytest

from nn_tui.core.timeline.dump import dump
from nn_tui.core.timeline.timeline import Timeline
from nn_tui.core.training.changes import Change, apply
from nn_tui.core.training.training import Training
from nn_tui.presets.build import as_trained, build
from nn_tui.presets.preset_file import check_preset, parse_preset, preset_of_tables
from nn_tui.presets.reopened import opened
from nn_tui.presets.sessions.session import Session, write_session
from nn_tui.presets.sessions.share_link import share_link
from nn_tui.presets.toml_writer import toml_text

from ...helpers.experiments import tables
from ...helpers.sessions import go_on
from ...helpers.time_travel import bits

KEPT: list[dict[str, Any]] = [
    {"network__activations": ["leaky-relu(0.2)", "sigmoid"]},
    {"network__activations": ["elu(0.5)", "silu"], "training__loss": "mse"},
    {"training__schedule": {"name": "inverse-time", "k": 0.25}},
    {"training__schedule": {"name": "warm-up", "updates": 4, "first": 0.2}},
    {"training__stop": {"patience": 2, "watch": "test"}, "data__test": 0.25},
    {"training__penalty": {"l1": 0.01, "l2": 0.1, "form": "lambda/2m", "biases": True}},
    {"training__penalty": {"l2": 0.1, "acts_on": "weights"}, "training__optimizer": "adam"},
    {"training__optimizer": {"name": "adamw", "bias_correction": False}},
    {"training__class_weights": [1.0, 5.0], "data__weights": [1.0, 0.5, 3.0, 0.0], "training__loss": "mse"},
    {"training__loss": "bce(3)"},
    {"training__reduction": "mean-over-outputs", "training__optimizer": {"name": "momentum", "momentum": 1.0}},
]


@pytest.mark.parametrize("changes", KEPT, ids=str)
def test_a_setting_is_kept(changes: dict[str, Any], tmp_path: Path) -> None:
    changes = {"network__activations": ["tanh", "sigmoid"], **changes}
    preset = check_preset(preset_of_tables(tables(**changes), "test"), "test")
    straight = Timeline(build(preset, tmp_path))
    go_on(straight, 7)
    write_session(tmp_path / "x", Session(preset=preset, timeline=dump(straight)))

    by_line, by_file = opened(share_link(preset, tmp_path, (), 7)), opened(str(tmp_path / "x"))

    assert bits(by_line.timeline.state()) == bits(by_file.timeline.state()) == bits(straight.state())
    assert parse_preset(toml_text(as_trained(preset, tmp_path, straight.trainer)), "x") == preset


def test_an_edited_slope_is_kept(tmp_path: Path) -> None:
    preset = check_preset(preset_of_tables(tables(), "test"), "test")
    of = build(preset, tmp_path)
    changed = apply(Change("activation", "leaky-relu(0.50)"), Training(of.trainer, of.start)).training.updated()

    found = opened(share_link(preset, tmp_path, [(0, Change("activation", "leaky-relu(0.50)"))], 1))

    assert bits(found.timeline.state()) == bits(changed.state)
    assert as_trained(preset, tmp_path, found.timeline.trainer).network.activations == ["leaky-relu(0.5)", "sigmoid"]
