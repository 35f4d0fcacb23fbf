"""Each screen at three sizes as it was when somebody last looked at it and found it good.

With NN_TUI_SNAPSHOTS=write the files are written anew, to be looked at before they are kept.
"""

import os
from pathlib import Path
from time import monotonic

import pytest
from textual.pilot import Pilot

from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dialogs.picker import Picker

from ..helpers.app import PATIENCE, drawn, opened, until

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
BY_SIZE = ("factors", "loss", "new-network")
"""Where the keys lead somewhere else on another size, so that each has an app of its own."""


@pytest.mark.parametrize(
    ("name", "sizes"),
    [(name, sizes) for name in SCREENS for sizes in ([[size] for size in SIZES] if name in BY_SIZE else [SIZES])],
    ids=lambda each: each if isinstance(each, str) else ",".join(f"{width}x{height}" for width, height in each),
)
async def test_a_screen_looks_as_it_did(name: str, sizes: list[tuple[int, int]]) -> None:
    target, keys = SCREENS[name]
    async with opened(target, sizes[0]) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Dashboard if target else Picker))
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        for size in sizes:
            await pilot.resize_terminal(*size)
            await looks_as_in(pilot, FOLDER / f"{name}-{size[0]}x{size[1]}.txt")


async def looks_as_in(pilot: Pilot[None], file: Path) -> None:
    if os.environ.get("NN_TUI_SNAPSHOTS") == "write":
        await pilot.pause(1.0)
        file.write_text(drawn(pilot), encoding="utf-8")
    expected, end = file.read_text(encoding="utf-8"), monotonic() + PATIENCE
    while drawn(pilot) != expected and monotonic() < end:
        await pilot.pause()
    assert drawn(pilot).splitlines() == expected.splitlines()
