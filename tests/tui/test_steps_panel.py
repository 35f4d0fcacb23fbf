"""The steps panel: its cursor moves from step to step, and enter or a click goes there."""

from textual.events import MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot

from nn_tui.core.debugger.stage import Phase
from nn_tui.tui.panels.key_line import KeyLine
from nn_tui.tui.panels.steps_panel import StepsPanel

from ..helpers.app import dashboard, opened, settle, step_to, text, until, where


def under_cursor(pilot: Pilot[None]) -> list[str]:
    """The numbers of the steps that are drawn as the cursor."""
    panel = pilot.app.screen.query_one(StepsPanel)
    lines = [panel.page.line(y) for y in range(panel.page.height)]
    return [span.text.strip() for line in lines for span in line if "cursor" in span.styles]


async def test_the_cursor_is_drawn_in_the_panel_with_the_focus_only() -> None:
    async with opened("3-4-1") as pilot:
        assert under_cursor(pilot) == []

        await pilot.press("7")
        assert under_cursor(pilot) == ["0"]

        await pilot.press("1")
        assert under_cursor(pilot) == []


async def test_the_arrows_choose_a_step_and_enter_goes_back_to_it() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 3)
        await pilot.press("7", "up", "up")
        assert under_cursor(pilot) == ["1"] and where(pilot)[0] == 3

        await pilot.press("enter")
        await until(pilot, lambda: where(pilot) == (1, Phase.BACKWARD))

        assert under_cursor(pilot) == ["1"]
        assert "0.836" in text(pilot, "steps")  # step 3, which has been reached, is shown still


async def test_a_cursor_that_moves_on_before_the_step_arrives_stays_where_it_is() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 3)
        await pilot.press("7", "up", "up")
        panel = pilot.app.screen.query_one(StepsPanel)

        panel.ask()
        panel.move(y=1)
        await until(pilot, lambda: where(pilot) == (1, Phase.BACKWARD))
        assert under_cursor(pilot) == ["2"]

        await pilot.press("s")
        await until(pilot, lambda: where(pilot) == (2, Phase.BACKWARD))
        await pilot.press("s")
        await until(pilot, lambda: where(pilot) == (3, Phase.BACKWARD))
        assert under_cursor(pilot) == ["3"]


async def test_enter_on_a_printed_step_that_is_not_reached_trains_up_to_it() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("7", "down", "down", "enter")

        await until(pilot, lambda: where(pilot) == (2, Phase.BACKWARD))


async def test_enter_on_the_shown_step_says_so_and_in_the_middle_of_it_completes_it() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("7", "enter")
        await until(pilot, lambda: dashboard(pilot).view.notice == "this is step 0")

        await pilot.press("f")
        await until(pilot, lambda: where(pilot)[1] is Phase.UPDATE)
        step = where(pilot)[0]
        await pilot.press("enter")
        await until(pilot, lambda: where(pilot) == (step, Phase.BACKWARD))


async def test_enter_typed_right_after_the_key_of_another_step_does_not_undo_it() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 3)
        await pilot.press("7")
        panel = pilot.app.screen.query_one(StepsPanel)
        dashboard(pilot).steering.go_to_end(newest=False)
        await until(pilot, lambda: where(pilot)[0] == 0)

        dashboard(pilot).steering.go_to_end(newest=True)
        panel.ask()
        await until(pilot, lambda: where(pilot)[0] == 3)
        await settle(pilot)

        assert where(pilot) == (3, Phase.BACKWARD)


async def test_the_wheel_moves_the_cursor() -> None:
    async with opened("3-4-1") as pilot:
        await pilot.press("7")
        panel = pilot.app.screen.query_one(StepsPanel)
        await until(pilot, lambda: under_cursor(pilot) == ["0"])

        panel.post_message(MouseScrollDown(panel, 3, 3, 0, 1, 0, False, False, False))
        await until(pilot, lambda: under_cursor(pilot) == ["1"])
        panel.post_message(MouseScrollUp(panel, 3, 3, 0, -1, 0, False, False, False))
        await until(pilot, lambda: under_cursor(pilot) == ["0"])


async def test_the_rows_follow_the_cursor_to_steps_that_are_not_visible() -> None:
    async with opened("xor") as pilot:
        await step_to(pilot, 30)
        await pilot.press("7", *["up"] * 25)
        assert under_cursor(pilot) == ["5"] and " 30 " not in text(pilot, "steps")

        await pilot.press(*["pageup"] * 3)
        assert under_cursor(pilot) == ["0"]
        await pilot.press("up")
        assert under_cursor(pilot) == ["0"]

        await pilot.press("s")
        await until(pilot, lambda: where(pilot)[0] == 31)
        assert under_cursor(pilot) == ["31"]


async def test_a_click_goes_to_the_step_under_the_mouse() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 3)
        await pilot.press("7")
        await settle(pilot)
        row = next(y for y, line in enumerate(text(pilot, "steps").splitlines()) if line.strip().startswith("1 "))

        await pilot.click("#steps", offset=(4, row + 1))

        await until(pilot, lambda: where(pilot) == (1, Phase.BACKWARD))
        assert dashboard(pilot).panels.focused is pilot.app.screen.query_one(StepsPanel)


async def test_the_key_line_names_what_enter_does_there() -> None:
    async with opened("3-4-1") as pilot:
        keys = pilot.app.screen.query_one(KeyLine)
        await pilot.press("7")

        await until(pilot, lambda: "enter go to step" in str(keys.render()))
