"""A monkey at a real terminal: keys, bursts, pastes, odd bytes, replies of terminals, mouse, sizes, signals, restarts.

It is for a run by hand: NN_TUI_MONKEY=1200 gives it 20 minutes at ten acts a second, NN_TUI_MONKEY_RATE=180 a quicker
hand. `pytest -n0 -s` shows what it has seen.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from signal import SIGHUP, SIGINT, SIGQUIT, SIGTERM
from time import monotonic

import pytest

from nn_tui.tui.terminal.log import log_path

from ..helpers.monkey import ARROWS, KEYS, SIZES, click, memory, stop_and_continue, tidy
from ..helpers.terminal import Terminal, terminal

SECONDS = float(os.environ.get("NN_TUI_MONKEY", "0"))
RATE = float(os.environ.get("NN_TUI_MONKEY_RATE", "10"))
"""Acts a second."""
RUNS = 4
"""Long runs, so that memory has time to grow; each begins with as many short ones, which a signal ends."""
SHORT = 1.0
"""Seconds in which a signal comes after a start."""
REST = 20.0
"""Seconds in which notices go and memory is given back."""
MINUTE = 60.0
"""Seconds after which the memory is written down again."""
ENDS = (SIGTERM, SIGHUP, SIGINT, SIGQUIT)
OTHER_KEYS = ["p", "/", "?", "\x1bOP", "\x10", "\x0c", "\x1b[Z", "\x1bs", "\x1b\x1b", "j", "ö", "∂", "\x13", "\x0f"]
BURSTS = [
    "g200\r",
    "g0\rs",
    "kloss < 0.1\r\x1b",
    "pxor\r",
    "p3-4-1\r\x1bs",
    "m\x1bs",
    "2a1.5\r",
    "E\r",
    "\x10step\r",
    "\x10\x1b[6~",
]
REPLIES = [
    "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "\x1b]10;rgb:ffff/ffff/ffff\x07",
    "\x1b[?62;22c",
    "\x1b[>41;377;0c",
    "\x1bP>|XTerm(377)\x1b\\",
    "\x1b[12;40R",
    "\x1b[?2026;2$y",
    "\x1b_Gi=1;OK\x1b\\",
    "\x1b[115;1:3u",
    "\x1b[1114112u",
    "\x1b[48;36;120;0;0t",
    "\x1b[8;36;120t",
    "\x1b[I",
    "\x1b[O",
]

pytestmark = pytest.mark.skipif(not SECONDS, reason="for a run by hand: NN_TUI_MONKEY=1200")


def test_whatever_comes_from_the_terminal_it_lives_and_ends_as_it_should(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random, seen = Random(int(SECONDS * RATE)), Counter[str]()
    monkeypatch.setenv("NN_TUI_PRESETS", str(tmp_path / "presets"))
    for run in range(RUNS):
        for _ in range(RUNS):
            assert_ends_early(tmp_path, random, seen)
        live_long(tmp_path, random, seen, until=monotonic() + SECONDS / RUNS)
        print(f"\nafter {run + 1} of {RUNS} runs: {dict(seen)}", flush=True)
    assert not log_path().exists(), log_path().read_text(encoding="utf-8")


def assert_ends_early(folder: Path, random: Random, seen: Counter[str]) -> None:
    """Start the program, and end it by a signal within a second."""
    number = random.choice(ENDS[:2])  # Python itself answers the others before the program does
    with started(folder, random) as shown:
        wait(shown, random.uniform(0, SHORT))
        if shown.status is None:
            os.kill(shown.pid, number)
        assert shown.wait_for_end() in (128 + number, -number), (shown.status, bytes(shown.output[-2000:]))
        seen[f"early {number.name}"] += 1


def live_long(folder: Path, random: Random, seen: Counter[str], until: float) -> None:
    """Press keys until a time; start anew where one of them ended the program."""
    while monotonic() < until:
        with started(folder, random) as shown:
            wait_for_start(shown)
            largest, said = 0.0, monotonic()
            while monotonic() < until and shown.status is None:
                act(shown, random)
                wait(shown, 1 / RATE)
                if shown.status is None:
                    largest = max(largest, memory(shown.pid))
                    if monotonic() - said > MINUTE:
                        said = monotonic()
                        print(f"\n{memory(shown.pid):.1f} MiB", flush=True)
                tidy(folder)
            late = rest(shown)
            print(f"\nlargest {largest:.0f} MiB, at rest {late:.0f} MiB", flush=True)
            end(shown, random, seen)


def rest(shown: Terminal) -> float:
    """MiB when nothing is asked any more."""
    wait(shown, REST)
    return memory(shown.pid) if shown.status is None else 0.0


def end(shown: Terminal, random: Random, seen: Counter[str]) -> None:
    """End the program by a signal, if no key has done so."""
    number = random.choice(ENDS)
    if shown.status is None:
        os.kill(shown.pid, number)
        assert shown.wait_for_end() == 128 + number, (shown.status, bytes(shown.output[-2000:]))
        seen[f"late {number.name}"] += 1
    else:
        assert shown.status == 0, (shown.status, bytes(shown.output[-2000:]))
        seen["left by a key"] += 1


@contextmanager
def started(folder: Path, random: Random) -> Iterator[Terminal]:
    """The program, which leaves a clean terminal and no traceback."""
    target = random.choice(["", "xor", "3-4-1", "digits", "mazur"])
    # Without stty, ctrl+s stops the output of a terminal that the program has just given back, and nothing ends.
    command = f"cd '{folder}' && stty stop undef && exec '{sys.executable}' -m nn_tui {target}"
    with terminal("sh", "-c", command, columns=120, rows=36) as shown:
        yield shown
        assert b"Traceback" not in shown.output
        assert shown.output.rfind(b"\x1b[?1049l") >= shown.output.rfind(b"\x1b[?1049h")
        assert not log_path().exists(), log_path().read_text(encoding="utf-8")


def wait_for_start(shown: Terminal) -> None:
    """Read until the program has the terminal: before that nobody hears a stop."""
    shown.read_until(lambda: b"\x1b[?2004h" in shown.output, "the start")


def wait(shown: Terminal, seconds: float) -> None:
    """Read for so long."""
    until = monotonic() + seconds
    while (left := until - monotonic()) > 0 and shown.status is None:
        shown.read(left)


def act(shown: Terminal, random: Random) -> None:
    """One thing that comes from a terminal."""
    match random.randrange(24):
        case 0:
            shown.resize(*random.choice(SIZES))
        case 1:
            click(shown, random, 120, 36)
        case 2:
            shown.send(b"\x1b[M" + bytes(random.randrange(32, 256) for _ in range(3)))
        case 3:
            shown.send(bytes(random.randrange(128, 256) for _ in range(random.randint(1, 5))))
        case 4 | 5:
            reply = random.choice(REPLIES) * random.randint(1, 2)
            shown.type(reply[: random.randint(1, len(reply))] if random.random() < 0.3 else reply)
        case 6:
            shown.type(
                random.choice(["\x1b[200~0.5\n\x1b[201~", "\x1b[200~abc", "\x1b[201~", "\x1b[200~" + "x" * 9000])
            )
        case 7:
            stop_and_continue(shown, random)
        case 8 | 9:
            shown.type(random.choice(BURSTS))
        case 10 | 11 | 12:
            shown.type(random.choice(ARROWS))
        case 13 | 14:
            shown.type(random.choice(OTHER_KEYS))
        case _:
            shown.type(random.choice(KEYS))
