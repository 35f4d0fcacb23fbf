"""The screen of a model that nn-tui cannot compute: keys become orders, and reports are shown."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from queue import SimpleQueue

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nn_tui.core.debugger.facts import Activity
from nn_tui.presets.live.live_training import LiveTraining
from nn_tui.presets.live.messages import (
    PROTOCOL,
    Block,
    FirstNotFinite,
    Hello,
    ModelDescription,
    Module,
    ModuleStatistics,
    RecentLosses,
    Refused,
    Report,
    ScriptAt,
    Statistics,
    TrainingActivity,
    Window,
)
from nn_tui.presets.live.orders import (
    BreakAt,
    EditParameter,
    HoldCondition,
    Leave,
    LookAt,
    Order,
    Pause,
    Run,
    SetLearningRate,
    StepUpdates,
    WindowAt,
)
from nn_tui.tui.action import actions_of, key_rows
from nn_tui.tui.app import NNApp
from nn_tui.tui.config import Config
from nn_tui.tui.dashboard.all_actions import DASHBOARD_ACTIONS
from nn_tui.tui.dialogs.prompt import Prompt
from nn_tui.tui.dialogs.reading_dialogs import ScriptOutput
from nn_tui.tui.live.module_keys import MODULE_ACTIONS, REASONS
from nn_tui.tui.live.module_screen import ModuleScreen
from nn_tui.tui.live.waiting import WaitingScreen
from nn_tui.tui.panels.panel_list import PANELS

from ...helpers.app import LARGE, SMALL, drawn, settle, until, until_shown

MODEL = ModelDescription(
    modules=(
        Module(path="", kind="Net"),
        Module(path="fc", kind="Linear", parameters=(("fc.weight", (4, 30)), ("fc.bias", (4,)))),
        Module(path="conv", kind="Conv2d", parameters=(("conv.weight", (2, 3, 3, 3)),)),
    ),
    reason="Conv2d has no counterpart",
)
HELLO = Hello(protocol=PROTOCOL, pid=1, script="train.py", torch="2")
PAUSED = TrainingActivity(now="paused")
STATISTICS = Statistics(
    step=0, rows=(ModuleStatistics(name="fc.weight", shape=(4, 30), norm=1.5, gradient_norm=0.5, zeros=0.0),)
)


class Script:
    """A process of which a test plays the part."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.waiting: SimpleQueue[Report | None] = SimpleQueue()

    def send(self, order: Order) -> None:
        self.orders.append(order)

    def receive(self) -> Report | None:
        return self.waiting.get()

    def close(self) -> None:
        self.waiting.put(None)

    def report(self, *reports: Report) -> None:
        for each in reports:
            self.waiting.put(each)

    @property
    def windows(self) -> list[WindowAt]:
        """Those that are looked at now."""
        looks = [order for order in self.orders if isinstance(order, LookAt)]
        return list(looks[-1].windows)


@asynccontextmanager
async def shown(
    script: Script,
    size: tuple[int, int] = LARGE,
    prints: tuple[str, ...] = (),
    *,
    prints_here: bool = False,
    model: ModelDescription = MODEL,
) -> AsyncIterator[Pilot[None]]:
    """The app with a model that is not recognized."""
    script.report(HELLO, PAUSED, model)
    live = LiveTraining(lambda: script, "train.py", prints_here=prints_here)
    live.print(*prints)
    app = NNApp("train.py", config=Config(), live=live)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ModuleScreen) and hasattr(app.screen, "training"))
        await settle(pilot)
        script.report(STATISTICS)
        await until(pilot, lambda: "1.5000" in drawn(pilot))
        yield pilot


@pytest.mark.parametrize("size", [SMALL, LARGE, (200, 60)])
async def test_the_tree_and_why_the_model_is_not_computed_are_seen_at_every_size(size: tuple[int, int]) -> None:
    async with shown(Script(), size) as pilot:
        screen = drawn(pilot)
        assert "Conv2d has no counterpart" in screen
        assert "4×30" in screen and "paused" in screen


