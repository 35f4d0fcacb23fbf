"""Notices: they go when their time is over, and never hold up what they are told over."""

from textual.widgets._toast import Toast

from nn_tui.presets.catalogue import find
from nn_tui.tui.app import NNApp
from nn_tui.tui.terminal.private_parts import ToastNotification

from ...helpers.app import opened, until


def test_a_notice_whose_time_has_just_run_out_has_some_left_for_a_timer() -> None:
    notice = ToastNotification("x", timeout=0.0)

    assert notice.has_expired and notice.time_left > 0


def test_a_notice_says_how_long_it_stays() -> None:
    notice = ToastNotification("x", timeout=100.0)

    assert not notice.has_expired and 90 < notice.time_left <= 100


async def test_a_notice_whose_time_runs_out_while_it_is_put_on_the_screen_goes() -> None:
    async with opened("xor") as pilot:
        notice = ToastNotification("over", timeout=0.0)
        assert notice.has_expired
        toast = Toast(notice)
        assert toast._timeout > 0  # without this the next line would never end

        await pilot.app.screen.mount(toast)

        await until(pilot, lambda: not pilot.app.screen.query(Toast))


async def test_a_notice_has_room_for_all_its_lines() -> None:
    app = NNApp("xor", find("xor"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.notify("saved as /exercises/3-4-1.nn-session; nn-tui open 3-4-1.nn-session resumes it", timeout=100.0)
        await until(pilot, lambda: any(toast.size.height for toast in app.screen.query(Toast)))

        (toast,) = app.screen.query(Toast)
        assert app.screen.find_widget(toast).visible_region == toast.region
