"""The debugger at the screen: explain, walk factors, alter, nudge, branch, compare, check, rest at breakpoints."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from nn_tui.core.debugger.breakpoints import DeadRelu, Placed
from nn_tui.core.debugger.stage import Phase, StepUnit
from nn_tui.core.training.changes import Change
from nn_tui.tui.dialogs.edit_dialogs import Edit
from nn_tui.tui.dialogs.reading_dialogs import Compare, Help, PanelHelp
from nn_tui.tui.panels.page_view import PageView

from ..helpers.app import (
    LARGE,
    SMALL,
    dashboard,
    drawn,
    opened,
    put_cursor_on,
    settle,
    step_to,
    text,
    text_of,
    until,
    until_shown,
    where,
)
from ..helpers.quantities import quantity


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_number_is_explained_with_keys_alone_and_gone_into_and_out_of(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        await step_to(pilot, 1)
        await pilot.press("b")
        await until(pilot, lambda: where(pilot)[0] == 0)
        await put_cursor_on(pilot, "w1[1,1]")
        await pilot.press("right", "enter")
        await until(pilot, lambda: "∂E/∂w¹₁₁ = " in text(pilot, "explain"))
        assert "−1.919800 · 0.249564" in text(pilot, "explain") and "step 0" in text(pilot, "explain")

        await pilot.press("enter")
        await until(pilot, lambda: "da2[1], step 0" in text(pilot, "explain"))
        await pilot.press("backspace")
        await until(pilot, lambda: "dw1[1,1], step 0" in text(pilot, "explain"))
        await pilot.press("escape")
        await until(pilot, lambda: not dashboard(pilot).view.quantity)


async def test_factors_come_one_by_one_and_go_back() -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await put_cursor_on(pilot, "w2[1,1]")
        walk = (1, "−1.919800", "da2[1]"), (2, "−0.479112", "dz2[1]"), (3, "−0.404965", "a1[1]")
        for shown, product, under_cursor in walk:
            await pilot.press("x")
            await until(pilot, lambda shown=shown: f"factor {shown} of 3" in text(pilot, "explain"))  # type: ignore[misc]
            assert product in text(pilot, "explain") and "product so far" in text(pilot, "explain")
            await until(pilot, lambda name=under_cursor: dashboard(pilot).view.cursor == quantity(name))  # type: ignore[misc]
        assert "product = −0.404965 ✓" in text(pilot, "explain")
        assert "next w²₁₁ = 0.088132 − 0.5 · (−0.404965) = 0.290614" in text(pilot, "explain")

        await pilot.press("X")
        await until(pilot, lambda: "factor 2 of 3" in text(pilot, "explain"))
        assert where(pilot) == (0, Phase.BACKWARD)


async def test_factors_come_before_the_backward_pass_too() -> None:
    async with opened("3-4-1") as pilot:
        for _ in range(3):
            dashboard(pilot).verbs.back(StepUnit.PHASE)
        await until(pilot, lambda: where(pilot) == (0, Phase.FORWARD))
        await put_cursor_on(pilot, "w1[1,1]")
        await pilot.press("x")
        await until(pilot, lambda: "factor 1 of 5" in text(pilot, "explain"))
        assert " ".join(text(pilot, "explain").split()).count("∂E/∂ŷ₁ = −1 / ŷ₁ −1.919800") == 1


async def test_the_routes_of_a_gradient_are_lit() -> None:
    async with opened("2-2-2-1") as pilot:
        await step_to(pilot, 1)
        await put_cursor_on(pilot, "w1[1,1]")
        await pilot.press("right", "enter")
        both = {(0, 0, 0), (1, 0, 0), (1, 1, 0), (2, 0, 0), (2, 0, 1)}
        await until(pilot, lambda: dashboard(pilot).view.lit == both)

        await pilot.press("v")
        await until(pilot, lambda: len(dashboard(pilot).view.lit) == 3)


async def test_a_weight_is_edited_and_stepping_back_undoes_it() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 2)
        await put_cursor_on(pilot, "w1[1,2]")
        await settle(pilot)
        shown = text(pilot, "network")
        await pilot.press("a")
        await until_shown(pilot, Edit)
        pilot.app.screen.query_one(Input).value = "0.75"
        await pilot.press("enter")
        await until(pilot, lambda: "+0.750000" in text(pilot, "parameters"))
        assert "1 edit" in text(pilot, "status")

        await pilot.press("b")
        await until(pilot, lambda: text(pilot, "network") == shown)
        assert where(pilot)[0] == 2


@pytest.mark.parametrize("typed", ["x", "", "nan", "1e999", "--1"])
async def test_what_is_no_number_is_refused_and_the_old_value_stays(typed: str) -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await put_cursor_on(pilot, "w1[1,2]")
        await pilot.press("a")
        await until_shown(pilot, Edit)
        pilot.app.screen.query_one(Input).value = typed
        await pilot.press("enter")
        await until(pilot, lambda: "expected" in str(pilot.app.screen.query_one("#edit-told").render()))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Edit))
        assert "+0.043651" in text(pilot, "parameters")


async def test_a_change_after_going_back_begins_a_branch_that_can_be_compared() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 3)
        await pilot.press("b")
        await until(pilot, lambda: where(pilot)[0] == 2)
        await until(pilot, lambda: "of 3" in text(pilot, "status"))

        await pilot.press("plus")
        await until(pilot, lambda: "branch 2 of 2" in text(pilot, "status"))
        await step_to(pilot, 3)
        shown = dashboard(pilot)
        shown.answers.compare()
        assert not shown.is_ready  # keys behind it are for the comparison
        await until_shown(pilot, Compare)
        assert shown.is_ready
        table = text_of(pilot.app.screen.query_one("#comparison"))
        assert table.splitlines()[:2] == ["η 1    learning rate 0.5 → 1 at step 2", "η 0.5  no change"]
        assert "first: w¹₁₁ at step 3" in table
        await pilot.press("escape", "o")
        await until(pilot, lambda: "branch 1 of 2" in text(pilot, "status"))


async def test_a_nudge_shows_what_was_predicted_and_what_came() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 1)
        await put_cursor_on(pilot, "w2[1,1]")
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: "w²₁₁ +0.00291: loss predicted" in text(pilot, "status"))
        assert not pilot.app._notifications
        assert "1 edit" in text(pilot, "status")


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_a_notice_does_not_lie_over_the_help(key: str) -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await put_cursor_on(pilot, "w2[1,1]")
        await pilot.press("right_square_bracket")
        dashboard(pilot).say("an error", severity="error")
        await until(pilot, lambda: bool(pilot.app._notifications))
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.screen, Help | PanelHelp))
        assert not pilot.app._notifications


async def test_a_nudge_after_an_update_moves_the_weight_that_it_made() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("f")
        await until(pilot, lambda: "step 1  update" in text(pilot, "status"))
        await put_cursor_on(pilot, "w1[1,1]")
        assert "+0.198195" in text(pilot, "parameters")

        await pilot.press("right_square_bracket")

        await until(pilot, lambda: "+0.200177" in text(pilot, "parameters"))
        assert dashboard(pilot).view.notice == "w¹₁₁ +0.00198: loss predicted −0.000119, actual −0.000118"


async def test_back_by_an_epoch_at_the_start_undoes_a_change_and_shows_it() -> None:
    async with opened("xor") as pilot:
        await pilot.press("e")
        await until(pilot, lambda: where(pilot)[0] == 1)
        await pilot.press("home", "2")
        await until(pilot, lambda: where(pilot)[0] == 0)
        before = text(pilot, "parameters")
        await put_cursor_on(pilot, "w1[1,1]")
        await pilot.press("right_square_bracket", "right_square_bracket")
        await until(pilot, lambda: "loss predicted" in said(pilot) and before != text(pilot, "parameters"))

        await pilot.press("b")

        await until(pilot, lambda: "edit undone" in text(pilot, "status"))
        assert text(pilot, "parameters") == before


async def test_an_edit_that_was_undone_is_not_counted() -> None:
    async with opened("3-4-1") as pilot:
        for step, rate in enumerate((1.0, 2.0)):
            await step_to(pilot, step)
            dashboard(pilot).verbs.change(Change("learning_rate", rate))
            await until(pilot, lambda step=step: f"{step + 1} edit" in text(pilot, "status"))  # type: ignore[misc]
        for said in ("edit undone", "1 edit "):
            dashboard(pilot).verbs.back(StepUnit.UPDATE)
            await until(pilot, lambda said=said: said in text(pilot, "status"))  # type: ignore[misc]
        assert where(pilot)[0] == 0


async def test_the_gradient_check_marks_every_parameter_of_the_moment() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 1)
        await pilot.press("2", "c")
        await until(pilot, lambda: len(dashboard(pilot).view.checks or {}) == 21)
        assert text(pilot, "parameters").count("✓") >= 10
        assert dashboard(pilot).view.notice.endswith("the same key ends this")
        await pilot.press("c")
        assert dashboard(pilot).view.notice == "the gradients are no longer checked"
        await until(pilot, lambda: "✓" not in text(pilot, "parameters"))


async def test_a_run_pauses_at_a_breakpoint_and_says_which() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("k")
        await until(pilot, lambda: bool(pilot.app.screen.query("#breakpoints-new")))
        pilot.app.screen.query_one("#breakpoints-new", Input).value = "loss < 0.1"
        await pilot.press("enter", "escape")
        await until(pilot, lambda: not pilot.app.screen.query("#breakpoints-new"))
        await pilot.press("space")
        await until(pilot, lambda: "at loss < 0.1" in text(pilot, "status"))
        snapshot = dashboard(pilot).view.snapshot
        assert snapshot and snapshot.loss is not None and snapshot.loss < 0.1 and snapshot.before
        assert snapshot.before.forward.loss >= 0.1


async def test_a_step_breakpoint_that_has_passed_says_so() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 2)
        await pilot.press("k", *"step 1", "enter")
        await until(pilot, lambda: bool(pilot.app.screen.query("#breakpoints-list")))
        rows = pilot.app.screen.query_one("#breakpoints-list", OptionList)
        await until(pilot, lambda: rows.option_count == 1)
        assert "already passed" in str(rows.options[0].prompt)


@pytest.mark.parametrize("size", [(60, 20), SMALL, LARGE])
async def test_a_breakpoint_that_is_true_already_names_the_dead_neurons(size: tuple[int, int]) -> None:
    async with opened("2-2-2", size) as pilot:
        screen = dashboard(pilot)
        screen.verbs.change(Change("optimizer", "adam"), Change("learning_rate", 0.5))
        screen.editor.break_at((Placed(DeadRelu()),))
        await step_to(pilot, 1)
        await until(pilot, lambda: "at dead relu: all 2 neurons of layer 1" in said(pilot))
        await pilot.press("b")
        await until(pilot, lambda: where(pilot)[0] == 0)
        assert "dead" not in said(pilot)


@pytest.mark.parametrize(("growth", "is_watchable"), [(1.0, True), (1e9, False)])
async def test_a_run_starts_slowly_and_gets_faster(
    growth: float, is_watchable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nn_tui.tui.dashboard.steering.GROWTH", growth)
    async with opened("xor", start_pace=30) as pilot:
        await pilot.press("space")
        await until(pilot, lambda: where(pilot)[0] > 2)
        if is_watchable:
            await pilot.press("space")
            await until(pilot, lambda: "‖ paused" in text(pilot, "status"))
            assert where(pilot)[0] < 10_000  # a run at full speed is far beyond when it is first seen
        else:
            await until(pilot, lambda: "stop: steps = 300000" in said(pilot))


async def test_a_pace_that_is_chosen_ends_the_slow_start() -> None:
    async with opened("xor", start_pace=0.001) as pilot:
        await pilot.press("space", "full_stop")
        await until(pilot, lambda: "stop: steps = 300000" in said(pilot))


async def test_the_status_line_says_why_a_run_stopped() -> None:
    async with opened("3-4-1", (60, 20)) as pilot:
        await pilot.press("full_stop", "space")
        await until(pilot, lambda: "stop: steps = 1000" in said(pilot))
        await pilot.press("b")
        await until(pilot, lambda: "stop:" not in said(pilot))


@pytest.mark.parametrize("size", [(60, 20), LARGE])
async def test_a_dead_layer_is_reported_on_the_screen(size: tuple[int, int]) -> None:
    async with opened("2-2-2", size) as pilot:
        dashboard(pilot).verbs.change(Change("optimizer", "adam"), Change("learning_rate", 0.5))
        await step_to(pilot, 1)

        await until(pilot, lambda: "layer 1: every ReLU is dead for every exa" in said(pilot))


async def test_the_notation_is_the_presets_and_goes_round() -> None:
    async with opened("2-3-1") as pilot:
        labels = []
        for _ in range(5):
            labels.append(text(pilot, "parameters").splitlines()[1].split()[0])
            await pilot.press("t")
            await settle(pilot)
        assert labels == ["w11", "W1[1,1]", "w¹₁₁", "w1", "w11"]


async def test_f1_lists_the_keys_of_the_focused_panel() -> None:
    async with opened("3-4-1", SMALL) as pilot:
        await pilot.press("2", "f1")
        await until_shown(pilot, PanelHelp)
        await until(pilot, lambda: "What you can do here" in drawn(pilot))
        shown = drawn(pilot)
        assert "╭─ Parameters ─" in shown
        for row in (
            "enter         explain the number",
            "a             edit the weight",
            "[ ]           nudge a parameter",
            "x X           next factor",
            "E C           export tables",
        ):
            assert row in shown


async def test_a_number_can_be_explained_with_the_mouse() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.click("#parameters", offset=(12, 2), times=2)
        await until(pilot, lambda: dashboard(pilot).view.quantity == quantity("w1[1,1]"))


@pytest.mark.parametrize("size", [(60, 20), SMALL, LARGE, (200, 60)])
async def test_escape_leads_back_to_the_panel_and_the_number(size: tuple[int, int]) -> None:
    async with opened("3-4-1", size) as pilot:
        await step_to(pilot, 1)
        for key, name in (("1", "network"), ("2", "parameters"), ("3", "gradients")):
            await pilot.press(key, "down", "down", "right")
            await assert_escape_leads_back(pilot, pilot.app.screen.query_one(f"#{name}", PageView))


def said(pilot: Pilot[None]) -> str:
    """What the header and, on a small screen, the line below its tabs say."""
    return text(pilot, "status") + text(pilot, "results")


async def assert_escape_leads_back(pilot: Pilot[None], panel: PageView) -> None:
    """See that escape ends an explanation of the panel's number in that panel, whatever key opened it."""
    await until(pilot, lambda: panel.has_focus and panel.cell is not None)
    cell = panel.cell
    assert cell
    for way in ("enter", "x") if dashboard(pilot).view.has_factors else ("enter",):
        await pilot.press(way)
        await until(pilot, lambda: dashboard(pilot).view.quantity is not None)
        await pilot.press("escape")
        await until(pilot, lambda: panel.has_focus and not dashboard(pilot).view.quantity)
        assert panel.cell and panel.cell.quantity == cell.quantity