async def test_only_what_can_be_seen_is_asked_for() -> None:
    script = Script()
    async with shown(script) as pilot:
        await until(pilot, lambda: bool(script.windows) and script.windows[0].tensor == "fc.weight")
        await until(pilot, lambda: 3 < script.windows[0].columns < 30)
        values = np.arange(12.0).reshape(3, 4)
        script.report(_window("fc.weight", values))
        await until(pilot, lambda: "+11.000000" in drawn(pilot))
        await pilot.press("enter", *["right"] * 9)
        await until(pilot, lambda: script.windows[0].left > 0)
        await pilot.press("d")
        await until(pilot, lambda: script.windows[0].tensor == "fc.weight gradient")
        await pilot.press("escape", "down", "down", "right_square_bracket")
        await until(pilot, lambda: (script.windows[0].tensor, script.windows[0].index) == ("conv.weight", (0, 1)))


def _window(name: str, values: np.ndarray) -> Window:
    ends = float(values.min()), float(values.max())
    return Window(
        step=0, name=name, shape=(4, 30), index=(), top=0, left=0, values=Block.of(values), counts=(1, 2, 3),
        least=ends[0], greatest=ends[1],
    )  # fmt: skip


async def test_steps_that_are_asked_for_in_one_burst_are_made_one_after_the_other() -> None:
    script = Script()
    async with shown(script) as pilot:
        await pilot.press("s", "s")
        await until(pilot, lambda: script.orders.count(StepUpdates()) == 1)
        script.report(RecentLosses(steps=(0, 1), losses=(2.0, 1.0)), TrainingActivity(now="paused", step=1))
        await until(pilot, lambda: script.orders.count(StepUpdates()) == 2)
        await until(pilot, lambda: "step 1" in drawn(pilot))


async def test_a_key_that_comes_just_after_a_run_has_paused_does_not_start_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script()
    async with shown(script) as pilot:
        monkeypatch.setattr("nn_tui.tui.dashboard.run_end.REACTION", 0.0)
        await pilot.press("space")
        await until(pilot, lambda: "running" in drawn(pilot))
        script.report(TrainingActivity(now="paused", step=7, why="loss < 0.5"))
        await until(pilot, lambda: "loss < 0.5" in drawn(pilot))

        monkeypatch.setattr("nn_tui.tui.dashboard.run_end.REACTION", 60.0)
        await pilot.press("space")
        await until(pilot, lambda: "already paused; space continues" in drawn(pilot))
        assert script.orders.count(Run()) == 1
        await pilot.press("space")
        await until(pilot, lambda: script.orders.count(Run()) == 2)


async def test_run_pause_edit_rate_and_breakpoints_become_orders() -> None:
    script = Script()
    async with shown(script) as pilot:
        await pilot.press("space")
        await until(pilot, lambda: Run() in script.orders and "running" in drawn(pilot))
        await pilot.press("space")
        await until(pilot, lambda: Pause() in script.orders)
        for keys, typed, order in (
            (("enter", "right", "a"), "0.25", EditParameter(parameter="fc.weight", index=(0, 1), value=0.25)),
            (("m",), "0.01", SetLearningRate(value=0.01)),
            (
                ("k",),
                "loss < 0.5; norm fc.weight > 3",
                BreakAt(
                    conditions=(
                        HoldCondition(of="loss", relation="<", bound=0.5),
                        HoldCondition(of="norm", tensor="fc.weight", relation=">", bound=3.0),
                    )
                ),
            ),
        ):
            await pilot.press(*keys)
            await until_shown(pilot, Prompt)
            pilot.app.screen.query_one(Input).value = typed
            await pilot.press("enter")
            await until(pilot, lambda order=order: order in script.orders)  # type: ignore[misc]


