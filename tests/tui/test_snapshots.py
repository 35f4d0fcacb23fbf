"""Each screen at three sizes as it was when somebody last looked at it and found it good.

With NN_TUI_SNAPSHOTS=write the files are written anew, to be looked at before they are kept.
"""

import os
from pathlib import Path
from time import monotonic

import pytest

from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dialogs.picker import Picker

from ..helpers.app import drawn, opened, until

FOLDER = Path(__file__).parent / "snapshots"
SIZES = [(80, 24), (120, 36), (200, 60)]
SCREENS: dict[str, tuple[str | None, list[str]]] = {
    "dashboard": ("3-4-1", ["s", "s"]),
    "explain": ("3-4-1", ["s", "2", "right", "enter"]),
    "factors": ("3-4-1", ["s", "2", "x", "x"]),
    "picture": ("moons", ["s", "6"]),
    "digits": ("digits", ["s"]),
    "loss": ("moons", ["e", "4", "l"]),
    "compare": ("3-4-1", [*"sssbb", "plus", *"sO"]),
    "picker": (None, ["ctrl+end"]),
    "new-network": (None, ["ctrl+end", "ctrl+n"]),
    "help": ("3-4-1", ["question_mark"]),
    "panel-help": ("3-4-1", ["f1"]),
    "settings": ("3-4-1", ["m"]),
    "breakpoints": ("3-4-1", ["k"]),
    "edit": ("3-4-1", ["2", "a"]),
    "go-to": ("3-4-1", ["g"]),
    "export": ("3-4-1", ["E"]),
    "tour": ("3-4-1", ["f2", "right", "s"]),
}
"""Of each screen the preset and the keys that lead there."""
PATIENCE = 20.0


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_looks_as_it_did(name: str, size: tuple[int, int]) -> None:
    file = FOLDER / f"{name}-{size[0]}x{size[1]}.txt"
    target, keys = SCREENS[name]
    async with opened(target, size) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard if target else Picker))
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        if os.environ.get("NN_TUI_SNAPSHOTS") == "write":
            await pilot.pause(1.0)
            file.write_text(drawn(pilot), encoding="utf-8")
        expected, end = file.read_text(encoding="utf-8"), monotonic() + PATIENCE
        while drawn(pilot) != expected and monotonic() < end:
            await pilot.pause()
        assert drawn(pilot).splitlines() == expected.splitlines()
