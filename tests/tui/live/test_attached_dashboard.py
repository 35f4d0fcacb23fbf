"""A training of another process in the dashboard: it runs and steps, and what it cannot do is said."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nn_tui.core.debugger.facts import Activity
from nn_tui.core.debugger.stage import Phase
from nn_tui.presets.live.live_training import LiveTraining
from nn_tui.presets.live.meeting import connect
from nn_tui.presets.live.orders import BreakAt, HoldCondition, SetLearningRate
from nn_tui.presets.live.wire import dashboard_end
from nn_tui.tui.app import NNApp
from nn_tui.tui.config import Config
from nn_tui.tui.dashboard.dashboard import Dashboard

from ...helpers.app import LARGE, PATIENCE, SMALL, dashboard, drawn, settle, text, until, where
from ...helpers.live import PlayedTraining


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NN_TUI_STATE", str(tmp_path))


@asynccontextmanager
async def attached(
    played: PlayedTraining, size: tuple[int, int] = LARGE, prints: tuple[str, ...] = ()
) -> AsyncIterator[Pilot[None]]:
    """The app with a training of another process, as nn-tui attach opens it."""
    live = LiveTraining(lambda: dashboard_end(connect(played.path)), "train.py")
    if prints:
        live.print(*prints)
    app = NNApp("train.py", config=Config(start_pace=0), live=live)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        await settle(pilot)
        yield pilot


async def at_step(pilot: Pilot[None], step: int, phase: Phase = Phase.BACKWARD) -> None:
    await until(pilot, lambda: where(pilot) == (step, phase) and not dashboard(pilot).view.running)


async def test_steps_of_another_process_are_shown_in_every_panel() -> None:
    with PlayedTraining() as played:
        async with attached(played) as pilot:
            await at_step(pilot, 0)
            for step in (1, 2, 3):
                await pilot.press("s")
                await at_step(pilot, step)
            await until(pilot, lambda: "step 3" in drawn(pilot).splitlines()[0])
            await until(pilot, lambda: drawn(pilot).count("step 3") == 2)  # the header, and the picture's border
            assert "Batch loss" in drawn(pilot) and "Train loss" not in drawn(pilot)
            state = dashboard(pilot).view.snapshot.state  # type: ignore[union-attr]
            assert state == played.state
            assert "torch and nn-tui agree to the last bit" in drawn(pilot)


async def test_a_run_continues_until_it_is_paused_and_kept_steps_can_be_shown() -> None:
    with PlayedTraining() as played:
        async with attached(played) as pilot:
            await pilot.press("space")
            await until(pilot, lambda: dashboard(pilot).view.running and where(pilot)[0] > 3)
            await pilot.press("space")
            await until(pilot, lambda: not dashboard(pilot).view.running)
            newest = where(pilot)[0]
            await pilot.press("s")
            await at_step(pilot, newest + 1)
            held = played.backward.step
            await pilot.press("b")
            await until(pilot, lambda: where(pilot)[0] == newest)
            assert "of" in drawn(pilot).splitlines()[0]
            await pilot.press("end")
            await until(pilot, lambda: where(pilot)[0] == newest + 1)
            assert played.backward.step == held, "the training stayed where it was"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("b", "cannot step back, and no earlier step was kept"),
        ("e", "does not say where an epoch ends"),
        ("r", "start the script again"),
        ("o", "has one branch"),
        ("O", "has one branch"),
        ("w", "is saved by its script"),
    ],
)
async def test_a_key_that_a_foreign_training_lacks_answers_with_the_reason(key: str, reason: str) -> None:
    with PlayedTraining() as played:
        async with attached(played, size=(200, 60)) as pilot:
            await pilot.press(key)
            await until(pilot, lambda: reason in " ".join(drawn(pilot).split()))
            assert where(pilot) == (0, Phase.BACKWARD)


async def test_of_the_settings_the_learning_rate_can_be_set() -> None:
    with PlayedTraining() as played:
        async with attached(played) as pilot:
            await pilot.press("m")
            await until(pilot, lambda: "are the script's own" in " ".join(drawn(pilot).split()))
            await pilot.press(*"0.25", "enter")
            await until(pilot, lambda: SetLearningRate(value=0.25) in played.orders)


async def test_a_breakpoint_leaves_the_agreement_to_be_seen() -> None:
    with PlayedTraining() as played:
        async with attached(played) as pilot:
            await pilot.press("k")
            await until(pilot, lambda: not isinstance(pilot.app.screen, Dashboard))
            await pilot.press(*"step 3", "enter", "escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))
            await pilot.press("space")
            await until(pilot, lambda: "at step" in drawn(pilot).splitlines()[0])
            assert "both agree" in drawn(pilot).splitlines()[0]


async def test_a_breakpoint_at_a_step_that_has_passed_is_refused() -> None:
    with PlayedTraining() as played:
        async with attached(played) as pilot:
            for step in (1, 2):
                await pilot.press("s")
                await at_step(pilot, step)
            await pilot.press("b", "k")
            await until(pilot, lambda: not isinstance(pilot.app.screen, Dashboard))
            await pilot.press(*"step 2", "enter")
            await until(pilot, lambda: "step 2 has passed" in " ".join(drawn(pilot).split()))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard))
            assert not breaks(played)


async def test_the_help_says_which_keys_a_foreign_training_lacks() -> None:
    with PlayedTraining() as played:
        async with attached(played, size=(200, 60)) as pilot:
            await pilot.press("question_mark")
            await until(pilot, lambda: "Not with this training" in drawn(pilot))
            assert "step by one epoch" not in drawn(pilot)


async def test_a_copy_in_nn_tui_continues_from_the_step_that_is_shown() -> None:
    with PlayedTraining() as played:
        async with attached(played) as pilot:
            for step in (1, 2):
                await pilot.press("s")
                await at_step(pilot, step)
            state = dashboard(pilot).view.snapshot.state  # type: ignore[union-attr]
            theirs = dashboard(pilot)
            await pilot.press("u")
            await until(pilot, lambda: dashboard(pilot) is not theirs and dashboard(pilot).view.snapshot is not None)
            copied = dashboard(pilot).view.snapshot
            assert copied and copied.step == 0
            assert copied.state.parameters.tobytes() == state.parameters.tobytes()
            assert [slot.tobytes() for slot in copied.state.slots] == [slot.tobytes() for slot in state.slots]
            await pilot.press("s")
            await at_step(pilot, 1)
            next_state = dashboard(pilot).view.snapshot.state  # type: ignore[union-attr]
            await pilot.press("u")
            await until(pilot, lambda: dashboard(pilot) is theirs)
            await pilot.press("s")
            await at_step(pilot, 3)
            after = dashboard(pilot).view.snapshot.state  # type: ignore[union-attr]
            assert after.parameters == pytest.approx(next_state.parameters, rel=1e-14), "both computed the same update"


async def test_what_the_script_prints_has_a_pane_and_a_page() -> None:
    with PlayedTraining() as played:
        async with attached(played, prints=(f"epoch 1 {'.' * 120} done", "epoch \x1b[31m2")) as pilot:
            await until(pilot, lambda: "epoch 1" in text(pilot, "output"))
            assert "done" in text(pilot, "output"), "a long line continues in the next row"
            assert "\x1b" not in text(pilot, "output")
            await pilot.press("i")
            await until(pilot, lambda: "Output of the script" in drawn(pilot))


async def test_an_edit_is_made_by_the_training_and_shown() -> None:
    with PlayedTraining() as played:
        async with attached(played) as pilot:
            await pilot.press("plus")
            await until(pilot, lambda: any("SetLearningRate" in type(each).__name__ for each in played.orders))
            await until(pilot, lambda: dashboard(pilot).view.trainer.optimizer.learning_rate > 0.5)  # type: ignore[union-attr]


async def test_a_breakpoint_is_written_as_pytorch_names_things_and_watched_by_the_training() -> None:
    with PlayedTraining() as played:
        async with attached(played) as pilot:
            await pilot.press("k")
            await until(pilot, lambda: "gradient norm 0.weight > 5" in drawn(pilot))
            for typed in ("value 0.weight[0,1] > 0.5", "loss < 0.01", "norm gone.weight > 1"):
                pilot.app.screen.query_one(Input).value = typed
                await pilot.press("enter")
            await pilot.press("escape")
            await until(pilot, lambda: len(breaks(played)) == 2)
            value, loss = breaks(played)
            assert (value.of, value.tensor, value.index, value.bound) == ("value", "0.weight", (0, 1), 0.5)
            assert (loss.of, loss.relation, loss.bound) == ("loss", "<", 0.01)
            await until(pilot, lambda: "no tensor is named 'gone.weight'" in " ".join(drawn(pilot).split()))


def breaks(played: PlayedTraining) -> tuple[HoldCondition, ...]:
    return next((each.conditions for each in played.orders[::-1] if isinstance(each, BreakAt)), ())


async def test_after_the_death_of_the_training_everything_it_reported_stays() -> None:
    played = PlayedTraining()
    async with attached(played) as pilot:
        await pilot.press("s")
        await at_step(pilot, 1)
        played.close()
        await until(pilot, lambda: dashboard(pilot).recorder.activity is Activity.FAILED)
        await until(pilot, lambda: "process has ended" in drawn(pilot))
        await pilot.press("b")
        await until(pilot, lambda: where(pilot)[0] == 0)


async def test_a_fault_in_a_gradient_is_found_and_named_in_the_header() -> None:
    with PlayedTraining(fault=1e-3) as played:
        async with attached(played) as pilot:
            await until(pilot, lambda: "first difference: ∂L/∂w¹₁₁" in drawn(pilot).splitlines()[0])


async def test_the_dashboard_of_a_small_screen_says_whether_both_agree() -> None:
    with PlayedTraining() as played:
        async with attached(played, size=SMALL) as pilot:
            await until(pilot, lambda: "torch and nn-tui agree" in drawn(pilot).splitlines()[0])


async def test_leaving_lets_the_training_run_on() -> None:
    with PlayedTraining() as played:
        async with attached(played) as pilot:
            assert played._left == 0
            await pilot.press("q")
        end = monotonic() + PATIENCE
        while played._left == 0 and monotonic() < end:
            await asyncio.sleep(0)
        assert played._left == float("inf")