async def test_a_complex_number_cannot_be_edited() -> None:
    fc = Module(path="", kind="Net", parameters=(("fc.weight", (4, 30)),), complex=("fc.weight",))
    async with shown(Script(), model=ModelDescription(modules=(fc,), reason="its numbers are complex")) as pilot:
        await pilot.press("a")

        await until(pilot, lambda: "shown by their magnitudes and cannot be edited" in drawn(pilot))
        assert isinstance(pilot.app.screen, ModuleScreen)


async def test_a_key_of_the_dashboard_does_something_here_or_says_why_not() -> None:
    keys = {key for each in DASHBOARD_ACTIONS for key in each.keys.split(",")}
    keys |= {key for spec in PANELS for each in actions_of(spec.widget).values() for key in each.keys.split(",")}
    here = {key for each in MODULE_ACTIONS for key in each.keys.split(",")}
    assert keys - here == {*REASONS}
    async with shown(Script(), SMALL) as pilot:
        for key, reason in REASONS.items():
            await pilot.press(key)
            await until(pilot, lambda reason=reason: reason in drawn(pilot))  # type: ignore[misc]
        await pilot.press("down")
        await until(pilot, lambda: "Conv2d has no counterpart" in drawn(pilot))


async def test_a_tensor_is_found_by_a_part_of_its_name() -> None:
    script = Script()
    async with shown(script) as pilot:
        for typed, tensor in (("BIAS", "fc.bias"), ("weight", "conv.weight"), ("weight", "fc.weight")):
            await pilot.press("slash")
            await until_shown(pilot, Prompt)
            pilot.app.screen.query_one(Input).value = typed
            await pilot.press("enter")
            await until(pilot, lambda tensor=tensor: script.windows[0].tensor == tensor)  # type: ignore[misc]


async def test_a_step_is_run_to_and_the_learning_rate_raised_from_what_was_reported() -> None:
    script = Script()
    async with shown(script) as pilot:
        await pilot.press("plus")
        await until(pilot, lambda: "not known yet" in drawn(pilot))
        script.report(RecentLosses(steps=(0,), losses=(2.0,), learning_rate=0.01))
        await until(pilot, lambda: "learning rate 0.01" in drawn(pilot))
        await pilot.press("plus", "g")
        await until(pilot, lambda: SetLearningRate(value=0.02) in script.orders)
        pilot.app.screen.query_one(Input).value = "40"
        await pilot.press("enter")
        await until(pilot, lambda: StepUpdates(updates=40) in script.orders)


async def test_the_gradient_of_an_output_is_asked_for_or_said_to_be_missing() -> None:
    script = Script()
    async with shown(script) as pilot:
        output = ModuleStatistics(name="fc output", shape=(4, 30), norm=9.0)
        script.report(Statistics(step=0, rows=(output,)))
        await until(pilot, lambda: "output" in drawn(pilot))
        await pilot.press("down", "down")
        await until(pilot, lambda: script.windows[0].tensor == "fc output")
        script.report(_window("fc output", np.full((2, 2), 7.0)))
        await until(pilot, lambda: "+7.000000" in drawn(pilot))
        await pilot.press("d")
        await until(pilot, lambda: script.windows[0].tensor == "fc output gradient")
        await until(pilot, lambda: "no gradient at this step" in drawn(pilot) and "+7.000000" not in drawn(pilot))


async def test_outputs_of_an_older_step_say_so_once_the_training_pauses_or_ends() -> None:
    script = Script()
    async with shown(script) as pilot:
        output = ModuleStatistics(name="fc output", shape=(4, 30), norm=9.0)
        script.report(TrainingActivity(now="running"), Statistics(step=1, rows=(output,)))
        await until(pilot, lambda: "9.0000" in drawn(pilot))
        await pilot.press("down", "down")
        script.report(_window("fc output", np.ones((2, 2))))
        script.report(Statistics(step=400, rows=STATISTICS.rows))
        await until(pilot, lambda: "step 400" in drawn(pilot) and "+1.000000" in drawn(pilot))
        assert "of step" not in drawn(pilot)
        script.report(TrainingActivity(now="finished", step=400))
        await until(pilot, lambda: "output of step 1" in drawn(pilot) and "4×30  of step 0" in drawn(pilot))
        assert "weight of step" not in drawn(pilot)


