"""Make the README's pictures anew: `python docs/make_pictures.py` in this folder's parent, with nn-tui installed."""

import asyncio
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from nn_tui.presets.catalogue import find
from nn_tui.tui.app import NNApp
from nn_tui.tui.dashboard.exporter import self_contained

HERE = Path(__file__).parent
PICTURES = {
    "dashboard": ("3-4-1", (120, 36), ["s", "s"]),
    "explain": ("3-4-1", (120, 36), ["s", "2", "c", *["down"] * 12, "right", "enter"]),
    "factors": ("3-4-1", (100, 30), ["s", "2", *["down"] * 11, "x", "x", "x"]),
    "branches": ("3-4-1", (120, 36), [*["s"] * 6, *["b"] * 4, *["plus"] * 4, *["s"] * 3]),
    "xor": ("xor", (120, 36), ["g", *"400", "enter", "6"]),
}
"""Of each picture the preset, the size, and the keys that lead there."""


async def picture(name: str, target: str, size: tuple[int, int], keys: list[str]) -> None:
    """Press the keys and save what is seen."""
    app = NNApp(target, find(target))
    async with app.run_test(size=size) as pilot:
        for key in ["", *keys, ""]:
            if key:
                await pilot.press(key)
            await pilot.pause(0.4)
        svg = app.export_screenshot(title="nn-tui", simplify=True)
    (HERE / f"{name}.svg").write_text(self_contained(svg), encoding="utf-8")
    print(HERE / f"{name}.svg")


if __name__ == "__main__":
    for name, (target, size, keys) in PICTURES.items():
        with TemporaryDirectory() as state:  # what one remembers, the next one would show
            os.environ["NN_TUI_STATE"] = state
            asyncio.run(picture(name, target, size, keys))
