"""The command line: called as a program, or within this process."""

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from nn_tui.tui.command_line import cli
from nn_tui.tui.ending import ending_of

NN_TUI = str(Path(sys.executable).parent / "nn-tui")


def call(
    *arguments: str, program: tuple[str, ...] = (NN_TUI,), stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*program, *arguments], capture_output=True, text=True, timeout=60, input=stdin)


def invoke(*arguments: str) -> str:
    """What a command writes."""
    done = CliRunner().invoke(cli, arguments, standalone_mode=False, catch_exceptions=False)
    return done.stdout


def refusal(*arguments: str) -> tuple[int, str]:
    """The exit status and the line that a command ends with."""
    error = CliRunner().invoke(cli, arguments, standalone_mode=False).exception
    assert error is not None
    return ending_of(error)
