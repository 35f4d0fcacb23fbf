"""Monkeys at a terminal: the keys that they press, and what they do beside that."""

import os
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGTSTP, SIGWINCH

from .terminal import Terminal

KEYS = [*"ssffbbeegxxcamktoOlnN0123456+-<<>>(()).,dzZhyvwECPAK []", *(["\r", "\t", "\x1b", "\x7f"] * 2)]
DOWN = "\x1b[B"
ARROWS = ["\x1b[A", DOWN, "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[5~", "\x1b[6~"]
SIZES = [(80, 24), (120, 36), (200, 60), (60, 20)]


def memory(pid: int) -> float:
    """MiB that a process holds."""
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def click(shown: Terminal, random: Random, columns: int, rows: int) -> None:
    """Press and release the mouse somewhere."""
    column, row = random.randint(1, columns), random.randint(1, rows)
    shown.type(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")


def stop_and_continue(shown: Terminal, random: Random) -> None:
    """Send a signal that ends nothing; what it stops goes on."""
    number = random.choice([SIGTSTP, SIGCONT, SIGWINCH])
    os.kill(shown.pid, number)
    if number == SIGTSTP:
        shown.read_until(lambda: shown.status is not None or shown.state() == "T", "the stop")
    if shown.status is None:
        os.kill(shown.pid, SIGCONT)


def tidy(folder: Path) -> None:
    """What was saved by hand would fill the disk in an hour."""
    for file in filter(Path.is_file, folder.iterdir()):
        file.unlink()
