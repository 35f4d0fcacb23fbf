"""How long the start takes, beside a Textual app that shows one line.

Run with `pytest tests/benchmarks/test_start.py -n0 -s` on a quiet machine.
"""

import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from ..helpers.terminal import terminal

PAIRS = 15
EMPTY = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("nothing else")

Empty().run()
"""


def seconds_until(texts: tuple[str, ...], *argv: str) -> list[float]:
    """From the start of a program to each of these texts."""
    found: dict[str, float] = {}
    begin = perf_counter()
    with terminal(sys.executable, *argv, columns=120, rows=36) as shown:
        while len(found) < len(texts):
            shown.read()
            now = perf_counter() - begin
            found |= {text: now for text in texts if text not in found and text.encode() in shown.output}
    return [found[text] for text in texts]


def test_the_start_beside_an_empty_app(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # As installed: without it each start may compile our own files, and none of Textual's.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "compiled"))
    (tmp_path / "empty.py").write_text(EMPTY, encoding="utf-8")
    pairs = [
        (
            seconds_until(("nothing else",), str(tmp_path / "empty.py")),
            seconds_until(("opening", "inputs"), "-m", "nn_tui", "xor"),
            seconds_until(("Start here",), "-m", "nn_tui"),
        )
        for _ in range(PAIRS + 1)
    ][1:]  # the first one compiles
    first, whole = (median(own[n] / empty[0] for empty, own, _ in pairs) for n in (0, 1))
    presets = median(listed[0] / empty[0] for empty, _, listed in pairs)
    with capsys.disabled():
        print(f"\nfirst paint {first:.2f} × an empty Textual app, the whole dashboard {whole:.2f} ×, ", end="")
        print(f"the list of presets {presets:.2f} ×")
