"""What the dashboard costs: measured through a real terminal of 120×36 while `xor` trains.

Run with `pytest tests/benchmarks/test_screen.py -n0 -s` on a quiet machine.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import pytest

from nn_tui.presets.user import builtin_folder

from ..helpers.terminal import Terminal

NN_TUI = (sys.executable, "-m", "nn_tui")
SECONDS = 5.0
RUNS, TURNS = 8, 2
LAST_STEP = 300_000
"""The step at which `xor` ends, after a third of a second at full speed."""
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def dashboard() -> Iterator[Terminal]:
    with TemporaryDirectory() as folder:
        endless = Path(folder, "xor.toml")
        text = (builtin_folder() / "xor.toml").read_text("utf-8")
        endless.write_text(text.replace(f"steps = {LAST_STEP}", "steps = 1000000000000"), "utf-8")
        terminal = Terminal(*NN_TUI, str(endless), columns=120, rows=36)
        try:
            terminal.wait_for("inputs")
            yield terminal
        finally:
            terminal.close()


def cpu_seconds(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def watch(terminal: Terminal, seconds: float) -> tuple[float, float]:
    """The share of a core and the bytes a second of a stretch of time."""
    cpu, sent, begin = cpu_seconds(terminal.pid), len(terminal.output), perf_counter()
    while perf_counter() - begin < seconds:
        terminal.read()
    took = perf_counter() - begin
    return (cpu_seconds(terminal.pid) - cpu) / took, (len(terminal.output) - sent) / took


def test_the_screen_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with dashboard() as terminal:
        terminal.type(",,")
        terminal.wait_for("at most 30/s")
        terminal.type(" ")
        terminal.wait_for("running")
        watch(terminal, 1.0)
        share, sent = watch(terminal, SECONDS)
    with capsys.disabled():
        print(f"\nat 30 updates/s: {share:.1%} of a core, {sent / 1000:.1f} KB/s")


def test_flat_out(capsys: pytest.CaptureFixture[str]) -> None:
    with dashboard() as terminal:
        run_flat_out(terminal)
        _, sent = watch(terminal, SECONDS)
        latencies = [latency(terminal, "n") for _ in range(40)]
    p99 = quantiles(latencies, n=100)[98]
    with capsys.disabled():
        print(f"\nflat out: {sent / 1000:.1f} KB/s; key to paint p50 {median(latencies):.0f} ms, p99 {p99:.0f} ms")


def run_flat_out(terminal: Terminal) -> None:
    """Run at full speed, without the slower start."""
    terminal.type(" ")
    terminal.wait_for("running")
    terminal.type(".")
    begun = step(terminal)
    terminal.read_until(lambda: step(terminal) > begun + 10_000, "full speed")


def latency(terminal: Terminal, key: str) -> float:
    """Milliseconds from a key to the example that it shows."""
    shown = example(terminal)
    begin = perf_counter()
    terminal.type(key)
    while example(terminal) == shown:
        assert perf_counter() - begin < 10
        terminal.read()
    return (perf_counter() - begin) * 1000


def example(terminal: Terminal) -> str:
    found = re.search(r"example \d of 4", terminal.text())
    return found.group() if found else ""


def test_updates_beside_a_run_without_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """In many short turns, for a shared machine is now quicker, now slower."""
    ratios = [ratio for _ in range(RUNS) for ratio in turns()]
    low, high = quantiles(ratios, n=4)[::2]
    with capsys.disabled():
        print(
            f"\nupdates/s on the screen: {median(ratios):.0%} of those without one (half of them {low:.0%} to {high:.0%})"
        )


def turns() -> Iterator[float]:
    """Ratios of updates a second on the screen to those without one just before and after, in one run."""
    with dashboard() as terminal:
        before = headless()
        for _ in range(TURNS):
            shown, after = on_screen(terminal), headless()
            yield 2 * shown / (before + after)
            before = after


def headless() -> float:
    train = [*NN_TUI, "train", "xor", "--epochs", "3000000", "--json"]
    rate: float = json.loads(subprocess.run(train, capture_output=True, check=True).stdout)["steps_per_second"]
    return rate


def on_screen(terminal: Terminal) -> float:
    run_flat_out(terminal)
    begin, before = perf_counter(), step(terminal)
    watch(terminal, 1.2)
    end, after = perf_counter(), step(terminal)
    terminal.type(" ")
    terminal.wait_for("paused")
    return (after - before) / (end - begin)


def step(terminal: Terminal) -> int:
    found = re.search(r"step (\d+(?: \d{3})*)", terminal.text().splitlines()[0])
    assert found, terminal.text()
    return int(re.sub(r"\D", "", found.group(1)))
