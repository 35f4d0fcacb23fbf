"""A soak: random keys, clicks and sizes over random presets, with a training at full speed beneath."""

import os
import sys
from random import Random
from time import monotonic

from nn_tui.presets.catalogue import names

from .terminal import terminal

SECONDS = float(os.environ.get("NN_TUI_SOAK", "15"))
"""An hour is for a run by hand."""
STAY = 5.0
"""Seconds with one preset."""
KEYS = [*"ssffbbeegxxcamktoOlnN123456+-.,dzZhyvwEC []", *(["\r", "\t", "\x1b", "\x7f"] * 2)]
ARROWS = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F"]
"""Not page up and down: Textual's own list fails where they come before it is laid out."""
SIZES = [(80, 24), (120, 36), (200, 60), (60, 20)]


def memory(pid: int) -> float:
    """MiB that a process holds."""
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def test_whatever_is_pressed_it_lives_and_leaves_the_terminal_clean(tmp_path: object) -> None:
    random, end, turn = Random(7), monotonic() + SECONDS, 0
    while monotonic() < end:
        turn += 1
        name = random.choice(names())
        with terminal(
            "sh", "-c", f"cd '{tmp_path}' && exec '{sys.executable}' -m nn_tui {name}", columns=120, rows=36
        ) as shown:
            shown.wait_for("layer 1")
            leave, grown = min(end, monotonic() + STAY), memory(shown.pid)
            while monotonic() < leave:
                act(shown, random)
                assert shown.status is None, f"{name}, turn {turn}: it ended with {shown.status}:\n{shown.text()}"
            grown = memory(shown.pid) - grown
            shown.resize(120, 36)
            # An escape just before would make another key of it: escape is closed first.
            shown.type("q")
            shown.read()
            shown.type("\x03")
            assert shown.wait_for_end() == 0, f"{name}, turn {turn}"
            assert b"Traceback" not in shown.output
            assert shown.output.rindex(b"\x1b[?1049l") > shown.output.rindex(b"\x1b[?1049h")
            assert grown < 150


def act(shown: object, random: Random) -> None:
    """One thing that a person, or a cat, does."""
    from .terminal import Terminal

    assert isinstance(shown, Terminal)
    match random.randrange(11):
        case 0:
            shown.resize(*random.choice(SIZES))
        case 1:
            column, row = random.randint(1, 80), random.randint(1, 24)
            shown.type(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
        case 2 | 3 | 4:
            shown.type(random.choice(ARROWS))
        case _:
            shown.type(random.choice(KEYS))
    shown.read()
