"""The driver: Textual's own, with filtered input, and an end when its terminal closes."""

import os
import selectors
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from signal import SIGHUP, SIGSTOP
from time import monotonic
from typing import Any, NoReturn, TextIO

from textual import constants
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste, Resize
from textual.geometry import Size
from textual.message import Message

from .input_filter import ESCAPE_KEY, Pasted, TerminalInput, Token

LOOK = 0.5
"""Seconds between two checks of the terminal and its size."""
GONE = 128 + SIGHUP
PACKET = 4096
"""The most bytes of one read."""
PATIENCE = 0.1
"""Seconds until the input thread checks whether it should end."""


class TerminalDriver(LinuxDriver):
    """Input from a terminal and output to it, while it exists."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        """Drive an app."""
        super().__init__(app, **options)
        assert self._file
        self._file = Output(self._file, self._end)  # type: ignore[assignment]  # it has all the methods that are used
        self._look()

    def _look(self) -> None:
        """End when the terminal closes, because Textual would read its end in a loop."""
        if self._is_gone:
            self._end()
        else:
            self._see_size()
            self._loop.call_later(LOOK, self._look)

    @property
    def _is_gone(self) -> bool:
        """Whether there was a terminal that is closed now."""
        return self.input_tty and not os.isatty(self.fileno)

    def _see_size(self) -> None:
        """Follow the terminal's size: the kernel reports a new size a little earlier than it returns it."""
        size = Size(*self._get_terminal_size())
        if size != self._app.size and not self._in_band_window_resize:
            self.send_message(Resize(size, size))

    def _run_input_thread(self) -> None:
        """Read the input; an error ends the program like any other, where Textual would print a page."""
        try:
            self.run_input_thread()
        except BaseException as error:
            self._app.call_later(_fail, error)

    def run_input_thread(self) -> None:
        """Read bytes until the program ends, and send their events."""
        filtered, parser = TerminalInput(constants.ESCAPE_DELAY), XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                wait = PATIENCE if filtered.deadline is None else filtered.deadline - monotonic()
                data = self._read() if selector.select(min(max(wait, 0), PATIENCE)) else b""
                for token in filtered.feed(data, monotonic()) if data else filtered.tick(monotonic()):
                    for message in messages(token, parser):
                        self.process_message(message)

    def _read(self) -> bytes:
        """The available bytes; empty after a while if the terminal is closed."""
        with suppress(OSError):
            if data := os.read(self.fileno, PACKET):
                return data
        self.exit_event.wait(PATIENCE)
        return b""

    def write(self, data: str) -> None:
        """Write, unless the writer thread has ended, as while suspended: waiting for it would never end."""
        if self._writer_thread and self._writer_thread.is_alive():
            super().write(data)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(partial(self._app.exit, return_code=GONE))

    def _sigtstp_application(self, *_: object) -> None:
        """Stop between two callbacks: within one, it would wait for locks that the interrupted code holds."""
        self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        """Leave the screen and stop, unless the terminal closes meanwhile: then nothing would continue the program."""
        if not self._must_signal_resume:  # a second stop may come before the first one is processed
            self.suspend_application_mode()
            self._must_signal_resume = True
        if not self._is_gone:
            os.kill(os.getpid(), SIGSTOP)

    def _sigcont_application(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._go_on)

    def _go_on(self) -> None:
        """Continue after a stop; without a stop, only draw again: Textual would read keys in a second thread."""
        if self._must_signal_resume:
            super()._sigcont_application()
        else:
            self.send_message(self.SignalResume())


def messages(token: Token, parser: XTermParser) -> Iterator[Message]:
    """The Textual events of a token of the input."""
    match token:
        case Pasted():
            yield Paste(token.text)
        case "\x1b":  # the parser would wait for more
            yield Key("escape", ESCAPE_KEY)
        case _:
            yield from parser.feed(token)


def _fail(error: BaseException) -> NoReturn:
    """Raise an error of another thread where the app ends with one line."""
    raise error


class Output:
    """A file for all output; text that cannot be written is dropped and reported."""

    def __init__(self, file: TextIO, on_gone: Callable[[], None]) -> None:
        """Write to a file.

        Args:
            file: the destination. Without a buffer, as with `python -u`, pending output would be lost when a signal
                comes, so it gets a buffer here.
            on_gone: called whenever writing fails.
        """
        self._file = open(file.fileno(), "w", encoding=file.encoding, errors=file.errors, closefd=False)
        self._on_gone = on_gone

    def write(self, text: str) -> None:
        """Write, if possible."""
        try:
            self._file.write(text)
        except OSError:
            self._on_gone()

    def flush(self) -> None:
        """Flush, if possible."""
        try:
            self._file.flush()
        except OSError:
            self._on_gone()

    def fileno(self) -> int:
        """The number of the file."""
        return self._file.fileno()
