"""The executor: on Windows each of Textual's timers waits in one of its threads."""

import asyncio
from threading import Event

import pytest

from nn_tui.presets.catalogue import find
from nn_tui.tui.app import NNApp
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dialogs.reading_dialogs import Help
from nn_tui.tui.terminal import executor

from ...helpers.app import LARGE, until


async def sleep_as_on_windows(seconds: float) -> None:
    """Wait as Textual does there: in the default executor, and to be woken is work for the executor as well."""
    woken, loop = Event(), asyncio.get_running_loop()
    try:
        await loop.run_in_executor(None, woken.wait, seconds)
    except asyncio.CancelledError:
        await loop.run_in_executor(None, woken.set)
        raise


async def test_timers_that_wait_in_the_executor_hold_up_nothing_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.timer.sleep", sleep_as_on_windows)
    monkeypatch.setattr(executor, "platform", "win32")
    app = NNApp("xor", find("xor"))

    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Dashboard))


async def test_one_thread_is_enough_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "platform", "linux")

    with executor.Executor() as ours:
        assert ours._max_workers == 1
