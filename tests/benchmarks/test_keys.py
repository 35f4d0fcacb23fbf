"""What a key costs: the files of ours that are entered, and the calls of our functions, on 3-4-1 at 120×36.

Run with `pytest tests/benchmarks/test_keys.py -n0 -s`; -v lists the files, the dearest first.
"""

import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

import pytest

from nn_tui import core, presets, tui
from nn_tui.tui.panels.page_view import PageView

from ..helpers.app import dashboard, opened, put_cursor_on, step_to, until, where
from ..helpers.quantities import quantity

OURS = tuple(str(Path(part.__path__[0]).resolve()) for part in (core, presets, tui))


class Calls:
    """Calls by file, in all threads that begin while it is set."""

    def __init__(self) -> None:
        self.by_file: Counter[str] = Counter()

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            self.by_file[frame.f_code.co_filename] += 1

    def told(self, key: str) -> str:
        return f"{key:<24}{len(self.by_file)} files, {self.by_file.total():,} calls"


async def test_back_and_enter(capsys: pytest.CaptureFixture[str]) -> None:
    counted: dict[str, Calls] = {}
    calls = Calls()
    threading.setprofile(calls)  # for the worker's thread, which begins with the dashboard
    try:
        async with opened("3-4-1") as pilot:
            await step_to(pilot, 2)
            await pilot.pause()

            calls.by_file = Counter()
            sys.setprofile(calls)
            await pilot.press("b")
            await until(pilot, lambda: where(pilot)[0] == 1)
            await pilot.pause()
            sys.setprofile(None)
            counted["b"] = back = Calls()
            back.by_file = calls.by_file

            await put_cursor_on(pilot, "w1[4,3]")
            await pilot.press("right")
            panel = pilot.app.screen.query_one("#parameters", PageView)
            await until(pilot, lambda: panel.cell is not None and panel.cell.quantity == quantity("dw1[4,3]"))

            calls.by_file = Counter()
            sys.setprofile(calls)
            await pilot.press("enter")
            await until(pilot, lambda: dashboard(pilot).view.quantity == quantity("dw1[4,3]"))
            await pilot.pause()
            sys.setprofile(None)
            counted["enter on a gradient"] = calls
    finally:
        sys.setprofile(None)
        threading.setprofile(None)

    with capsys.disabled():
        print()
        for key, each in counted.items():
            print(each.told(key))
