"""The app as a person meets it, at both sizes."""

from pathlib import Path
from threading import Event
from weakref import finalize, ref

import pytest
from msgspec import structs
from rich.style import Style
from textual.command import CommandPalette
from textual.events import Click, Key, MouseDown, Paste, Resize
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from nn_tui.core.debugger.stage import Phase
from nn_tui.core.timeline.timeline import Timeline
from nn_tui.core.training.trainer import Trainer
from nn_tui.core.worker.worker import Worker
from nn_tui.presets.build import build
from nn_tui.presets.catalogue import find
from nn_tui.presets.opened import Opened
from nn_tui.tui.app import NNApp
from nn_tui.tui.commands.target import training_of
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dashboard.steering import next_rate
from nn_tui.tui.dialogs.new_network import NewNetwork
from nn_tui.tui.dialogs.open_dialog import OpenFile
from nn_tui.tui.dialogs.picker import Picker
from nn_tui.tui.dialogs.reading_dialogs import Help
from nn_tui.tui.panels.key_line import KeyLine
from nn_tui.tui.panels.network_panel import NetworkPanel
from nn_tui.tui.panels.page_view import PageView
from nn_tui.tui.terminal.type_ahead import is_ready

from ..helpers.app import LARGE, PATIENCE, SMALL, dashboard, drawn, opened, settle, text, until, until_shown, where
from ..helpers.quantities import quantity

SLOW = 0.001
"""Updates a second of a run that is still during a test."""