async def test_the_gradient_of_a_batch_is_walked_by_the_factors_of_an_example() -> None:
    async with opened("xor") as pilot:
        await step_to(pilot, 1)
        await put_cursor_on(pilot, "w1[1,1]")
        await pilot.press("right", "n", "n", "x")
        await until(
            pilot,
            lambda: dashboard(pilot).view.quantity == quantity("dw1[1,1]@3") and dashboard(pilot).view.factor == 1,
        )
        await until(pilot, lambda: "factor 1 of" in text(pilot, "explain"))
        await pilot.press("n")
        await until(
            pilot,
            lambda: dashboard(pilot).view.quantity == quantity("dw1[1,1]@4") and dashboard(pilot).view.factor == 1,
        )
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen.query_one("#parameters").has_focus)


async def test_the_factors_of_a_number_that_no_panel_shows_stay_when_the_explanation_gets_more_rows() -> None:
    async with opened("moons", LARGE) as pilot:
        dashboard(pilot).explainer.go_to(share := quantity("dw1[1,1]@3"))
        await until(pilot, lambda: dashboard(pilot).view.cursor == share)
        await settle(pilot)
        rows = pilot.app.screen.query_one("#explain").size.height

        for factor in (1, 2):
            await pilot.press("x")
            await settle(pilot)
            assert dashboard(pilot).view.quantity == share and dashboard(pilot).view.factor == factor
        assert pilot.app.screen.query_one("#explain").size.height > rows


async def test_a_row_of_gradients_says_what_is_of_the_batch() -> None:
    async with opened("xor") as pilot:
        await step_to(pilot, 1)
        await pilot.press("3", "n")
        panel = pilot.app.screen.query_one("#gradients")
        await until(pilot, lambda: "example 2 of 4" in str(panel.border_subtitle))
        assert text(pilot, "gradients").splitlines()[0].split() == ["z", "a", "∂L/∂a", "∂L/∂z"]


async def test_behind_a_factor_b_steps_the_training_back_and_x_in_capitals_shows_one_factor_less() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 1)
        await put_cursor_on(pilot, "w1[1,1]")
        await pilot.press("x", "x")
        await until(pilot, lambda: dashboard(pilot).view.factor == 2)
        await pilot.press("X")
        await until(pilot, lambda: dashboard(pilot).view.factor == 1)
        await pilot.press("b")
        await until(pilot, lambda: where(pilot)[0] == 0)
