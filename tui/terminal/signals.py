"""Signals: those that end the program, on each system."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from textual.app import App

T = TypeVar("T")

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""The signals: Windows has no SIGHUP and no SIGQUIT, and sends SIGBREAK when its window closes."""
ENDING = tuple(signal.Signals[name] for name in NAMES if hasattr(signal, name))
RAISING = (signal.SIG_DFL, signal.default_int_handler)
"""The default handlers of a signal."""
HAS_JOB_CONTROL = hasattr(signal, "SIGTSTP")
"""Whether a program can be stopped and continued from a shell."""


def end_on_signals(loop: asyncio.AbstractEventLoop, end: Callable[[int], object]) -> Callable[[], None]:
    """Call `end` with the exit status of a signal; an ignored signal, as under nohup, stays ignored.

    The handlers of asyncio would restore the default of SIGINT at the end, and Python can wait for itself for good
    while the pipe into which it then writes each signal is full, as when ctrl+c is held down.

    Returns:
        What restores the previous handlers.
    """

    def came(number: int, _: object) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(end, 128 + number)

    before = {number: handler for number in ENDING if (handler := signal.getsignal(number)) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, came)
    return lambda: _restore(before)


def run_app(app: "App[T]") -> T | None:
    """Run an app; a ctrl+c that comes while it ends, as somebody may press it twice, does nothing."""
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: None)  # the app puts its own handler over it for as long as it runs
    result = app.run()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Python would restore the default when it ends
    return result


class EndingSignals:
    """The signals that end a command: each raises immediately, or after a block that must not be interrupted."""

    def __init__(self) -> None:
        self._came: int | None = None
        self._is_held = False
        handlers = {number: signal.getsignal(number) for number in ENDING}
        self._before = {number: each for number, each in handlers.items() if each in RAISING}

    def handle(self) -> None:
        """Raise SystemExit with the status of a signal, or KeyboardInterrupt; an ignored signal stays ignored."""
        for number in self._before:
            signal.signal(number, self._end)

    def restore(self) -> None:
        """Restore the previous handlers."""
        _restore(self._before)

    def ignore(self) -> None:
        """Ignore all of them, so that the last work can finish."""
        for number in self._before:
            signal.signal(number, signal.SIG_IGN)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Delay signals until the end of the block."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
        if self._came is not None:
            self._end(self._came, None)

    def _end(self, number: int, frame: object) -> None:
        if self._is_held:
            self._came = number
        elif number == signal.SIGINT:
            raise KeyboardInterrupt
        else:
            raise SystemExit(128 + number)


@contextmanager
def exits_on_signals() -> Iterator[EndingSignals]:
    """Raise an exception for a signal that would end the program, within the block."""
    signals = EndingSignals()
    signals.handle()
    try:
        yield signals
    finally:
        signals.restore()


def _restore(handlers: dict[signal.Signals, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