def carry_out(worker: Worker) -> None:
    """Wait until a worker has carried out its orders."""
    done = Event()
    worker._order(done.set)
    assert done.wait(PATIENCE)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_preset_opens_paused_with_both_passes_of_its_first_step(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        assert where(pilot) == (0, Phase.BACKWARD)
        await until(pilot, lambda: "ŷ₁ 0.521" in text(pilot, "network"))
        assert "‖ paused  step 0  backward pass" in text(pilot, "status")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_updates_walk_through_the_published_predictions(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        for step, prediction in enumerate(("0.648", "0.758", "0.836", "0.881", "0.908", "0.925"), 1):
            await pilot.press("s")
            await until(pilot, lambda step=step: where(pilot) == (step, Phase.BACKWARD))  # type: ignore[misc]
            assert f"ŷ₁ {prediction}" in text(pilot, "network")
            assert f"step {step}" in text(pilot, "status")


async def test_phases_go_layer_by_layer_and_back() -> None:
    async with opened("3-4-1") as pilot:
        for expected in ("update", "forward pass, layer 1", "forward pass, layer 2", "loss", "backward pass, layer 2"):
            await pilot.press("f")
            await until(pilot, lambda expected=expected: expected in text(pilot, "status"))  # type: ignore[misc]
        for expected in ("loss", "forward pass, layer 2", "forward pass, layer 1", "update", "backward pass, layer 1"):
            await pilot.press("b")
            await until(pilot, lambda expected=expected: expected in text(pilot, "status"))  # type: ignore[misc]


async def test_time_goes_back_to_the_same_screen() -> None:
    async with opened("3-4-1") as pilot:
        shown = {}
        for step in (1, 2, 3):
            await pilot.press("s")
            await until(pilot, lambda step=step: where(pilot)[0] == step)  # type: ignore[misc]
            shown[step] = [text(pilot, name) for name in ("network", "parameters", "gradients")]
        for step in (2, 1):
            await pilot.press("b")
            await until(pilot, lambda step=step: where(pilot)[0] == step)  # type: ignore[misc]
            assert [text(pilot, name) for name in ("network", "parameters", "gradients")] == shown[step]
        await pilot.press("end")
        await until(pilot, lambda: where(pilot)[0] == 3)
        await pilot.press("home")
        await until(pilot, lambda: where(pilot)[0] == 0)


@pytest.mark.parametrize(
    ("typed", "fault"), [("", "expected a step"), ("-1", "expected a step"), ("x", "expected"), ("999999999", "up to")]
)
async def test_a_step_that_is_none_is_refused(typed: str, fault: str) -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await pilot.press("g", *typed, "enter")
        await until(pilot, lambda: fault in str(pilot.app.screen.query_one(".form-fault").render()))
        await pilot.press("escape")
        assert where(pilot)[0] == 0


async def test_one_can_go_to_a_step_ahead() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("g", "4", "2", "enter")
        await until(pilot, lambda: where(pilot) == (42, Phase.BACKWARD))


async def test_all_panels_show_the_same_step() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("s", "s")
        await until(pilot, lambda: where(pilot) == (2, Phase.BACKWARD))

        assert "+0.228136 −0.028652" in text(pilot, "parameters")
        assert "loss 0.278" in text(pilot, "status")
        assert "0.278" in text(pilot, "steps")


async def test_each_space_counts_even_before_the_one_before_it_has_paused_the_run() -> None:
    async with opened("moons") as pilot:
        for _ in range(3):
            dashboard(pilot).steering.run_or_pause()

        await until(pilot, lambda: where(pilot)[0] > 20)


async def test_a_run_begins_slowly_though_the_pause_before_it_is_reported_later() -> None:
    async with opened("xor", start_pace=SLOW) as pilot:
        shown = dashboard(pilot)
        worker = shown.verbs
        assert isinstance(worker, Worker)
        shown.steering.run_or_pause()
        shown.steering.run_or_pause()
        carry_out(worker)  # the pause is in the inbox, which nobody has looked into

        shown.steering.run_or_pause()
        shown.collect()
        carry_out(worker)
        assert worker._loop.pace is not None and worker._loop.pace < 1

        shown.steering.run_or_pause()
        carry_out(worker)
        await until(pilot, lambda: "‖ paused" in text(pilot, "status"))


async def test_space_runs_and_pauses() -> None:
    async with opened("xor") as pilot:
        await pilot.press("space")
        await until(pilot, lambda: "▶ running" in text(pilot, "status"))
        await pilot.press("space")
        await until(pilot, lambda: "‖ paused" in text(pilot, "status"))

        step = where(pilot)[0]
        await pilot.press("s")
        await until(pilot, lambda: where(pilot)[0] == step + 1)
        assert step > 0


async def test_reset_begins_again() -> None:
    async with opened("xor") as pilot:
        opening = where(pilot), text(pilot, "status"), [*dashboard(pilot).view.curves.train]
        await pilot.press("e", "e")
        await until(pilot, lambda: where(pilot)[0] == 2)

        await pilot.press("r")

        await until(pilot, lambda: where(pilot) == (0, Phase.BACKWARD))
        assert (where(pilot), text(pilot, "status"), [*dashboard(pilot).view.curves.train]) == opening


async def test_each_key_changes_the_learning_rate_though_the_last_change_is_not_shown_yet() -> None:
    async with opened("3-4-1") as pilot:
        for direction in (1, 1, 1, -1):
            dashboard(pilot).steering.change_learning_rate(direction)

        await until(pilot, lambda: (trainer := dashboard(pilot).view.trainer) is not None and rate_of(trainer) == 2.0)


def rate_of(trainer: Trainer) -> float:
    return trainer.optimizer.learning_rate


@pytest.mark.parametrize(
    ("rate", "above", "below"),
    [(0.5, 1.0, 0.2), (1.0, 2.0, 0.5), (0.02, 0.05, 0.01), (0.3, 0.5, 0.2), (7e-5, 1e-4, 5e-5), (9.99, 10.0, 5.0)],
)
def test_the_learning_rate_goes_in_steps_of_1_2_5(rate: float, above: float, below: float) -> None:
    assert (next_rate(rate, 1), next_rate(rate, -1)) == (above, below)


def test_keys_change_the_learning_rate_within_bounds_only() -> None:
    assert (next_rate(1e12, 1), next_rate(1e-12, -1)) == (1e12, 1e-12)


async def test_other_examples_of_the_batch_can_be_seen() -> None:
    async with opened("xor") as pilot:
        network = pilot.app.screen.query_one("#network")
        assert "example 1 of 4" in str(network.border_title)

        await pilot.press("n")
        await settle(pilot)
        assert "example 2 of 4" in str(network.border_title) and "target 1" in text(pilot, "network")
        await pilot.press("N", "N")
        await settle(pilot)
        assert "example 4 of 4" in str(network.border_title)


async def test_the_network_shows_weights_or_gradients() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("s", "d")
        await until(pilot, lambda: "−0.320" in text(pilot, "network") or "−0.352" in text(pilot, "network"))
        assert "gradients" in str(pilot.app.screen.query_one("#network").border_title)
        await until(pilot, lambda: "∂E/∂z²₁" in text(pilot, "explain"))
        assert "+0.198" not in text(pilot, "network")

        await pilot.press("d")
        await until(pilot, lambda: "+0.198" in text(pilot, "network"))


async def test_heat_maps_or_numbers() -> None:
    async with opened("xor", LARGE) as pilot:
        await until(pilot, lambda: "▀" in text(pilot, "network"))
        await pilot.press("z")
        await until(pilot, lambda: "▀" not in text(pilot, "network") and "┬" in text(pilot, "network"))
        await pilot.press("z")
        await until(pilot, lambda: "▀" in text(pilot, "network"))


async def test_the_cursor_lights_its_lines_and_moves_among_neurons_and_weights() -> None:
    async with opened("3-4-1", LARGE) as pilot:
        panel = pilot.app.screen.query_one(NetworkPanel)
        await until(pilot, lambda: bool(panel.cell) and "0.521" in text(pilot, "network"))
        assert panel.cell and str(panel.cell.quantity) == "a2[1]@1"

        for key, name in (("left", "w2[1,2]"), ("down", "w2[1,3]"), ("left", "a1[3]@1"), ("left", "w1[3,2]")):
            await pilot.press(key)
            await until(pilot, lambda name=name: bool(panel.cell) and str(panel.cell.quantity) == name)  # type: ignore[misc]


async def test_the_neuron_under_the_mouse_shows_its_sum() -> None:
    async with opened("3-4-1") as pilot:
        network = pilot.app.screen.query_one("#network")
        await until(pilot, lambda: "0.845" in text(pilot, "network"))
        y, line = next(each for each in enumerate(text(pilot, "network").split("\n")) if "0.845" in each[1])
        edge = network.content_region.offset - network.region.offset

        await pilot.hover("#network", edge + (line.index("0.845"), y))
        await until(pilot, lambda: str(network.border_subtitle).endswith("= 1.698, a¹₁ = 0.845"))
        await pilot.hover("#status")
        await until(pilot, lambda: not network.border_subtitle)


async def test_where_keys_have_no_room_the_help_stays() -> None:
    async with opened("moons", (60, 20)) as pilot:
        keys = pilot.app.screen.query_one(KeyLine)
        await pilot.press("6")
        await until(pilot, lambda: "next neuron" not in str(keys.render()))
        assert str(keys.render()).endswith("? help") and "enter details" not in str(keys.render())

        await pilot.resize_terminal(*SMALL)
        await until(pilot, lambda: "enter details" in str(keys.render()))


async def test_on_a_huge_screen_all_panels_are_seen_at_once() -> None:
    async with opened("moons", (200, 60)) as pilot:
        panels = pilot.app.screen.query_one("#panels").children
        first = ["network", "picture", "parameters", "explain", "loss"]
        await until(pilot, lambda: [panel.id for panel in panels if panel.region] == first)
        assert all(panel.region.area > 500 for panel in panels if panel.region)
        await pilot.press("2", "l")
        await until(pilot, lambda: [panel.id for panel in panels if panel.region] == ["parameters"])


async def test_on_a_small_screen_the_panels_are_tabs() -> None:
    async with opened("3-4-1", SMALL) as pilot:
        panels = pilot.app.screen.query_one("#panels").children
        for key, name in (("2", "parameters"), ("3", "gradients"), ("4", "loss"), ("1", "network")):
            await pilot.press(key)
            await settle(pilot)
            assert [panel.id for panel in panels if panel.region] == [name]
            assert pilot.app.focused is pilot.app.screen.query_one(f"#{name}")


async def test_tabs_can_be_clicked() -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await pilot.click("#tabs", offset=(30, 0))
        await until(pilot, lambda: bool(pilot.app.screen.query_one("#gradients").region))


async def test_resizing_back_and_forth_loses_nothing() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("s")
        await until(pilot, lambda: where(pilot) == (1, Phase.BACKWARD))
        before = [text(pilot, name) for name in ("status", "network", "parameters", "gradients")]

        await pilot.resize_terminal(40, 12)
        await until(pilot, lambda: bool(pilot.app.screen.query_one("#too-small").region))
        assert "needs 60×20, this is 40×12" in text(pilot, "too-small")
        await pilot.press("s", "space", "plus")
        await settle(pilot)
        assert where(pilot)[0] == 1 and not dashboard(pilot).view.running
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "ŷ₁ 0.648" in text(pilot, "network"))
        await pilot.resize_terminal(*LARGE)
        await until(pilot, lambda: bool(pilot.app.screen.query_one("#explain").region))

        await until(
            pilot, lambda: [text(pilot, name) for name in ("status", "network", "parameters", "gradients")] == before
        )


async def test_the_picker_opens_a_preset() -> None:
    async with opened(None, SMALL) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker))

        await pilot.press("down", "down", "enter")

        await until(
            pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
        )
        assert "xor" in drawn(pilot)


