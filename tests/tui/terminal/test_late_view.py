"""Late drawing: whatever makes the screen draw, it shows what is true."""

from ...helpers.app import dashboard, drawn, opened, settle, step_to


async def test_a_screen_that_draws_itself_anew_shows_what_was_just_changed() -> None:
    async with opened("3-4-1") as pilot:
        await step_to(pilot, 1)
        assert "+0.198195" in drawn(pilot)

        dashboard(pilot).see(decimals=2)
        pilot.app.screen.refresh()  # asks none of its widgets
        await settle(pilot)
        assert "+0.198195" not in drawn(pilot) and "+0.20 " in drawn(pilot)
