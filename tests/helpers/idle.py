"""Waits of Textual's pilot, as long as something is to do: as they are, each takes at least a fiftieth of a second."""

import asyncio
from time import monotonic

import pytest

TURNS = 3
"""Turns of the loop without anything to do after which it is idle."""
PAUSE = 0.001
"""Seconds for which threads, and timers that are due, are let go on before the last turns."""


def wait_for_the_loop_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pilots wait until the loop is idle, not until the process is: a training beneath never is."""
    for module in ("app", "pilot"):
        monkeypatch.setattr(f"textual.{module}.wait_for_idle", wait_for_idle)


async def wait_for_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until the loop has nothing to do, with a pause in between, or for so many seconds."""
    end = monotonic() + max_sleep
    await _until_idle(end)
    await asyncio.sleep(PAUSE)
    await _until_idle(end)


async def _until_idle(end: float) -> None:
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    turns = 0
    while turns < TURNS and monotonic() < end:
        await asyncio.sleep(0)
        turns = 0 if ready else turns + 1