async def test_the_picker_replaces_the_running_preset_or_lets_it_be() -> None:
    async with opened("xor") as pilot:
        await pilot.press("s", "p")
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))
        assert where(pilot)[0] == 1

        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker))
        await pilot.press(*"moons", "enter")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, Dashboard) and dashboard(pilot).view.snapshot is not None
        )
        assert "moons" in drawn(pilot)


async def test_a_file_that_cannot_be_opened_is_reported_under_the_field_which_keeps_what_was_typed(
    tmp_path: Path,
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("name = [", encoding="utf-8")
    async with opened("xor") as pilot:
        await pilot.press("s", "p")
        await until_shown(pilot, Picker)
        await pilot.press("ctrl+o")
        await until_shown(pilot, OpenFile)
        pilot.app.post_message(Paste(str(bad)))
        await pilot.press("enter")
        await until(pilot, lambda: "not TOML" in str(pilot.app.screen.query_one("#open-told", Static).render()))

        assert pilot.app.screen.query_one(Input).value == str(bad)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))
        assert where(pilot)[0] == 1


async def test_a_hostile_title_is_harmless_text(tmp_path: Path) -> None:
    hostile = r"[/nope] \u001b]2;x\u0007"
    source = (Path(__file__).parents[1] / "data" / "good.toml").read_text(encoding="utf-8")
    file = tmp_path / "hostile.toml"
    file.write_text(source.replace('title = "One bias for a whole layer"', f'title = "{hostile}"'), encoding="utf-8")
    async with opened(str(file)) as pilot:
        shown = text(pilot, "status")

    assert "[/nope] \\x1b]2;x\\x07" in shown
    assert "\x1b" not in shown


