"""A real terminal for a program: a pty, and a screen that can be read."""

import os
import re
import select
import signal
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pyte
import pytest

PATIENCE = 90.0
"""Seconds after which a condition counts as never to come."""
PATIENCE_OF_ESCAPE = 0.5
"""Seconds in which Textual has decided that an escape is no beginning of another key."""
PRIVATE = re.compile(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z]")
"""Sequences that set modes of a terminal; pyte draws some of them as text."""


class Terminal:
    """A program at work in a terminal of so many columns and rows."""

    def __init__(self, *argv: str, columns: int = 80, rows: int = 24) -> None:
        """Start it; skip the test on a system without such terminals."""
        pty = pytest.importorskip("pty")
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.output = bytearray()
        self._drawn = 0
        """How much of the output has been drawn; only who looks waits for that."""
        self.status: int | None = None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            _hear_signals()
            os.execvpe(argv[0], argv, _environment())
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        import fcntl  # here, as Windows has neither
        import termios

        self._draw()
        self._screen.resize(rows, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys: str) -> None:
        """Press these keys."""
        self.send(keys.encode())

    def send(self, data: bytes) -> None:
        """Let the terminal send these bytes; read meanwhile, as a program that cannot write may not read."""
        end = monotonic() + PATIENCE
        while data and self.status is None:
            assert monotonic() < end, f"nobody reads {data!r}:\n{self.text()}"
            if select.select([], [self._fd], [], 0)[1]:
                data = data[os.write(self._fd, data[:256]) :]
            else:
                self.read()

    def text(self) -> str:
        """What can be read on the screen."""
        self._draw()
        return "\n".join(self._screen.display)

    def wait_for(self, text: str) -> None:
        """Read until this text is on the screen."""
        self.read_until(lambda: text in self.text(), text)

    def wait_for_end(self) -> int:
        """Read until the program ends; its exit status."""
        self.read_until(lambda: self.status is not None, "the end")
        assert self.status is not None
        return self.status

    def wipe(self) -> None:
        """Empty the screen behind the program's back, as other programs do."""
        self._draw()
        self._screen.reset()

    def hang_up(self) -> int:
        """Take the terminal away; the exit status of the program.

        A program that stops at the same moment is continued, as the system does with the jobs of a shell that ends.
        """
        os.close(self._fd)
        self._fd = os.open(os.devnull, os.O_RDONLY)
        end = monotonic() + PATIENCE
        while (waited := os.waitpid(self.pid, os.WNOHANG)) == (0, 0):
            assert monotonic() < end, f"it outlived its terminal, in the state {self.state()}"
            select.select([], [], [], 0.05)
            if self.state() == "T":
                os.kill(self.pid, signal.SIGCONT)
        self.status = os.waitstatus_to_exitcode(waited[1])
        return self.status

    def state(self) -> str:
        """The letter for what the process does: T where it is stopped."""
        return Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]

    def close(self) -> None:
        """End the program if it still runs."""
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    def read_until(self, condition: Callable[[], bool], what: str) -> None:
        """Read until something has come about."""
        end = monotonic() + PATIENCE
        while not condition():
            assert monotonic() < end and self.status is None, f"{what!r} did not come:\n{self.text()}"
            self.read()

    def settle(self) -> None:
        """Read for as long as an escape waits for what may follow it."""
        end = monotonic() + PATIENCE_OF_ESCAPE
        while monotonic() < end and self.status is None:
            self.read()

    def read(self, patience: float = 0.1) -> None:
        """Take what has come, or wait so many seconds for something; nothing comes after the end."""
        if self.status is not None or not select.select([self._fd], [], [], patience)[0]:
            return
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            data = b""
        if not data:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.output += data

    def _draw(self) -> None:
        data, self._drawn = bytes(self.output[self._drawn :]), len(self.output)
        self._stream.feed(PRIVATE.sub(b"", data))


def _hear_signals() -> None:
    """Ignore none of the signals that end a program: a shell lets what it starts in the background ignore some."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _environment() -> dict[str, str]:
    """This process's, without a fixed size, which would outdo the terminal's own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    return {**kept, "TERM": "xterm-256color", "LANG": "C.UTF-8"}


@contextmanager
def terminal(*argv: str, columns: int = 80, rows: int = 24) -> Iterator[Terminal]:
    """A program in a terminal, ended at the end."""
    opened = Terminal(*argv, columns=columns, rows=rows)
    try:
        yield opened
    finally:
        opened.close()


LEFT_CLEAN = {"alternate screen": b"\x1b[?1049l", "cursor": b"\x1b[?25h", "mouse": b"\x1b[?1000l"}


def assert_clean(of: Terminal) -> None:
    for name, sequence in LEFT_CLEAN.items():
        on = sequence[:-1] + (b"l" if sequence.endswith(b"h") else b"h")
        assert of.output.rfind(sequence) > of.output.rfind(on), (name, of.status, bytes(of.output[-1000:]))


def last_words(of: Terminal) -> str:
    """What is written behind the screen that was left, without sequences."""
    return re.sub(r"\x1b\[[?0-9]*[a-z]", "", bytes(of.output).rpartition(b"\x1b[?1004l")[2].decode())
