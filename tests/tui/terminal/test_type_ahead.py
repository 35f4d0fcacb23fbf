"""Keys that are typed faster than screens are built: each reaches the one that it is meant for, and none waits for ever."""

import asyncio
import sys
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input

from nn_tui.presets.catalogue import find
from nn_tui.tui.app import NNApp
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.terminal import type_ahead
from nn_tui.tui.terminal.type_ahead import MOST, TypeAhead, is_ready

from ...helpers.app import LARGE, until, where
from ...helpers.terminal import terminal

PROGRAM = sys.executable, "-m", "nn_tui"
BURSTS = [
    "g200\r",
    "k\x1bs",
    "kloss < 0.5\r\x1bs",
    "m\x1bs",
    "2a\x1bs",
    "E\x1bs",
    "O\x1bs",
    "p\x1bs",
    "pxx\x1b\x1bs",
    "pq\x1b\x1bs",
    "p\x0e\x1b\x1bs",
    "p\x0fxx\x1b\x1bs",
    "?qs",
    "\x1bOPqs",
    "\x10\x1bs",
    "\x10\x1b[6~\x1b[6~\x1b[5~\x1bs",
    "\x10Notation\rs",
]
"""Each opens a dialog, does something there, leaves it, and steps, all in one packet."""


def test_a_burst_reaches_every_dialog_and_the_screen_beneath(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with terminal(*PROGRAM, "3-4-1", columns=120, rows=36) as shown:
        shown.wait_for("backward pass")
        for number, burst in enumerate(BURSTS):
            shown.type(burst)
            shown.wait_for(f"paused  step {200 + number} ")
        shown.type("wq")
        assert shown.wait_for_end() == 0
    assert (tmp_path / "3-4-1.nn-session").exists()


def test_keys_behind_enter_in_the_picker_reach_the_dashboard() -> None:
    with terminal(*PROGRAM, columns=120, rows=36) as shown:
        shown.read_until(lambda: b"\x1b[?1049h" in shown.output, "the screen of its own")
        shown.type("3-4-1\rg20\rm\x1bs")
        shown.wait_for("paused  step 21 ")
        shown.type("pxor\rg30\r")
        shown.wait_for("paused  step 30 ")
        shown.type("q")
        assert shown.wait_for_end() == 0


async def test_a_comparison_that_is_still_made_gets_the_keys_behind_it() -> None:
    app = NNApp("3-4-1", find("3-4-1"))
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: is_ready(app))
        for key in ("s", "s", "b", "right_square_bracket", "s"):
            await pilot.press(key)
            await until(pilot, lambda: is_ready(app))
        for key in ("O", "escape", "g", "0", "enter"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and where(pilot)[0] == 0)


class Unready(Screen[None]):
    """A screen that never becomes ready."""

    is_ready = False

    def compose(self) -> ComposeResult:
        yield Input()


class Held(App[None]):
    """An app whose keys wait."""

    def __init__(self) -> None:
        super().__init__()
        self.type_ahead = TypeAhead(self)

    async def on_event(self, event: object) -> None:
        if not isinstance(event, Key) or event.is_forwarded or not self.type_ahead.holds(event):
            await super().on_event(event)  # type: ignore[arg-type]


async def test_keys_are_let_go_in_order_where_a_screen_never_becomes_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type_ahead, "LOOKS", 20)
    app = Held()
    async with app.run_test() as pilot:
        await app.push_screen(Unready())
        for key in "abc":
            app.post_message(Key(key, key))
        line = app.screen.query_one(Input)

        await until(pilot, lambda: line.value == "abc")


async def test_only_so_many_keys_wait_and_the_end_waits_for_none() -> None:
    app = Held()
    async with app.run_test():
        await app.push_screen(Unready())
        for _ in range(2 * MOST):
            assert app.type_ahead.holds(Key("a", "a"))

        assert len(app.type_ahead._waiting) == MOST
        assert not app.type_ahead.holds(Key("ctrl+c", None))


async def test_the_private_parts_of_textual_that_tell_what_is_under_way_are_there() -> None:
    """Where one of these has gone: find what tells that a pump waits for messages, and that a screen is laid out."""
    app = Held()
    async with app.run_test() as pilot:
        screen: Screen[None] = Screen()
        await app.push_screen(screen)

        def rests() -> bool:
            return type_ahead._rests(screen) and type_ahead._is_drawn(screen)

        await until(pilot, rests)

        screen.post_message(Key("a", "a"))
        assert not type_ahead._rests(screen)
        await until(pilot, rests)
        reached = asyncio.Event()
        screen.call_later(reached.wait)
        while not screen._message_queue.empty():
            await asyncio.sleep(0)
        assert not type_ahead._rests(screen), "a handler is at work"
        reached.set()
        await until(pilot, rests)
        screen._layout_required = True
        assert not type_ahead._is_drawn(screen)