async def test_training_that_diverges_is_reported() -> None:
    async with opened("1-1-1-1") as pilot:
        for _ in range(40):
            await pilot.press("plus")
        await pilot.press("space")

        await until(pilot, lambda: "✗ failed" in text(pilot, "status"))
        assert any("step" in notice.message for notice in pilot.app._notifications)


async def test_the_help_and_the_palette_know_every_key() -> None:
    async with opened("3-4-1") as pilot:
        commands = {command.title for command in pilot.app.get_system_commands(pilot.app.screen)}
        await pilot.press("question_mark")
        await until_shown(pilot, Help)
        page = pilot.app.screen.query_one("#help-page", PageView).page
        help_text = "\n".join("".join(span.text for span in page.line(y)) for y in range(page.height))

    for name in ("Run/pause", "Step", "Phase", "Epoch", "Reset", "Presets", "Rate up", "Rate down", "Help", "Quit"):
        assert any(command.startswith(f"{name} (") for command in commands), name
    for word in ("space", "update", "phase", "epoch", "reset", "preset", "learning rate", "ctrl+p", "quit"):
        assert word in help_text


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_a_key_quits_and_ends_the_training(key: str) -> None:
    async with opened("3-4-1") as pilot:
        thread = dashboard(pilot).verbs._thread  # type: ignore[attr-defined]  # the worker of this process
        assert thread.is_alive()
        await pilot.press(key)
        await until(pilot, lambda: pilot.app._exit)

    assert not thread.is_alive()
    assert pilot.app.return_code == 0