async def test_a_step_that_has_passed_is_no_breakpoint_but_one_that_was_placed_before_may_stay() -> None:
    script = Script()
    async with shown(script) as pilot:
        for at, typed, is_placed in (
            (5, "step 9", True),
            (20, "step 9; step 12", False),
            (20, "step 9; step 21", True),
        ):
            script.report(TrainingActivity(now="paused", step=at))
            await until(pilot, lambda at=at: f"step {at}" in drawn(pilot))  # type: ignore[misc]
            orders = len(script.orders)
            await pilot.press("k")
            await until_shown(pilot, Prompt)
            pilot.app.screen.query_one(Input).value = typed
            await pilot.press("enter")
            if is_placed:
                await until(pilot, lambda orders=orders: len(script.orders) > orders)  # type: ignore[misc]
            else:
                await until(pilot, lambda: "step 12 has passed" in " ".join(drawn(pilot).split()))
                await pilot.press("escape")
    assert sum(isinstance(order, BreakAt) for order in script.orders) == 2


async def test_a_panel_is_maximized_and_all_are_seen_again() -> None:
    async with shown(Script()) as pilot:
        await pilot.press("l")
        await until(pilot, lambda: "Histogram ─" not in drawn(pilot) and "1 Modules" in drawn(pilot))
        await pilot.press("l")
        await until(pilot, lambda: "Histogram ─" in drawn(pilot))


async def test_the_help_lists_the_keys() -> None:
    async with shown(Script(), SMALL) as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: "choose a tensor" in drawn(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ModuleScreen))


def test_the_help_explains_two_keys_in_their_order() -> None:
    (explained,) = [sentence for keys, sentence in key_rows(MODULE_ACTIONS) if keys == "] ["]
    assert explained.endswith("the next part, the part before")


async def test_what_is_typed_wrongly_is_answered_in_the_dialog() -> None:
    script = Script()
    async with shown(script) as pilot:
        await pilot.press("k")
        await until_shown(pilot, Prompt)
        await pilot.press(*"norm")
        await pilot.press("enter")
        await until(pilot, lambda: "expected loss < 0.1" in " ".join(drawn(pilot).split()))
        for typed, fault in (
            ("norm gone.weight > 1", "no tensor is named 'gone.weight'"),
            ("value fc.bias[4] > 1", "fc.bias is 4, so it has no number"),
        ):
            pilot.app.screen.query_one(Input).value = typed
            await pilot.press("enter")
            await until(pilot, lambda fault=fault: fault in " ".join(drawn(pilot).split()))  # type: ignore[misc]
        assert not any(isinstance(order, BreakAt) for order in script.orders)


async def test_what_is_first_not_finite_what_is_refused_and_the_end_are_said() -> None:
    script = Script()
    async with shown(script) as pilot:
        script.report(FirstNotFinite(step=3, operation="aten.sqrt", place="train.py:15"), Refused(reason="no \x1b[31m"))
        await until(pilot, lambda: "aten.sqrt is not finite (forward pass), train.py:15" in drawn(pilot))
        await until(pilot, lambda: "no " in drawn(pilot) and "\x1b" not in drawn(pilot))
        script.report(None)  # type: ignore[arg-type]
        await until(pilot, lambda: "process has ended" in drawn(pilot))
        screen = pilot.app.screen
        assert isinstance(screen, ModuleScreen) and screen.training.now.activity is Activity.FAILED
        assert "1.5000" in drawn(pilot)


async def test_a_tensor_that_is_chosen_after_the_end_says_why_it_has_no_numbers() -> None:
    script = Script()
    async with shown(script) as pilot:
        script.report(TrainingActivity(now="finished", step=1))
        await until(pilot, lambda: "finished" in drawn(pilot))

        await pilot.press("down")

        await until(pilot, lambda: "ended before these numbers were asked for" in drawn(pilot))
        assert not pilot.app._notifications
        await pilot.press("s")
        await until(pilot, lambda: any("process has ended" in each.message for each in pilot.app._notifications))


