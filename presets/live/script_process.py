"""A script in its own process, whose output goes to a file, so that it can print even after nn-tui ends."""

import os
import re
import signal
import subprocess
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Event, Thread

EVERY = 0.05
"""Seconds between two checks for output."""
ENDS = re.compile(r"\r\n|\n|\r")
"""The ends of lines; a progress bar overwrites its line."""
MOST = 1_000_000
"""Bytes of output that are read at a time."""


def interpreter() -> str:
    """The Python that runs scripts: that of the active virtual environment, or else nn-tui's own."""
    if folder := os.environ.get("VIRTUAL_ENV"):
        names = ("Scripts/python.exe",) if sys.platform == "win32" else ("bin/python",)
        for name in names:
            if (found := Path(folder) / name).exists():
                return str(found)
    return sys.executable


class ScriptProcess:
    """A process, and its output."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it; Ctrl+C in the terminal does not reach it.

        Raises:
            OSError: there is no such program.
        """
        self._file = NamedTemporaryFile("wb", prefix="nn-tui-", suffix=".out", delete=False)
        self._read = open(self._file.name, "rb")  # noqa: SIM115
        with suppress(OSError):  # Windows keeps a file that is open
            Path(self._file.name).unlink()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
            start_new_session=True,
        )
        self._file.close()
        self._rest = ""
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._is_followed = Event()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status as a shell has it; None while it runs."""
        status = self._process.poll()
        return status if status is None or status >= 0 else 128 - status

    def follow(self, take: Callable[..., None], end: Callable[[int], None]) -> None:
        """Pass on lines as they come, and at the end the exit status, in a thread of its own."""
        Thread(target=self._follow, args=(take, end), name="output", daemon=True).start()

    def leave(self) -> None:
        """Pass on nothing more."""
        self._is_followed.set()

    def pass_on(self, write: Callable[[bytes], object]) -> int:
        """Write its output from now on until it ends, and return the exit status."""
        self.leave()
        while True:
            status = self.status  # before the last check, so that nothing is lost
            while data := self._read.read(MOST):
                write(data)
            if status is not None:
                return status
            self.wait(EVERY)

    def wait(self, seconds: float) -> None:
        """Wait for its end, for at most this many seconds."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def interrupt(self) -> None:
        """Interrupt it, as Ctrl+C does."""
        with suppress(OSError):
            self._process.send_signal(signal.SIGINT)

    def end(self, patience: float = 5.0) -> int:
        """Interrupt it, kill it after some seconds, and return the exit status."""
        self.leave()
        if self.status is None:
            self.interrupt()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        return self.status or 0

    def _follow(self, take: Callable[..., None], end: Callable[[int], None]) -> None:
        while not self._is_followed.is_set():
            status = self.status
            self._take(take, is_last=status is not None)
            if status is not None:
                end(status)
                return
            self._is_followed.wait(EVERY)

    def _take(self, take: Callable[..., None], *, is_last: bool) -> None:
        while data := self._read.read(MOST):
            *lines, self._rest = ENDS.split(self._rest + self._decode(data))
            if lines:
                take(*lines)
        if is_last and self._rest:
            take(self._rest)
