"""A soak: random keys, clicks, sizes and signals over random presets, with a training at full speed beneath."""

import os
import sys
from pathlib import Path
from random import Random
from signal import SIGTERM
from time import monotonic

import pytest

from nn_tui.presets.catalogue import builtin_names
from nn_tui.tui.dialogs.export_dialog import ITEMS

from ..helpers.monkey import ARROWS, DOWN, KEYS, SIZES, click, memory, stop_and_continue, tidy
from ..helpers.terminal import Terminal, assert_clean, last_words, terminal

SECONDS = float(os.environ.get("NN_TUI_SOAK", "6"))
"""An hour is for a run by hand."""
STAY = 3.0
"""Seconds with one preset."""
WARM = 60.0
"""Seconds after which memory may hardly grow any more; a shorter soak only looks for faults."""
NOTICES, REST = 17.0, 3.0
"""Seconds in which notices leave the screen, and in which what is not needed any more is given back."""
PATIENCE = 60.0
"""Seconds in which it answers, on a busy machine too."""
GROWTH = 1.05
PICKER, NO_FILTER = "a debugger for gradient descent", "type to filter"
"""What the picker shows, and what it shows as long as nothing is typed."""
BUDGET = "4"
"""MiB for past states: that they fill is no leak, so they are soon full."""
LARGE = ["digits", "3-4-1-marks", "spiral", "iris", "moons"]
"""First, as what they take would look like growth later."""


def test_whatever_is_pressed_it_lives_and_leaves_the_terminal_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random, begin, early = Random(7), monotonic(), 0.0
    coming = list(LARGE)
    monkeypatch.setenv("NN_TUI_MEMORY_BUDGET", BUDGET)
    monkeypatch.setenv("NN_TUI_STATE", str(tmp_path / "state"))
    with terminal(
        "sh", "-c", f"cd '{tmp_path}' && exec '{sys.executable}' -m nn_tui xor", columns=120, rows=36
    ) as shown:
        shown.wait_for("layer 1")
        while monotonic() - begin < SECONDS:
            if coming:
                press_all(shown, random)
            stay(shown, random, STAY)
            if not early and not coming and SECONDS > WARM and monotonic() - begin > WARM:
                early = memory_at_rest(shown)
            choose(shown, coming.pop(0) if coming else random.choice(builtin_names()))
            tidy(tmp_path)
        late = memory_at_rest(shown) if early else 0.0
        leave(shown, random)
    assert late <= early * GROWTH, f"{early:.0f} MiB after a minute, {late:.0f} at the end"


def memory_at_rest(shown: Terminal) -> float:
    """MiB with the one preset that it is always asked for: others hold more data.

    It is opened twice, as what notices held is given back when a preset is left after them.
    """
    for seconds in (NOTICES, REST):
        choose(shown, "xor")
        shown.type(" ")
        until = monotonic() + seconds
        while monotonic() < until:
            shown.read()
    return memory(shown.pid)


def stay(shown: Terminal, random: Random, seconds: float) -> None:
    """Do what comes, with one preset."""
    until = monotonic() + seconds
    while monotonic() < until:
        act(shown, random)
        assert shown.status is None, f"it ended with {shown.status}:\n{shown.text()}"


def press_all(shown: Terminal, random: Random) -> None:
    """Press every key on the largest screen, and export all there is: its first use would look like growth later."""
    shown.resize(*max(SIZES))
    for key in random.sample(KEYS + ARROWS, len(KEYS + ARROWS)):
        shown.type(key)
        shown.read()
    for _ in range(2):
        shown.type("\x1b")
        shown.settle()
    for below in range(len(ITEMS)):
        for key in ("E", *[DOWN] * below, "\r"):
            shown.type(key)
            shown.read()


def act(shown: Terminal, random: Random) -> None:
    """One thing that a person, or a cat, does."""
    match random.randrange(12):
        case 0:
            shown.resize(*random.choice(SIZES))
        case 1:
            click(shown, random, 80, 24)
        case 2 | 3 | 4:
            shown.type(random.choice(ARROWS))
        case 5:
            stop_and_continue(shown, random)
        case _:
            shown.type(random.choice(KEYS))
    shown.read()


def choose(shown: Terminal, name: str) -> None:
    """Open another preset by the picker, from wherever it is, however late it answers."""
    shown.resize(120, 36)
    until, turn, is_chosen = monotonic() + PATIENCE, 0, False
    while not (is_chosen and PICKER not in shown.text()):
        key = next_key(shown.text(), name, turn)
        is_chosen |= key == "\r"
        press(shown, key, until)
        turn += 1
    shown.type(" ")


def next_key(text: str, name: str, turn: int) -> str:
    """What brings it nearer to the preset."""
    if PICKER not in text:
        return ("\x1b", "p")[turn % 2]
    if "esc Cancel" in text:  # a dialog lies over it
        return "\x1b"
    if NO_FILTER in text:
        return name
    if any(f"> {name[:typed]} " in text for typed in range(1, len(name))):  # the rest of the name is on its way
        return ""
    return "\r" if any(f"{mark} {name} " in text for mark in "›>") else "\x1b"  # > in ASCII


def press(shown: Terminal, keys: str, until: float) -> None:
    """Press keys and see what comes; an escape just before a key would make another one of both."""
    assert monotonic() < until and shown.status is None, f"{shown.status}:\n{shown.text()}"
    shown.type(keys)
    shown.settle()


def leave(shown: Terminal, random: Random) -> None:
    """End it in one of the ways there are."""
    if random.random() < 0.5:
        os.kill(shown.pid, SIGTERM)
    else:
        until = monotonic() + PATIENCE
        while shown.status is None:
            press(shown, "\x03", until)
    assert shown.wait_for_end() in (0, 128 + SIGTERM), last_words(shown)
    assert b"Traceback" not in shown.output
    assert_clean(shown)