async def test_a_training_that_is_left_takes_no_memory_any_more() -> None:
    async with opened("xor") as pilot:
        for name in ("moons", "iris"):
            await leave_for(pilot, name)


async def test_a_training_is_gone_before_the_next_one_is_built() -> None:
    async with opened("xor") as pilot:
        left = [ref[Widget](dashboard(pilot)), ref(dashboard(pilot).query_one("#network"))]
        beneath, seen = pilot.app.screen_stack[0], list[Screen[object]]()
        finalize(dashboard(pilot), lambda: seen.append(pilot.app.screen))
        pilot.app.notify("kept until another one is shown")
        pilot.app.post_message(MouseDown(None, 50, 10, 0, 0, 1, shift=False, meta=False, ctrl=False))
        dashboard(pilot).set_timer(PATIENCE, print).stop()
        await choose(pilot, "moons")
        assert [each() for each in left] == [None, None]
        assert seen == [beneath]


async def test_no_other_screen_comes_while_a_training_is_opened() -> None:
    async with opened("xor") as pilot:
        app_of(pilot).show_training(a_training("moons"))
        app_of(pilot).action_presets()
        app_of(pilot).action_help()
        await until(pilot, lambda: "moons" in status(pilot))
        assert [type(screen) for screen in pilot.app.screen_stack[1:]] == [Dashboard]


async def test_keys_wait_for_the_training_that_is_opened() -> None:
    async with opened("xor") as pilot:
        app_of(pilot).show_training(a_training("3-4-1"))
        for key in "ss":
            pilot.app.post_message(Key(key, key))
        await until(pilot, lambda: "3-4-1" in status(pilot) and where(pilot)[0] == 2)


async def test_keys_wait_for_the_first_screen() -> None:
    app = NNApp("3-4-1", find("3-4-1"))
    app.post_message(Key("s", "s"))
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: "3-4-1" in status(pilot) and where(pilot)[0] == 1)


async def test_the_end_does_not_wait_for_a_screen() -> None:
    async with opened("xor") as pilot:
        dashboard(pilot).answers.is_comparing = True  # and no comparison comes
        pilot.app.post_message(Key("ctrl+c", None))
        await until(pilot, lambda: pilot.app._exit)


async def test_a_training_goes_whatever_lies_over_it_when_another_one_comes() -> None:
    async with opened("xor") as pilot:
        left = ref(dashboard(pilot))
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help))
        app_of(pilot).show_training(a_training("moons"))
        await until(pilot, lambda: "moons" in status(pilot))
        assert [type(screen) for screen in pilot.app.screen_stack[1:]] == [Dashboard]
        assert left() is None


async def test_no_screen_comes_once_the_end_has_begun_or_while_a_training_is_opened() -> None:
    async with opened("xor") as pilot:
        app = app_of(pilot)
        before = list(app.screen_stack)
        for begin, end in ((True, False), (False, True)):
            app._loading.is_under_way, app.is_ending = begin, end
            app.action_help()
            app.action_presets()
            app.action_command_palette()
            await pilot.pause()
            assert app.screen_stack == before
        app._loading.is_under_way = app.is_ending = False


