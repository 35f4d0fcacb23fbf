"""The configuration: where it comes from, and what the program makes of it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.debugger.stage import Phase
from nn_tui.presets.catalogue import find
from nn_tui.presets.errors import PresetError
from nn_tui.presets.toml_reader import convert_tables, parse_toml
from nn_tui.tui.app import NNApp
from nn_tui.tui.config import Config, configured
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.keymap import keymap
from nn_tui.tui.text.numbers import plain, signed

from ..helpers.app import LARGE, drawn, text, until, where
from ..helpers.command_line import call
from ..helpers.fuzz import FUZZ


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NN_TUI_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


def test_the_later_layer_counts(file: Path) -> None:
    file.write_text('fps = 3\ndecimals = 4\nnotation = "nodes"\n', encoding="utf-8")

    done = call("config", "--json", "--decimals", "8", NN_TUI_DECIMALS="5", NN_TUI_QUIET="true")

    found = json.loads(done.stdout)
    assert (found["file"], found["exists"]) == (str(file), True)
    assert found["values"]["fps"] == {"value": 3, "source": "file"}
    assert found["values"]["decimals"] == {"value": 8, "source": "command line"}
    assert found["values"]["quiet"] == {"value": True, "source": "environment"}
    assert found["values"]["theme"] == {"value": None, "source": "default"}


@pytest.mark.posix
def test_a_configuration_without_an_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    pipe = call("train", "3-4-1", "--steps", "1", NN_TUI_CONFIG=str(tmp_path / "pipe"))
    device = call("train", "3-4-1", "--steps", "1", NN_TUI_CONFIG="/dev/zero")
    none = call("train", "3-4-1", "--steps", "1", NN_TUI_CONFIG=os.devnull)

    assert pipe.stderr == f"nn-tui: {tmp_path / 'pipe'}: cannot be read: expected a file, got a pipe\n"
    assert device.stderr == "nn-tui: /dev/zero: cannot be read: expected a file, got a device\n"
    assert (none.returncode, none.stderr) == (0, "")


def test_the_configuration_is_reported_in_lines(file: Path) -> None:
    missing = call("config")
    file.write_text("[keys]\nstep = 'y'\n", encoding="utf-8")
    there = call("config")

    assert missing.stdout.startswith(f"file: {file} (not there)\n")
    assert there.stdout.startswith(f"file: {file} (read)\n") and "step: y  (file)" in there.stdout


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("fps = 0", "fps: expected a whole number from 1 up, got 0"),
        ("fps = 61", "fps: expected a whole number up to 60, got 61"),
        ("decimals = 13", "decimals: expected a whole number up to 12, got 13"),
        ("memory_budget = 5000", "memory_budget: expected a whole number up to 4096, got 5000"),
        ('quiet = "yes"', "quiet: expected true or false, got 'yes'"),
        ('notation = "greek"', "notation: expected 'superscript' or 'counted' or 'nodes' or 'indexed', got 'greek'"),
        ("speed = 3", "unknown key 'speed': known are theme, notation, decimals, fps"),
        ('theme = "mauve"', "no theme is named 'mauve': known are "),
        ('keys.jump = "j"', "keys: no action is named 'jump': known are run-pause, step, phase"),
        ('keys.step = "spcae"', "keys.step: expected a key such as s, S, f5, space or ctrl+r"),
        ('keys.step = ""', "keys.step: expected a key such as s"),
        ('keys.step = "b"', "keys: b would be the key of both step and back: expected one of them"),
        ("keys = 3", "keys: expected a table, got 3"),
        ("fps = ", "not TOML: "),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_status_2(file: Path, said: str, fault: str) -> None:
    file.write_text(said, encoding="utf-8")

    done = call("config")

    assert done.returncode == 2 and done.stdout == ""
    assert fault in done.stderr and done.stderr.startswith("nn-tui: ") and done.stderr.count("\n") == 1


def test_a_wrong_variable_is_named() -> None:
    done = call("config", NN_TUI_FPS="fast")

    assert done.returncode == 2
    assert done.stderr == "nn-tui: NN_TUI_FPS: fps: expected a whole number, got 'fast'\n"


def test_keys_can_change_places() -> None:
    assert keymap(Dashboard.ACTIONS, {"step": "b", "back": "s"}) == {"step": "b", "back": "s"}
    assert keymap(Dashboard.ACTIONS, {"close": "esc, q", "quit": "Q"}) == {"close": "escape, q", "quit": "Q"}


WORDS = st.sampled_from(["fps", "theme", "keys", "quiet", "=", " = ", "\n", "[", "]", '"', "4", "true", ".", "nan"])


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map("".join)))
@settings(max_examples=FUZZ)
def test_any_text_is_a_configuration_or_one_line(said: str) -> None:
    try:
        config = convert_tables(parse_toml(said, "file"), Config, "file")
        keymap(Dashboard.ACTIONS, config.keys)
    except PresetError as error:
        assert str(error)


VALUES = st.one_of(st.none(), st.booleans(), st.integers(-10, 5000), st.floats(), st.text(max_size=8))


@given(
    st.dictionaries(st.sampled_from([*Config.__struct_fields__, "other"]), VALUES),
    st.dictionaries(st.text(), st.text()),
)
@settings(max_examples=FUZZ)
def test_any_tables_are_a_configuration_or_one_line(said: dict[str, Any], keys: dict[str, str]) -> None:
    try:
        config = convert_tables({**said, "keys": keys}, Config, "file")
        keymap(Dashboard.ACTIONS, config.keys)
    except PresetError as error:
        assert str(error)


async def test_the_dashboard_follows_the_configuration(file: Path) -> None:
    file.write_text(
        'theme = "nord"\nnotation = "indexed"\nquiet = true\nmemory_budget = 1\n[keys]\nstep = "y"\nback = "s"\n',
        encoding="utf-8",
    )
    app = NNApp("3-4-1", find("3-4-1"), configured({}).config)
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        assert app.theme == "nord" and "W1[1,1]" in text(pilot, "parameters")

        await pilot.press("y", "y")
        await until(pilot, lambda: where(pilot) == (2, Phase.BACKWARD))
        await pilot.press("s")
        await until(pilot, lambda: where(pilot) == (1, Phase.BACKWARD))
        await pilot.press("b")
        assert where(pilot) == (1, Phase.BACKWARD)

        await pilot.press("question_mark")
        await until(pilot, lambda: "y             step" in drawn(pilot))


async def test_over_a_slow_link_the_chart_still_shows_the_newest_loss() -> None:
    app = NNApp("3-4-1", find("3-4-1"), Config(quiet=True))
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        for _ in range(3):
            await pilot.press("s")

        def newest() -> int:
            assert isinstance(app.screen, Dashboard)
            return app.screen.view.curves.train[-1][0] if app.screen.view.curves.train else -1

        await until(pilot, lambda: newest() == 3)


@pytest.mark.parametrize(("decimals", "of_panels"), [(None, (6, 6, 6, 3, 6, 3)), (3, (3,) * 6), (8, (8,) * 6)])
async def test_every_panel_shows_as_many_decimals_as_are_configured(
    decimals: int | None, of_panels: tuple[int, ...]
) -> None:
    app = NNApp("3-4-1", find("3-4-1"), Config(decimals=decimals))
    async with app.run_test(size=(240, 60)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        await pilot.press("s", "2", "enter")
        await until(pilot, lambda: where(pilot) == (1, Phase.BACKWARD) and "w¹₁₁ =" in text(pilot, "explain"))
        assert isinstance(app.screen, Dashboard) and (snapshot := app.screen.view.snapshot)
        weight, forward = float(snapshot.state.W[0][0, 0]), snapshot.forward
        parameters, gradients, network, picture, explanation, status = of_panels
        assert f" {signed(weight, parameters)} " in text(pilot, "parameters")
        assert f" {signed(float(forward.z[0][0, 0]), gradients)} " in text(pilot, "gradients")
        assert f"{signed(weight, network)} " in text(pilot, "network")
        assert f" = {plain(weight, explanation)}\n" in text(pilot, "explain")
        assert f"loss {plain(forward.loss, status)} " in text(pilot, "status")
        await pilot.press("6")
        await until(pilot, lambda: f" {plain(float(forward.y_hat[0, 0]), picture)} " in text(pilot, "picture"))


def test_explanations_are_written_as_configured(file: Path) -> None:
    file.write_text('decimals = 3\nnotation = "indexed"\n', encoding="utf-8")

    own, asked = (
        call("explain", "3-4-1", "--quantity", "dw2[1,1]", *options).stdout
        for options in ([], ["--decimals", "8", "--notation", "nodes"])
    )

    assert own.startswith("∂E/∂W2[1,1] = −0.405") and asked.startswith("∂E/∂w41 = −0.40496492")