@pytest.mark.parametrize(("prints_here", "words"), [(True, "nothing printed yet"), (False, "terminal of the training")])
async def test_before_the_script_prints_the_page_of_its_output_says_so_and_why_the_model_is_not_computed(
    prints_here: bool, words: str
) -> None:
    async with shown(Script(), SMALL, prints_here=prints_here) as pilot:
        await pilot.press("i")
        await until_shown(pilot, ScriptOutput)
        await until(pilot, lambda: words in drawn(pilot))
        assert "not computed here: Conv2d has no counterpart" in drawn(pilot)


async def test_the_output_has_a_pane_and_leaving_lets_the_training_run() -> None:
    script = Script()
    async with shown(script, prints=("epoch 1",)) as pilot:
        await until(pilot, lambda: "epoch 1" in drawn(pilot))
        await pilot.press("q")
    assert Leave() in script.orders


async def test_a_script_that_ends_before_it_trains_is_waited_for_no_longer() -> None:
    script = Script()
    script.report(HELLO, None)  # type: ignore[arg-type]
    live = LiveTraining(lambda: script, "train.py")
    live.print("Traceback", "ValueError: no data")
    app = NNApp("train.py", config=Config(), live=live)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: isinstance(app.screen, WaitingScreen) and "before a training began" in drawn(pilot))
        assert "ValueError: no data" in drawn(pilot)


async def test_a_long_line_of_the_output_is_seen_to_its_end_before_a_training_and_in_its_pane() -> None:
    line = " ".join(map(str, range(50))) + " the end"
    script = Script()
    script.report(HELLO)
    live = LiveTraining(lambda: script, "train.py")
    live.print(line)
    app = NNApp("train.py", config=Config(), live=live)
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: "the end" in drawn(pilot))
    async with shown(Script(), prints=(line,)) as pilot:
        await until(pilot, lambda: "the end" in drawn(pilot))


async def test_a_key_before_the_first_step_is_answered() -> None:
    script = Script()
    script.report(HELLO)
    app = NNApp("train.py", config=Config(), live=LiveTraining(lambda: script, "train.py"))
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "waiting for its first training step …" in drawn(pilot))
        assert "only q" not in drawn(pilot)

        await pilot.press("s")

        await until(pilot, lambda: "Until then only q has an effect." in drawn(pilot))


async def test_before_the_first_step_the_line_of_the_script_is_shown() -> None:
    script = Script()
    script.report(HELLO, ScriptAt(place="train.py:11"))
    app = NNApp("train.py", config=Config(), live=LiveTraining(lambda: script, "train.py"))
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "the script is at train.py:11" in drawn(pilot))

        script.report(ScriptAt(place="train.py:12", is_compiling=True))

        await until(pilot, lambda: "torch.compile compiles a model at train.py:12" in drawn(pilot))


async def test_losses_that_the_screen_reads_do_not_change() -> None:
    script = Script()
    async with shown(script) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ModuleScreen)
        script.report(RecentLosses(steps=(1,), losses=(0.5,)))
        await until(pilot, lambda: len(screen.training.now.losses) == 1)
        read = screen.training.now.losses

        script.report(RecentLosses(steps=(2,), losses=(0.4,)))

        await until(pilot, lambda: len(screen.training.now.losses) == 2)
        assert list(read) == [(1, 0.5)]


async def test_a_screen_without_news_is_not_drawn_again() -> None:
    script = Script()
    async with shown(script) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, ModuleScreen)
        script.report(Refused(reason="not now"))
        await until(pilot, lambda: [each.message for each in pilot.app._notifications] == ["not now"])
        screen.look()
        before = screen._shown

        screen.look()

        assert screen._shown is before is screen.training.now