async def test_a_screen_that_has_lost_its_parts_handles_nothing_that_is_for_them() -> None:
    async with opened("xor") as pilot:
        app, screen = app_of(pilot), dashboard(pilot)
        app.is_ending = True
        await screen.query("*").remove()
        # Its handlers look for parts that have gone: that would end the program with a traceback.
        screen.post_message(Resize(screen.size, screen.size))
        screen.post_message(Dashboard.Later(screen.panels.fit))
        screen.post_message(PageView.Asked(quantity("w1[1,1]")))
        await until(pilot, lambda: screen._message_queue.empty())
        app.is_ending = False
        assert app._exception is None


async def test_the_palette_is_opened_once() -> None:
    async with opened("xor") as pilot:
        app = app_of(pilot)
        app.action_command_palette()
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        app.action_command_palette()
        await pilot.pause()
        assert sum(isinstance(screen, CommandPalette) for screen in app.screen_stack) == 1


async def test_closing_the_picker_leaves_the_training_as_it_was_under_any_screen() -> None:
    async with opened("xor") as pilot:
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker))
        pilot.app.screen.dismiss(None)
        app_of(pilot).action_help()
        await until(pilot, lambda: isinstance(pilot.app.screen, Help))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))
        assert not pilot.app._exit


def app_of(pilot: Pilot[None]) -> NNApp:
    assert isinstance(pilot.app, NNApp)
    return pilot.app


def a_training(name: str) -> Opened:
    """A preset that nothing has been done with."""
    preset = find(name)
    experiment = build(preset, Path())
    return Opened(preset=preset, experiment=experiment, timeline=Timeline(experiment))


def status(pilot: Pilot[None]) -> str:
    """What is trained, if anything is on the screen."""
    return text(pilot, "status") if isinstance(pilot.app.screen, Dashboard) else ""


async def leave_for(pilot: Pilot[None], name: str) -> None:
    """Leave a training that has worked in the other thread and was drawn beneath a screen: both could keep it."""
    left = ref(dashboard(pilot))
    await look_at_help(pilot)
    await pilot.press("c", "p")
    await until(pilot, lambda: isinstance(pilot.app.screen, Picker))
    pilot.app.call_next(pilot.app.refresh_css)
    await pilot.press("escape")
    await until(pilot, lambda: not isinstance(pilot.app.screen, Picker))
    await choose(pilot, name)
    await look_at_help(pilot)
    await until(pilot, lambda: left() is None)


async def look_at_help(pilot: Pilot[None]) -> None:
    there = pilot.app.screen
    await pilot.press("question_mark")
    await until(pilot, lambda: isinstance(pilot.app.screen, Help))
    await pilot.press("escape")
    await until(pilot, lambda: pilot.app.screen is there)


async def choose(pilot: Pilot[None], name: str) -> None:
    await pilot.press("p")
    await until(pilot, lambda: isinstance(pilot.app.screen, Picker))
    await pilot.press(*name, "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard) and name in text(pilot, "status"))


@pytest.mark.parametrize("keys", ["p", "E", "g5"])
async def test_a_second_enter_leaves_no_more_than_the_first(
    keys: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened("xor") as pilot:
        there = pilot.app.screen
        await pilot.press(*keys)
        await until(pilot, lambda: pilot.app.screen is not there)
        for _ in range(3):
            pilot.app.post_message(Key("enter", None))
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))
        await settle(pilot)
        assert len(pilot.app.screen_stack) == 2
        await pilot.press("s")
        await until(pilot, lambda: where(pilot)[0] > 0)


async def test_a_key_that_comes_when_another_screen_lies_over_its_own_leaves_neither() -> None:
    async with opened(None) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker))
        picker = pilot.app.screen
        assert isinstance(picker, Picker)
        picker.action_new()
        picker.action_leave()
        await until(pilot, lambda: isinstance(pilot.app.screen, NewNetwork) and pilot.app.screen.is_mounted)

        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is picker)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))


