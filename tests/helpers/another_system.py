"""A script: every command and the app, in a Python that lacks what only POSIX has, as on Windows.

It writes a line for each command, with its status; test_other_systems.py runs it and reads those lines.
"""

# ruff: noqa: E402
import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import portalocker  # noqa: F401  # on Windows it needs none of what is taken away here

for name in ("fcntl", "termios", "tty", "pty", "pwd", "grp", "resource"):
    sys.modules[name] = None  # type: ignore[assignment]  # to import it is an ImportError
for name in ("SIGHUP", "SIGTSTP", "SIGCONT", "SIGQUIT", "SIGSTOP", "SIGKILL"):
    if hasattr(signal, name):
        delattr(signal, name)


def no_signals(*_: object) -> None:
    """What both loops of Windows say."""
    raise NotImplementedError


asyncio.SelectorEventLoop.add_signal_handler = no_signals  # type: ignore[method-assign, assignment]

from textual.pilot import Pilot

from nn_tui.presets.catalogue import find
from nn_tui.presets.sessions.autosave import autosaves
from nn_tui.tui.app import NNApp
from nn_tui.tui.dashboard.dashboard import Dashboard
from nn_tui.tui.dialogs.picker import Picker
from nn_tui.tui.dialogs.reading_dialogs import Help
from nn_tui.tui.main import main

COMMANDS = (
    "--help",
    "--version",
    "presets",
    "config",
    "train xor --steps 3 --trace",
    "train 3-4-1 --steps 6 --save half.nn-session",
    "train --resume half.nn-session --steps 8 --json",
    "open half.nn-session --trace",
    "open --list",
    "verify mazur",
    "check 3-4-1 --step 5",
    "explain 3-4-1 --step 0 --quantity dw1[4,3]",
    "explain 3-4-1 --step 0 --quantity dw1[4,3] --output explanation.txt",
    "worksheet 3-4-1 --answers",
    "step 3-4-1",
    "share 3-4-1 --step 5",
    "export 3-4-1 --step 5 --format json",
    "export 3-4-1 --step 5 --format safetensors --output 3-4-1.safetensors",
    "train no-such-preset",
)
PATIENCE = 1000
"""Pauses of the pilot after which a condition counts as never to come."""


def tell(line: str) -> None:
    """A line for the test, in ASCII."""
    print(f"\n== {line}", flush=True)


def status_of(arguments: list[str]) -> object:
    """The exit status of a command."""
    sys.argv = ["nn-tui", *arguments]
    try:
        main()
    except SystemExit as end:
        return end.code
    return None


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait for a condition."""
    for _ in range(PATIENCE):
        if condition():
            return
        await pilot.pause()
    raise AssertionError("the condition did not come")


async def use_the_app() -> None:
    """Step, save, ask for help, list the sessions, open the newest."""
    app = NNApp("xor", find("xor"))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        await pilot.press("s", "w")
        await until(pilot, Path("xor.nn-session").exists)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Dashboard))
    tell(f"sessions: {[each.name for each in autosaves()]}")
    app = NNApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Picker))
        await pilot.press(*"sessions", "enter")
        await until(pilot, lambda: isinstance(app.screen, Dashboard) and app.screen.view.snapshot is not None)
        assert isinstance(app.screen, Dashboard) and app.screen.view.snapshot
        tell(f"opened at step: {app.screen.view.snapshot.step}")
        assert "ctrl+z" not in {key for screen in app.screen_stack for key in screen.active_bindings}


for command in COMMANDS:
    tell(f"{command}: {status_of(command.split())}")
asyncio.run(use_the_app())
