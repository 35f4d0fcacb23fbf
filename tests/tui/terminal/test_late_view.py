"""Late drawing: whatever makes the screen draw, it shows what is true."""

from textual.screen import Screen

from nn_tui.tui.panels.page_view import PageView

from ...helpers.app import dashboard, drawn, opened, put_cursor_on, settle, step_to, text, until
from ...helpers.quantities import quantity


async def test_a_screen_that_draws_itself_anew_shows_what_was_just_changed() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 1)
        assert "+0.198195" in drawn(pilot)

        dashboard(pilot).see(decimals=2)
        pilot.app.screen.refresh()  # asks none of its widgets
        await settle(pilot)
        assert "+0.198195" not in drawn(pilot) and "+0.20 " in drawn(pilot)


async def test_an_explanation_with_a_scrollbar_is_laid_out_once() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 1)
        await put_cursor_on(pilot, "w1[4,3]")
        layouts: list[Screen[object]] = []
        screen = pilot.app.screen
        screen.screen_layout_refresh_signal.subscribe(screen, layouts.append)

        await pilot.press("right", "enter")
        panel = screen.query_one("#explain", PageView)
        await until(pilot, lambda: panel.show_vertical_scrollbar)
        await settle(pilot)

        assert panel.vertical_scrollbar.region.height == panel.size.height
        assert len(layouts) == 1


async def test_a_scrollbar_goes_when_all_fits_and_comes_again() -> None:
    async with opened("3-4-1", (120, 36)) as pilot:
        panel = pilot.app.screen.query_one("#parameters", PageView)
        assert not panel.show_vertical_scrollbar

        await pilot.press("2")
        for size, is_scrolled in (((60, 20), True), ((200, 60), False), ((60, 20), True), ((120, 36), False)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: panel.show_vertical_scrollbar is is_scrolled)  # noqa: B023
            await settle(pilot)
            assert (panel.vertical_scrollbar.region.height > 0) is is_scrolled
            assert panel.scrollable_content_region.width == panel.content_size.width - is_scrolled


async def test_what_is_explained_follows_an_edit_and_an_undo() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 1)
        await put_cursor_on(pilot, "w1[1,1]")
        await pilot.press("enter")
        await until(pilot, lambda: dashboard(pilot).view.quantity == quantity("w1[1,1]"))
        await settle(pilot)
        before = text(pilot, "explain")

        await pilot.press("]")
        await until(pilot, lambda: "edited" in text(pilot, "explain"))
        await pilot.press("b")
        await until(pilot, lambda: text(pilot, "explain") == before)