async def test_a_click_that_comes_when_nothing_is_under_it_is_no_fault() -> None:
    async with opened("xor") as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
        palette, outside = pilot.app.screen, LARGE[0] + 9
        palette.post_message(Click(palette, outside, 1, 0, 0, 1, False, False, False, outside, 1))
        await settle(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))


async def test_a_click_on_an_option_that_has_gone_is_no_fault() -> None:
    async with opened("xor") as pilot:
        for key, leave in (("ctrl+p", "escape"), ("p", "escape")):
            await pilot.press(key)
            await until(pilot, lambda: bool(pilot.app.screen.query(OptionList)) and is_ready(pilot.app))
            click = Click(None, 1, 1, 0, 0, 1, False, False, False, 1, 1, Style(meta={"option": 10_000}))
            pilot.app.screen.query_one(OptionList).post_message(click)
            await settle(pilot)
            await pilot.press(leave)
            await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))


async def test_a_second_p_is_typed_in_the_picker() -> None:
    async with opened("xor") as pilot:
        for _ in range(2):
            pilot.app.post_message(Key("p", "p"))
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker))
        await until(pilot, lambda: pilot.app.screen.query_one("#picker-filter", Input).value == "p")
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))


async def test_enter_twice_opens_once() -> None:
    async with opened(None) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker))
        for _ in range(3):
            pilot.app.post_message(Key("enter", None))
        await until(
            pilot, lambda: isinstance(pilot.app.screen, Dashboard) and pilot.app.screen.view.snapshot is not None
        )
        assert len(pilot.app.screen_stack) == 2


async def test_a_training_that_is_to_be_opened_gives_way_to_the_end() -> None:
    async with opened("xor") as pilot:
        app = pilot.app
        app.exit()
    assert isinstance(app, NNApp) and not app.screen_stack

    await app._loading._replace(training_of("xor", {}))
    app._begin()


async def test_a_training_that_fails_at_its_first_step_says_why_in_the_network() -> None:
    preset = find("3-4-1")
    huge = structs.replace(preset, network=structs.replace(preset.network, weights=[[[1e308] * 3] * 4, [[1e308] * 4]]))
    app = NNApp("huge", huge)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.failure != "")
        await until(pilot, lambda: "Training failed at step 0: " in text(pilot, "network"))
        await until(pilot, lambda: drawn(pilot).splitlines()[0] == " 3-4-1  ✗ failed  step 0")
        await settle(pilot)

        said = " ".join(text(pilot, "network").split())
        assert said.endswith("q quits; p chooses another preset.") and not app._notifications


async def test_a_number_that_the_network_does_not_have_leaves_the_drawing_as_it_is() -> None:
    async with opened("3-4-1", SMALL) as pilot:
        dashboard(pilot).see(cursor=quantity("w9[9,9]"))
        pilot.app.screen.query_one("#network").watch_view()  # type: ignore[attr-defined]
        await settle(pilot)

        assert "x₁  7" in text(pilot, "network")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_loss_is_named_without_a_place_so_nothing_else_is_lit_or_explained(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        for name in ("w1[1,1]", "loss"):
            dashboard(pilot).explainer.go_to(quantity(name))
            await until(pilot, lambda name=name: str(dashboard(pilot).view.cursor) == name)  # type: ignore[misc]
        await settle(pilot)

        network = pilot.app.screen.query_one(NetworkPanel)
        assert network.has_focus and not {"cursor"} & {style for line in lines_of(network) for style in line}
        await pilot.press("enter")
        await until(pilot, lambda: str(dashboard(pilot).view.quantity) == "loss")

        await pilot.press("escape", "down")
        await until(pilot, lambda: str(dashboard(pilot).view.cursor).startswith("w1"))


def lines_of(panel: NetworkPanel) -> list[set[str]]:
    """The styles of each line of a panel."""
    return [{style for span in panel.page.line(y) for style in span.styles} for y in range(panel.page.height)]
