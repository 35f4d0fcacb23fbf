"""Killed in the middle of saving: what is on the disk opens, and leads to the same bits as a straight replay."""

import os
import sys
from pathlib import Path
from random import Random
from time import monotonic

from nn_tui.core.training.events import Updated
from nn_tui.presets.sessions.opened import opened

from .terminal import Terminal

KILLS = int(os.environ.get("NN_TUI_KILLS", "4"))
"""Fifty are for a run by hand."""


def test_a_session_opens_whenever_the_program_is_killed(tmp_path: Path) -> None:
    random, file = Random(1), tmp_path / "xor.nn-session"
    for _ in range(KILLS):
        terminal = Terminal(
            "sh", "-c", f"cd '{tmp_path}' && exec '{sys.executable}' -m nn_tui xor", columns=80, rows=24
        )
        try:
            terminal.wait_for("inputs")
            terminal.type(" ")
            terminal.wait_for("running")
            end = monotonic() + random.uniform(0.05, 0.6)
            while monotonic() < end or not file.exists():
                terminal.type("w")
                terminal.read()
        finally:
            terminal.close()  # SIGKILL
        found = opened(str(file))
        step = found.timeline.place.step
        events = found.experiment.trainer.events(found.experiment.start)
        state = next(event.state for event in events if isinstance(event, Updated) and event.state.step == step)
        assert found.timeline.state().parameters.tobytes() == state.parameters.tobytes()
    leftovers = [path.name for path in tmp_path.iterdir() if path != file]
    assert len(leftovers) <= KILLS
