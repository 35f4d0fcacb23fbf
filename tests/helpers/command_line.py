"""The command line: called within this process, or as a program of its own."""

import io
import subprocess
import sys
import warnings
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner

from nn_tui.tui.command_line import cli
from nn_tui.tui.ending import ending_of
from nn_tui.tui.main import THREADS, main

NN_TUI = str(Path(sys.executable).parent / "nn-tui")


def call(*arguments: str, stdin: str = "", cwd: Path | None = None, **environment: str) -> CompletedProcess[str]:
    """All that the program does, within this process: a program of its own takes a quarter of a second to begin."""
    done = call_with_bytes(*arguments, stdin=stdin.encode(), cwd=cwd, **environment)
    return CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def call_with_bytes(
    *arguments: str, stdin: bytes = b"", cwd: Path | None = None, **environment: str
) -> CompletedProcess[bytes]:
    """The same, with the bytes that it reads and writes."""
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    given, written, told = (io.BytesIO(data) for data in (stdin, b"", b""))
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        for name, stream in (("stdin", given), ("stdout", written), ("stderr", told)):
            patch.setattr(sys, name, io.TextIOWrapper(stream, encoding=encoding, newline="\n"))
        patch.setattr(sys, "argv", ["nn-tui", *arguments])
        if cwd:
            patch.chdir(cwd)
        for name, value in (dict.fromkeys(THREADS, "1") | environment).items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as end:
            main()
        status = end.value.code
        assert isinstance(status, int)
        return CompletedProcess(arguments, status, written.getvalue(), told.getvalue())


def run(*arguments: str, program: tuple[str, ...] = (NN_TUI,)) -> CompletedProcess[str]:
    """What the program does as one of its own."""
    return subprocess.run([*program, *arguments], capture_output=True, text=True, timeout=60)


def invoke(*arguments: str) -> str:
    """What a command writes."""
    done = CliRunner().invoke(cli, arguments, standalone_mode=False, catch_exceptions=False)
    return done.stdout


def refusal(*arguments: str, stdin: str = "") -> tuple[int, str]:
    """The exit status and the line that a command ends with."""
    error = CliRunner().invoke(cli, arguments, standalone_mode=False, input=stdin).exception
    assert error is not None
    return ending_of(error)
